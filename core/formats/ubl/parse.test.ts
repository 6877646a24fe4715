import { describe, expect, it } from "vitest";
import { parseInvoice } from "#core/formats/received/parse.ts";

const ublOf = (root: string, body: string) =>
  `<${root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:${root}-2" xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">${body}</${root}>`;

describe("parseInvoice with documents as they come", () => {
  it("reads a document that has nothing but its root", () => {
    const read = parseInvoice(ublOf("Invoice", ""));
    expect(read).toMatchObject({ number: null, issueDate: null, lines: [], parent: null, attachments: [] });
    expect(read.totals.total).toBe("0");
  });

  it("ignores values it cannot read", () => {
    const read = parseInvoice(
      ublOf(
        "Invoice",
        `<b:ID> A 1 </b:ID><b:IssueDate>soon</b:IssueDate><b:DueDate>2026-02-31</b:DueDate>
         <a:LegalMonetaryTotal><b:TaxInclusiveAmount>1,5</b:TaxInclusiveAmount><b:PayableAmount>12.30</b:PayableAmount></a:LegalMonetaryTotal>
         <a:InvoiceLine><b:InvoicedQuantity unitCode="XX">two</b:InvoicedQuantity></a:InvoiceLine>`,
      ),
    );
    expect(read).toMatchObject({ number: "A 1", issueDate: null });
    expect(read.header.dueDate).toBeNull();
    expect(read.totals).toMatchObject({ total: "12.3", payable: "12.3" });
    expect(read.lines[0]).toMatchObject({
      quantity: "1",
      unitOfMeasure: "XX",
      lineTotal: "0",
      vatCategoryCode: "Z",
    });
  });

  it("takes no number that is not money, and no text longer than a field", () => {
    const amounts = ["1e300", "9".repeat(40), "NaN", "INF", "0x1F"];
    for (const amount of amounts) {
      const sums = `<a:LegalMonetaryTotal><b:PayableAmount>${amount}</b:PayableAmount></a:LegalMonetaryTotal>`;
      expect(parseInvoice(ublOf("Invoice", sums)).totals.payable, amount).toBe("0");
    }
    expect(parseInvoice(ublOf("Invoice", `<b:ID>${"x".repeat(9000)}</b:ID>`)).number).toHaveLength(5000);
  });

  it.each([
    ["positive figures", "100", "119"],
    ["negative figures", "-100", "-119"],
  ])("stores a credit note as negative when it came with %s", (_how, net, gross) => {
    const read = parseInvoice(
      ublOf(
        "CreditNote",
        `<a:LegalMonetaryTotal><b:LineExtensionAmount>${net}</b:LineExtensionAmount><b:TaxInclusiveAmount>${gross}</b:TaxInclusiveAmount></a:LegalMonetaryTotal>
         <a:CreditNoteLine><b:CreditedQuantity>${net.startsWith("-") ? -2 : 2}</b:CreditedQuantity><b:LineExtensionAmount>${net}</b:LineExtensionAmount></a:CreditNoteLine>`,
      ),
    );
    expect(read.totals).toMatchObject({ subtotal: "-100", total: "-119" });
    expect(read.lines[0]).toMatchObject({ quantity: "-2", lineTotal: "-100" });
  });

  it("takes a rate of exchange only when it leads to lei", () => {
    const vat = (currency: string, amount: string) =>
      `<a:TaxTotal><b:TaxAmount currencyID="${currency}">${amount}</b:TaxAmount></a:TaxTotal>`;
    const rateOf = (body: string) =>
      parseInvoice(ublOf("Invoice", `<b:DocumentCurrencyCode>HUF</b:DocumentCurrencyCode>${body}`)).header
        .exchangeRate;
    expect(rateOf(vat("HUF", "2000") + vat("RON", "25"))).toBe("0.0125");
    expect(rateOf(vat("HUF", "2000") + vat("EUR", "5"))).toBeNull();
  });

  it("divides a price given for a base quantity", () => {
    const price = `<a:Price><b:PriceAmount>12.50</b:PriceAmount><b:BaseQuantity>1000</b:BaseQuantity></a:Price>`;
    const read = parseInvoice(ublOf("Invoice", `<a:InvoiceLine>${price}</a:InvoiceLine>`));
    expect(read.lines[0]?.unitPrice).toBe("0.0125");
  });

  it("lists attachments without decoding them", () => {
    const file = `<a:Attachment><b:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="a.pdf">
      aGVs bG8= </b:EmbeddedDocumentBinaryObject></a:Attachment>`;
    const [found] = parseInvoice(
      ublOf(
        "Invoice",
        `<a:AdditionalDocumentReference><b:ID>1</b:ID>${file}</a:AdditionalDocumentReference>`,
      ),
    ).attachments;
    expect(found).toMatchObject({ filename: "a.pdf", mimeType: "application/pdf", sizeBytes: 5 });
    expect(Buffer.from(found!.content()).toString()).toBe("hello");
  });

  it("refuses a document that is not UBL, and XML with a DOCTYPE", () => {
    expect(() => parseInvoice("<Invoice/>")).toThrow(/UBL 2.1/);
    expect(() => parseInvoice(ublOf("Order", ""))).toThrow(/UBL 2.1/);
    expect(() => parseInvoice(`<!DOCTYPE x [<!ENTITY e "e">]>${ublOf("Invoice", "")}`)).toThrow(/DOCTYPE/i);
  });
});
