import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseInvoice } from "#core/formats/received/parse.ts";
import { writeUbl } from "#core/formats/ubl/index.ts";
import { Decimal, sum } from "#core/lib/decimal.ts";
import { child, children, descend, parseXml, root, text } from "#core/lib/xml/index.ts";
import { judge } from "#core/rules/index.ts";
import { documentSums } from "#core/model/totals.ts";
import { reversalOf } from "#core/model/storno.ts";
import { anyDocument } from "./generator.ts";
import { schemaErrors } from "./schemas.ts";
import "../same-cases.ts";

const RUNS = { numRuns: 150 };

/** Amounts of a written document, read by name without our own parser of invoices. */
function amountsOf(bytes: Uint8Array) {
  const doc = parseXml(bytes);
  const top = root(doc);
  const amount = (from: number | undefined, ...path: string[]) =>
    Decimal.from(text(doc, descend(doc, from, ...path)) ?? "0");
  const lines = [...children(doc, top, "InvoiceLine"), ...children(doc, top, "CreditNoteLine")];
  return {
    doc,
    top,
    amount,
    lines,
    sums: child(doc, top, "LegalMonetaryTotal"),
    tax: child(doc, top, "TaxTotal"),
  };
}

describe("every document the API can issue, written as UBL", () => {
  it("is valid by the UBL 2.1 schema", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(schemaErrors(writeUbl(document))).toBeUndefined();
      }),
      RUNS,
    );
  });

  it("breaks no official rule", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(judge(writeUbl(document), "ro")).toMatchObject({ xsd: "ok", rules: [] });
      }),
      RUNS,
    );
  });

  it("adds up: lines to total (BR-CO-10, 13, 15, 16), breakdown to VAT (BR-CO-14, 17), price to line", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const { doc, top, amount, lines, sums, tax } = amountsOf(writeUbl(document));
        const total = (name: string) => amount(sums, name);
        const net = sum(lines.map((line) => amount(line, "LineExtensionAmount")));
        expect(total("LineExtensionAmount").text()).toBe(net.text());
        const exclusive = net.minus(total("AllowanceTotalAmount")).plus(total("ChargeTotalAmount"));
        expect(total("TaxExclusiveAmount").text()).toBe(exclusive.text());
        expect(total("TaxInclusiveAmount").text()).toBe(exclusive.plus(amount(tax, "TaxAmount")).text());
        const payable = total("TaxInclusiveAmount")
          .minus(total("PrepaidAmount"))
          .plus(total("PayableRoundingAmount"));
        expect(total("PayableAmount").text()).toBe(payable.text());

        const groups = children(doc, tax!, "TaxSubtotal");
        expect(amount(tax, "TaxAmount").text()).toBe(
          sum(groups.map((group) => amount(group, "TaxAmount"))).text(),
        );
        for (const group of groups) {
          const exact = amount(group, "TaxableAmount")
            .times(amount(group, "TaxCategory", "Percent"))
            .dividedBy(100, 2);
          expect(amount(group, "TaxAmount").text()).toBe(exact.text());
        }
        for (const line of lines) {
          const quantity = amount(
            line,
            child(doc, line, "InvoicedQuantity") ? "InvoicedQuantity" : "CreditedQuantity",
          );
          const entries = children(doc, line, "AllowanceCharge").map((entry) => {
            const value = amount(entry, "Amount");
            return text(doc, child(doc, entry, "ChargeIndicator")) === "true" ? value : value.negated();
          });
          const price = amount(line, "Price", "PriceAmount");
          expect(price.sign).toBeGreaterThanOrEqual(0);
          expect(quantity.times(price).round(2).plus(sum(entries)).text()).toBe(
            amount(line, "LineExtensionAmount").text(),
          );
        }
        expect(children(doc, top, "Note").length).toBeLessThanOrEqual(20);
      }),
      RUNS,
    );
  });

  it("says what the stored totals say, and reads back as them", () => {
    // A credit note that adds instead of crediting is refused before it is issued.
    const issuable = anyDocument.filter(
      ({ invoice }) => invoice.documentType === "invoice" || Decimal.from(invoice.total).sign < 0,
    );
    fc.assert(
      fc.property(issuable, (document) => {
        const { subtotal, vatTotal, total, payable } = document.invoice;
        expect(parseInvoice(writeUbl(document)).totals).toMatchObject({ subtotal, vatTotal, total, payable });
      }),
      RUNS,
    );
  });

  it("nets every VAT rate to exactly zero with its reversal", () => {
    fc.assert(
      fc.property(anyDocument, ({ invoice }) => {
        const reversal = reversalOf(invoice, "2026-03-20");
        const there = documentSums(invoice.lines, invoice.ublExtensions);
        const back = documentSums(reversal.lines, reversal.ublExtensions);
        expect(
          back.groups.map((group) => [
            group.category,
            group.tax.negated().text(),
            group.taxable.negated().text(),
          ]),
        ).toEqual(there.groups.map((group) => [group.category, group.tax.text(), group.taxable.text()]));
        expect(Decimal.from(reversal.total).plus(invoice.total).isZero).toBe(true);
      }),
      RUNS,
    );
  });
});
