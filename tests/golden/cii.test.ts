import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeCii } from "#core/formats/cii/write.ts";
import { parseInvoice } from "#core/formats/received/parse.ts";
import { Decimal, sum } from "#core/lib/decimal.ts";
import { children, descend, parseXml, root, text } from "#core/lib/xml/index.ts";
import { hasOrders, orderFaults } from "./cii-orders.ts";
import { DOCUMENTS } from "./documents.ts";
import { anyDocument } from "./generator.ts";
import "../same-cases.ts";

const RUNS = { numRuns: 100 };

describe("documents a Romanian company issues, as Cross Industry Invoices", () => {
  it.each(Object.entries(DOCUMENTS))("%s reads back as what was written", (_name, document) => {
    const { invoice, seller, buyer, parent } = document;
    const read = parseInvoice(writeCii(document));
    expect(read).toMatchObject({
      documentType: invoice.documentType,
      number: invoice.number,
      issueDate: invoice.issueDate,
      customizationId: "urn:cen.eu:en16931:2017",
      parent,
    });
    const { subtotal, vatTotal, total, payable } = invoice;
    expect(read.totals).toMatchObject({ subtotal, vatTotal, total, payable });
    const figures = ({
      lineTotal,
      quantity,
      vatRate,
      vatCategoryCode,
      unitOfMeasure,
    }: (typeof invoice.lines)[number]) => ({
      lineTotal,
      quantity,
      vatRate,
      vatCategoryCode,
      unitOfMeasure,
    });
    expect(read.lines.map(figures)).toEqual(invoice.lines.map(figures));
    expect(read.supplier).toMatchObject({ name: seller.name, cif: seller.cif, address: seller.address });
    expect(read.supplier).toMatchObject({
      registrationNumber: seller.registrationNumber,
      email: seller.email,
    });
    expect(read.buyer).toMatchObject({ name: buyer.name, country: buyer.country });
    const { dueDate, currency, orderNumber, contractNumber, projectReference, taxPointDate } = invoice;
    expect(read.header).toMatchObject({ dueDate, currency, orderNumber, contractNumber });
    expect(read.header).toMatchObject({ projectReference, taxPointDate });
    expect(read.header.ublExtensions?.delivery?.actualDeliveryDate).toBe(
      invoice.ublExtensions?.delivery?.actualDeliveryDate,
    );
  });

  it("states the VAT in lei beside the VAT in euro, and only there a currency", () => {
    const written = Buffer.from(writeCii(DOCUMENTS["380-euro"]!)).toString("utf8");
    expect(written.match(/currencyID="[A-Z]+"/g)).toEqual(['currencyID="EUR"', 'currencyID="RON"']);
    expect(parseInvoice(written).header.exchangeRate).toBe("5.0911");
  });

  it("names the register of a French buyer's number", () => {
    const document = DOCUMENTS["380-euro"]!;
    const buyerWith = (registrationNumber: string) =>
      Buffer.from(
        writeCii({ ...document, buyer: { ...document.buyer, country: "FR", registrationNumber } }),
      ).toString("utf8");
    expect(buyerWith("732 829 320 00074")).toContain('<ram:ID schemeID="0009">73282932000074</ram:ID>');
    expect(buyerWith("732829320")).toContain('<ram:ID schemeID="0002">732829320</ram:ID>');
    expect(buyerWith("RCS Paris 732829320")).toContain("<ram:ID>RCS Paris 732829320</ram:ID>");
  });
});

/** Amounts of a written document, read by name without our own parser of invoices. */
function amountsOf(bytes: Uint8Array) {
  const doc = parseXml(bytes);
  const transaction = descend(doc, root(doc), "SupplyChainTradeTransaction");
  const settlement = descend(doc, transaction, "ApplicableHeaderTradeSettlement");
  const at = (from: number | undefined, ...path: string[]) => text(doc, descend(doc, from, ...path));
  const amount = (from: number | undefined, ...path: string[]) => Decimal.from(at(from, ...path) ?? "0");
  const sums = descend(doc, settlement, "SpecifiedTradeSettlementHeaderMonetarySummation");
  const all = (from: number | undefined, name: string) =>
    from === undefined ? [] : children(doc, from, name);
  const entries = (from: number | undefined) =>
    sum(
      all(from, "SpecifiedTradeAllowanceCharge").map((entry) =>
        amount(entry, "ActualAmount").times(at(entry, "ChargeIndicator", "Indicator") === "true" ? 1 : -1),
      ),
    );
  return { doc, transaction, settlement, at, amount, sums, all, entries };
}

describe("every document the API can issue, written as a Cross Industry Invoice", () => {
  it("adds up: lines to total (BR-CO-10, 13, 15, 16), breakdown to VAT (BR-CO-14, BR-S-08), price to line", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const { transaction, settlement, at, amount, sums, all, entries } = amountsOf(writeCii(document));
        const total = (name: string) => amount(sums, name);
        const lines = all(transaction, "IncludedSupplyChainTradeLineItem");
        const netOf = (line: number) =>
          amount(
            line,
            "SpecifiedLineTradeSettlement",
            "SpecifiedTradeSettlementLineMonetarySummation",
            "LineTotalAmount",
          );
        expect(total("LineTotalAmount").text()).toBe(sum(lines.map(netOf)).text());
        const exclusive = total("LineTotalAmount").plus(entries(settlement));
        expect(total("TaxBasisTotalAmount").text()).toBe(exclusive.text());
        expect(entries(settlement).text()).toBe(
          total("ChargeTotalAmount").minus(total("AllowanceTotalAmount")).text(),
        );
        expect(total("GrandTotalAmount").text()).toBe(exclusive.plus(amount(sums, "TaxTotalAmount")).text());
        expect(total("DuePayableAmount").text()).toBe(
          total("GrandTotalAmount").minus(total("TotalPrepaidAmount")).plus(total("RoundingAmount")).text(),
        );
        const groups = all(settlement, "ApplicableTradeTax");
        expect(sum(groups.map((group) => amount(group, "CalculatedAmount"))).text()).toBe(
          amount(sums, "TaxTotalAmount").text(),
        );
        expect(sum(groups.map((group) => amount(group, "BasisAmount"))).text()).toBe(exclusive.text());
        for (const group of groups) {
          const exact = amount(group, "BasisAmount").times(amount(group, "RateApplicablePercent"));
          expect(amount(group, "CalculatedAmount").text()).toBe(exact.dividedBy(100, 2).text());
        }
        for (const line of lines) {
          const price = amount(
            line,
            "SpecifiedLineTradeAgreement",
            "NetPriceProductTradePrice",
            "ChargeAmount",
          );
          const quantity = Decimal.from(at(line, "SpecifiedLineTradeDelivery", "BilledQuantity")!);
          const [own] = all(line, "SpecifiedLineTradeSettlement");
          expect(price.sign).toBeGreaterThanOrEqual(0);
          expect(quantity.times(price).round(2).plus(entries(own)).text()).toBe(netOf(line).text());
        }
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
        const { subtotal, vatTotal, total, payable, lines } = document.invoice;
        const read = parseInvoice(writeCii(document));
        expect(read.totals).toMatchObject({ subtotal, vatTotal, total, payable });
        expect(read.lines.map(({ lineTotal, quantity }) => [lineTotal, quantity])).toEqual(
          lines.map(({ lineTotal, quantity }) => [lineTotal, quantity]),
        );
      }),
      RUNS,
    );
  });

  it.skipIf(!hasOrders)("has its elements where every valid document of others has them", () => {
    for (const [name, document] of Object.entries(DOCUMENTS))
      expect(orderFaults(writeCii(document)), name).toEqual([]);
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(orderFaults(writeCii(document))).toEqual([]);
      }),
      RUNS,
    );
  });
});
