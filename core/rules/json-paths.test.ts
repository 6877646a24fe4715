import { describe, expect, it } from "vitest";
import { judge, withJsonPaths } from "./index.ts";
import { jsonPathOf } from "./json-paths.ts";
import { documentWith } from "../../tests/conformance/base.ts";
import { set } from "../../tests/conformance/tree.ts";

describe("JSON paths", () => {
  it.each([
    ["/Invoice/cac:InvoiceLine[3]/cac:Item/cac:ClassifiedTaxCategory/cbc:Percent", "lines[2].vatRate"],
    ["/Invoice/cac:InvoiceLine/cbc:InvoicedQuantity/@unitCode", "lines[0].unitOfMeasure"],
    ["/CreditNote/cac:CreditNoteLine[2]/cac:Price/cbc:PriceAmount", "lines[1].unitPrice"],
    ["/Invoice/cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cbc:CityName", "client.city"],
    ["/Invoice/cac:AccountingSupplierParty/cac:Party/cac:Something", "company"],
    ["/Invoice/cac:AllowanceCharge[2]/cbc:Amount", "ublExtensions.allowanceCharges[1].amount"],
    ["/Invoice/cbc:Note[4]", "notes"],
    ["/Invoice", null],
    ["/Invoice/cbc:UUID", null],
  ])("%s comes from %s", (location, path) => {
    expect(jsonPathOf(location)).toBe(path);
  });

  it("are given to findings and leave them otherwise alone", () => {
    const { findings } = judge(
      documentWith(set("cac:InvoiceLine[2]/cac:Item/cac:ClassifiedTaxCategory/cbc:Percent", "0")),
      "ro",
    );
    const finding = withJsonPaths(findings).find(({ ruleId }) => ruleId === "BR-S-05");
    expect(finding).toMatchObject({ path: "lines[1].vatRate", severity: "fatal" });
    expect(findings.every(({ path }) => path === null)).toBe(true);
  });
});
