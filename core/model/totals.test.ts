import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Decimal, decimalTextOf, sum } from "#core/lib/decimal.ts";
import { NewLine } from "./invoice-input.ts";
import { linesFrom } from "./lines.ts";
import { documentSums, invoiceTotals } from "./totals.ts";
import type { DocumentExtensions } from "./ubl-extensions.ts";
import "../../tests/same-cases.ts";

const rules = {
  documentType: "invoice" as const,
  defaultVat: { category: "S" as const, rate: decimalTextOf(21) },
};
const linesOf = (...written: object[]) =>
  linesFrom(
    written.map((line) => NewLine.parse({ description: "x", quantity: 1, unitPrice: 1, ...line })),
    rules,
  );

describe("lines", () => {
  it.each([
    [{ quantity: 10, unitPrice: 150 }, "1500", "315"],
    [{ quantity: 2, unitPrice: 10, vatRate: 19 }, "20", "3.8"],
    [{ quantity: -2, unitPrice: 10 }, "-20", "-4.2"],
    [{ quantity: 3, unitPrice: "0.335" }, "1.01", "0.21"],
    [{ quantity: 1, unitPrice: 121, vatIncluded: true }, "100", "21"],
    [{ quantity: 1, unitPrice: 100, vatIncluded: true }, "82.64", "17.36"],
    [{ quantity: 10, unitPrice: 150, discount: 100 }, "1400", "294"],
    [{ quantity: 10, unitPrice: 150, discountPercent: 10 }, "1350", "283.5"],
    [{ quantity: 10, unitPrice: 150, discount: 0, discountPercent: 10 }, "1500", "315"],
    [{ quantity: -10, unitPrice: 150, discountPercent: 10 }, "-1350", "-283.5"],
    [{ quantity: 1, unitPrice: "0.123456" }, "0.12", "0.03"],
  ])("%j has net %s and VAT %s", (line, net, vat) =>
    expect(linesOf(line)[0]).toMatchObject({ lineTotal: net, vatAmount: vat }),
  );

  it("add their own allowances and charges to the net", () => {
    const allowanceCharges = [
      { chargeIndicator: false, amount: 10 },
      { chargeIndicator: true, amount: "2.5" },
    ];
    expect(linesOf({ unitPrice: 100, ublExtensions: { allowanceCharges } })[0]).toMatchObject({
      lineTotal: "92.5",
    });
  });

  it("of a credit note written with positive quantities are turned, mixed ones are left alone", () => {
    const line = NewLine.parse({ description: "x", quantity: 2, unitPrice: 10, discount: 5 });
    const credit = { ...rules, documentType: "credit_note" as const };
    expect(linesFrom([line], credit)[0]).toMatchObject({ quantity: "-2", discount: "-5", lineTotal: "-15" });
    const back = NewLine.parse({ description: "y", quantity: -1, unitPrice: 10 });
    expect(linesFrom([line, back], credit).map((one) => one.quantity)).toEqual(["2", "-1"]);
  });

  it("take rate and category from the VAT rate they name", () => {
    const vatRateId = "0195f000-0000-7000-8000-000000000001";
    const line = NewLine.parse({ description: "x", quantity: 1, unitPrice: 1, vatRate: 21, vatRateId });
    const vatById = () => ({ category: "S" as const, rate: decimalTextOf(11) });
    expect(linesFrom([line], { ...rules, vatById })[0]?.vatRate).toBe("11");
    expect(linesFrom([line], rules)[0]?.vatRate).toBe("21");
  });
});

describe("document sums", () => {
  it("tax the sum of a rate, not each line", () => {
    const lines = linesOf(...Array.from({ length: 3 }, () => ({ unitPrice: "0.10" })));
    expect(lines.map((line) => line.vatAmount)).toEqual(["0.02", "0.02", "0.02"]);
    expect(invoiceTotals({ lines, ublExtensions: null })).toMatchObject({ vatTotal: "0.06", total: "0.36" });
    const five = linesOf(...Array.from({ length: 5 }, () => ({ unitPrice: "0.12" })));
    expect(sum(five.map((line) => line.vatAmount)).text()).toBe("0.15");
    expect(invoiceTotals({ lines: five, ublExtensions: null }).vatTotal).toBe("0.13");
  });

  it("count allowances, charges and what was prepaid", () => {
    const entry = { taxCategoryCode: "S", taxRate: decimalTextOf(19) } as const;
    const extensions: DocumentExtensions = {
      allowanceCharges: [{ ...entry, chargeIndicator: false, amount: decimalTextOf(100) }],
      prepaidAmount: decimalTextOf(71),
    };
    const sums = documentSums(linesOf({ unitPrice: 1000, vatRate: 19 }), extensions);
    expect(sums.taxExclusive.text()).toBe("900");
    expect(sums.vatTotal.text()).toBe("171");
    expect(sums.taxInclusive.text()).toBe("1071");
    expect(sums.payable.text()).toBe("1000");
  });

  it("let a price that includes VAT be paid as agreed, by a rounding beside the exact VAT", () => {
    const sums = documentSums(linesOf({ unitPrice: 100, vatIncluded: true }), null);
    expect([sums.vatTotal.text(), sums.taxInclusive.text(), sums.payable.text()]).toEqual([
      "17.35",
      "99.99",
      "100",
    ]);
    const back = documentSums(linesOf({ quantity: -1, unitPrice: 100, vatIncluded: true }), null);
    expect(back.payable.plus(sums.payable).isZero).toBe(true);
    expect(
      documentSums(linesOf({ unitPrice: 100, vatIncluded: true }, { unitPrice: 1 }), null).rounding.text(),
    ).toBe("0");
    expect(documentSums(linesOf({ unitPrice: 100 }), null).rounding.text()).toBe("0");
  });

  it("give each untaxed category its reason, and none to taxed ones", () => {
    const groups = (line: object) => documentSums(linesOf(line), null).groups[0];
    expect(groups({ vatCategoryCode: "AE" })).toMatchObject({ exemptionReasonCode: "VATEX-EU-AE" });
    expect(groups({ vatCategoryCode: "E" })).toMatchObject({
      exemptionReasonCode: null,
      exemptionReason: "Scutit de TVA",
    });
    expect(groups({ vatCategoryCode: "E", exemptionReasonCode: "VATEX-EU-132-1I" })).toMatchObject({
      exemptionReasonCode: "VATEX-EU-132-1I",
    });
    expect(groups({ exemptionReason: "nonsense" })).toMatchObject({ exemptionReason: null });
  });

  it("always agree with each other, whatever the lines", () => {
    const line = fc.record({
      quantity: fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => `${n || 1}e-3`),
      unitPrice: fc.integer({ min: 0, max: 10_000_000 }).map((n) => `${n}e-4`),
      vatRate: fc.constantFrom(0, 11, 19, 21),
      vatIncluded: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (written) => {
        const lines = linesOf(...written);
        const sums = documentSums(lines, null);
        expect(sums.groups.reduce((total, group) => total.plus(group.taxable), Decimal.zero).text()).toBe(
          sums.lineTotal.text(),
        );
        expect(sums.taxInclusive.minus(sums.vatTotal).text()).toBe(sums.lineTotal.text());
        for (const group of sums.groups)
          expect(group.taxable.times(group.rate).dividedBy(100, 2).text()).toBe(group.tax.text());
      }),
    );
  });
});
