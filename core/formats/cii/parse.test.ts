import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseInvoice } from "#core/formats/received/parse.ts";
import "../../../tests/same-cases.ts";

const CII = "urn:un:unece:uncefact:data:standard";

const ciiOf = (body: string, root = "CrossIndustryInvoice") =>
  `<rsm:${root} xmlns:rsm="${CII}:CrossIndustryInvoice:100" xmlns:ram="${CII}:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="${CII}:UnqualifiedDataType:100">${body}</rsm:${root}>`;

interface Sketch {
  head?: string;
  lines?: string;
  agreement?: string;
  delivery?: string;
  settlement?: string;
  sums?: string;
}

/** Children of each part, in the vocabulary of the standard. */
const read = ({ head = "", lines = "", agreement = "", delivery = "", settlement = "", sums = "" }: Sketch) =>
  parseInvoice(
    ciiOf(`<rsm:ExchangedDocument>${head}</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>${lines}
      <ram:ApplicableHeaderTradeAgreement>${agreement}</ram:ApplicableHeaderTradeAgreement>
      <ram:ApplicableHeaderTradeDelivery>${delivery}</ram:ApplicableHeaderTradeDelivery>
      <ram:ApplicableHeaderTradeSettlement>${settlement}<ram:SpecifiedTradeSettlementHeaderMonetarySummation>${sums}</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
    </rsm:SupplyChainTradeTransaction>`),
  );

const day = (written: string, format = "102") =>
  `<udt:DateTimeString format="${format}">${written}</udt:DateTimeString>`;

const tax = (category: string, rate: string, name = "ApplicableTradeTax") =>
  `<ram:${name}><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>${category}</ram:CategoryCode><ram:RateApplicablePercent>${rate}</ram:RateApplicablePercent></ram:${name}>`;

const allowance = (isCharge: string, amount: string, more = "") =>
  `<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>${isCharge}</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>${amount}</ram:ActualAmount><ram:ReasonCode>95</ram:ReasonCode><ram:Reason>Why</ram:Reason>${more}</ram:SpecifiedTradeAllowanceCharge>`;

interface LineSketch {
  name?: string;
  status?: string;
  price?: string;
  quantity?: string;
  total?: string;
  settlement?: string;
}

const line = ({ name = "Paper", status, price = "50", quantity = "2", ...given }: LineSketch = {}) =>
  `<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID>${status ? `<ram:LineStatusReasonCode>${status}</ram:LineStatusReasonCode>` : ""}</ram:AssociatedDocumentLineDocument>
   <ram:SpecifiedTradeProduct><ram:SellerAssignedID>SKU-1</ram:SellerAssignedID><ram:Name>${name}</ram:Name></ram:SpecifiedTradeProduct>
   <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>${price}</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
   <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="KGM">${quantity}</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
   <ram:SpecifiedLineTradeSettlement>${tax("S", "21")}${given.settlement ?? ""}<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>${given.total ?? "100"}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
  </ram:IncludedSupplyChainTradeLineItem>`;

describe("a Cross Industry Invoice as it comes", () => {
  it("may have nothing but its root", () => {
    const nothing = parseInvoice(ciiOf(""));
    expect(nothing).toMatchObject({ number: null, issueDate: null, lines: [], parent: null });
    expect(nothing).toMatchObject({ documentType: "invoice", attachments: [], bankAccounts: [] });
    expect(nothing.totals).toMatchObject({ subtotal: "0", total: "0", payable: "0" });
  });

  it("gives its lines, their VAT and what they are called", () => {
    const { lines } = read({ lines: line() });
    expect(lines).toMatchObject([
      {
        position: 1,
        description: "Paper",
        productCode: "SKU-1",
        quantity: "2",
        unitOfMeasure: "kg",
        unitPrice: "50",
        lineTotal: "100",
        vatRate: "21",
        vatCategoryCode: "S",
        vatAmount: "21",
        ublExtensions: null,
      },
    ]);
  });

  it("leaves out lines that count nothing: headings, whose sums repeat, and information", () => {
    const { lines } = read({
      lines:
        line({ name: "Kit", status: "GROUP" }) + line({ status: "DETAIL" }) + line({ status: "INFORMATION" }),
    });
    expect(lines.map(({ position, description }) => [position, description])).toEqual([[1, "Paper"]]);
  });

  it("divides a price given for a base quantity, also when that stands beside the gross price", () => {
    const thousand = `<ram:BasisQuantity>1000</ram:BasisQuantity>`;
    const net = line({ price: "12.50" }).replace("</ram:NetPrice", `${thousand}</ram:NetPrice`);
    const gross = line({ price: "12.50" }).replace(
      "<ram:NetPrice",
      `<ram:GrossPriceProductTradePrice><ram:ChargeAmount>15</ram:ChargeAmount>${thousand}</ram:GrossPriceProductTradePrice><ram:NetPrice`,
    );
    expect(read({ lines: net + gross }).lines.map(({ unitPrice }) => unitPrice)).toEqual([
      "0.0125",
      "0.0125",
    ]);
  });

  it.each([
    ["positive figures", "119", "100", "2"],
    ["negative figures", "-119", "-100", "-2"],
  ])(
    "is a credit note by its code, stored as negative when it came with %s",
    (_how, total, net, quantity) => {
      const credit = read({
        head: `<ram:TypeCode>381</ram:TypeCode>`,
        lines: line({ total: net, quantity }),
        settlement: `<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>F-1</ram:IssuerAssignedID><ram:FormattedIssueDateTime>${day("20261101")}</ram:FormattedIssueDateTime></ram:InvoiceReferencedDocument>`,
        sums: `<ram:LineTotalAmount>${net}</ram:LineTotalAmount><ram:GrandTotalAmount>${total}</ram:GrandTotalAmount>`,
      });
      expect(credit).toMatchObject({ documentType: "credit_note", typeCode: "381" });
      expect(credit.parent).toEqual({ number: "F-1", issueDate: "2026-11-01" });
      expect(credit.totals).toMatchObject({ subtotal: "-100", total: "-119" });
      expect(credit.lines).toMatchObject([{ quantity: "-2", lineTotal: "-100", unitPrice: "50" }]);
    },
  );

  it("turns the allowances of a credit note into charges, which is what they do to its negative sums", () => {
    const { lines, header } = read({
      head: `<ram:TypeCode>381</ram:TypeCode>`,
      lines: line({ total: "90", settlement: allowance("false", "10") }),
      settlement: allowance("true", "5", tax("S", "21", "CategoryTradeTax")),
      sums: `<ram:TotalPrepaidAmount>7</ram:TotalPrepaidAmount><ram:GrandTotalAmount>114.95</ram:GrandTotalAmount>`,
    });
    expect(lines[0]).toMatchObject({
      discount: "0",
      ublExtensions: { allowanceCharges: [{ chargeIndicator: true, amount: "10", reasonCode: null }] },
    });
    expect(header.ublExtensions).toMatchObject({
      prepaidAmount: "-7",
      allowanceCharges: [{ chargeIndicator: false, amount: "5", taxCategoryCode: "S", taxRate: "21" }],
    });
  });

  it("counts freight as a charge, and takes 1 for true", () => {
    const freight = `<ram:SpecifiedLogisticsServiceCharge><ram:Description>Freight</ram:Description><ram:AppliedAmount>12.5</ram:AppliedAmount>${tax("S", "21", "AppliedTradeTax")}</ram:SpecifiedLogisticsServiceCharge>`;
    const { header } = read({ settlement: allowance("1", "5") + freight });
    expect(header.ublExtensions?.allowanceCharges).toMatchObject([
      { chargeIndicator: true, amount: "5", taxCategoryCode: "Z" },
      { chargeIndicator: true, amount: "12.5", reason: "Freight", taxCategoryCode: "S", taxRate: "21" },
    ]);
  });

  it("knows lei and euro apart: VAT in its own currency, the rate out of the other", () => {
    const euro = read({
      settlement: `<ram:TaxCurrencyCode>RON</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>`,
      sums: `<ram:TaxTotalAmount currencyID="RON">106.91</ram:TaxTotalAmount><ram:TaxTotalAmount currencyID="EUR">21</ram:TaxTotalAmount><ram:GrandTotalAmount>121</ram:GrandTotalAmount>`,
    });
    expect(euro.totals).toMatchObject({ subtotal: "100", vatTotal: "21", total: "121", payable: "121" });
    expect(euro.header).toMatchObject({ currency: "EUR", exchangeRate: "5.091" });
    const forint = read({
      settlement: `<ram:InvoiceCurrencyCode>HUF</ram:InvoiceCurrencyCode><ram:TaxApplicableTradeCurrencyExchange><ram:SourceCurrencyCode>HUF</ram:SourceCurrencyCode><ram:TargetCurrencyCode>EUR</ram:TargetCurrencyCode><ram:ConversionRate>0.0025</ram:ConversionRate></ram:TaxApplicableTradeCurrencyExchange>`,
      sums: `<ram:TaxTotalAmount currencyID="HUF">2100</ram:TaxTotalAmount><ram:TaxTotalAmount currencyID="EUR">5.25</ram:TaxTotalAmount>`,
    });
    expect(forint.header).toMatchObject({ currency: "HUF", exchangeRate: null });
  });

  it("tells days in either spelling, and tax points in the codes of the model", () => {
    const { issueDate, header } = read({
      head: `<ram:IssueDateTime>${day("20261118")}</ram:IssueDateTime><ram:IncludedNote><ram:Content>One</ram:Content></ram:IncludedNote><ram:IncludedNote><ram:Content>Two</ram:Content></ram:IncludedNote>`,
      delivery: `<ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime><udt:DateTime>2026-11-17T00:00:00</udt:DateTime></ram:OccurrenceDateTime></ram:ActualDeliverySupplyChainEvent>`,
      settlement: `<ram:ApplicableTradeTax><ram:DueDateTypeCode>72</ram:DueDateTypeCode></ram:ApplicableTradeTax>
        <ram:BillingSpecifiedPeriod><ram:StartDateTime>${day("20261101")}</ram:StartDateTime><ram:EndDateTime>${day("20261131")}</ram:EndDateTime></ram:BillingSpecifiedPeriod>
        <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>${day("2026-12-18")}</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>`,
    });
    expect(issueDate).toBe("2026-11-18");
    expect(header).toMatchObject({
      issueDate: "2026-11-18",
      dueDate: "2026-12-18",
      taxPointDateCode: "432",
      tvaLaIncasare: true,
      notes: "One\nTwo",
      ublExtensions: {
        invoicePeriod: { startDate: "2026-11-01", endDate: null },
        delivery: { actualDeliveryDate: "2026-11-17", deliveryAddress: null },
      },
    });
  });

  it("tells who sells and who buys: VAT ids, tax numbers, CNPs and Romanian counties", () => {
    const { supplier, buyer, bankAccounts } = read({
      agreement: `<ram:SellerTradeParty><ram:Name>Vânzător SRL</ram:Name><ram:SpecifiedLegalOrganization><ram:ID>J40/1/2020</ram:ID></ram:SpecifiedLegalOrganization>
          <ram:PostalTradeAddress><ram:PostcodeCode>030001</ram:PostcodeCode><ram:LineOne>Str. 1</ram:LineOne><ram:LineTwo>bl. A</ram:LineTwo><ram:CityName>SECTOR3</ram:CityName><ram:CountryID>RO</ram:CountryID><ram:CountrySubDivisionName>RO-B</ram:CountrySubDivisionName></ram:PostalTradeAddress>
          <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">77</ram:ID></ram:SpecifiedTaxRegistration><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">RO9000000011</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
        <ram:BuyerTradeParty><ram:Name>Ion</ram:Name><ram:SpecifiedLegalOrganization><ram:ID>0000000000000</ram:ID></ram:SpecifiedLegalOrganization></ram:BuyerTradeParty>`,
      settlement: `<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>RO49AAAA1B31007593840000</ram:IBANID><ram:AccountName>Banca</ram:AccountName></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>`,
    });
    expect(supplier).toMatchObject({
      name: "Vânzător SRL",
      cif: "9000000011",
      vatCode: "RO9000000011",
      isVatPayer: true,
      registrationNumber: "J40/1/2020",
      address: "Str. 1 bl. A",
      city: "Sector 3",
      county: "București",
      bankAccount: "RO49AAAA1B31007593840000",
    });
    expect(buyer).toMatchObject({ name: "Ion", type: "individual", cif: null, vatCode: null });
    expect(bankAccounts).toEqual([{ iban: "RO49AAAA1B31007593840000", bankName: "Banca", currency: "RON" }]);
  });

  it("sorts its references: order, tender, object, supporting documents and files", () => {
    const reference = (id: string, type: string, more = "") =>
      `<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>${id}</ram:IssuerAssignedID><ram:TypeCode>${type}</ram:TypeCode>${more}</ram:AdditionalReferencedDocument>`;
    const { header, attachments } = read({
      agreement:
        `<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>C-7</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>` +
        reference("LOT-1", "50") +
        reference("OBJ-1", "130") +
        reference("ANNEX", "916", "<ram:Name>Annex</ram:Name>") +
        reference(
          "FILE",
          "916",
          `<ram:AttachmentBinaryObject mimeCode="application/pdf" filename="a.pdf"> aGVs\nbG8= </ram:AttachmentBinaryObject>`,
        ),
    });
    expect(header).toMatchObject({
      orderNumber: "C-7",
      tenderOrLotReference: "LOT-1",
      invoicedObjectIdentifier: "OBJ-1",
      ublExtensions: { additionalDocumentReferences: [{ id: "ANNEX", documentDescription: "Annex" }] },
    });
    expect(attachments).toMatchObject([{ filename: "a.pdf", mimeType: "application/pdf", sizeBytes: 5 }]);
    expect(Buffer.from(attachments[0]!.content()).toString()).toBe("hello");
  });

  it("may miss any element, or have any text in its place, and is read as far as it goes", () => {
    const whole = ciiOf(
      `<rsm:ExchangedDocument><ram:ID>1</ram:ID><ram:TypeCode>381</ram:TypeCode><ram:IssueDateTime>${day("20261118")}</ram:IssueDateTime></rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>${line({ settlement: allowance("true", "1") })}<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>S</ram:Name><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">RO1</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement>${tax("S", "21")}${allowance("false", "2")}<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxTotalAmount currencyID="RON">1</ram:TaxTotalAmount><ram:GrandTotalAmount>9</ram:GrandTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction>`,
    );
    const elements = [...whole.matchAll(/<((?:ram|udt|rsm):\w+)[^>]*>/g)].slice(1);
    const odd = fc.constantFrom(
      "",
      "-",
      "1e9",
      "NaN",
      "20261399",
      "true",
      "381",
      "\u0219",
      "<x/>",
      "9".repeat(99),
    );
    fc.assert(
      fc.property(fc.nat(elements.length - 1), odd, fc.boolean(), (at, text, isCut) => {
        const { index, 0: open, 1: name } = elements[at]!;
        const end = whole.indexOf(`</${name}>`, index);
        const inner = isCut ? "" : `${open}${text}</${name}>`;
        const { totals, lines } = parseInvoice(
          whole.slice(0, index) + inner + whole.slice(end + name!.length + 3),
        );
        for (const figure of [...Object.values(totals), ...lines.map(({ lineTotal }) => lineTotal)])
          expect(figure).toMatch(/^-?\d+(\.\d+)?$/);
      }),
    );
  });

  it("is refused when it is another document, says which, and when it carries a DOCTYPE", () => {
    expect(() => parseInvoice(ciiOf("", "CrossIndustryDocument"))).toThrow(/CrossIndustryDocument, neither/);
    expect(() => parseInvoice(`<CrossIndustryInvoice/>`)).toThrow(/neither/);
    expect(() => parseInvoice(`<!DOCTYPE x [<!ENTITY e "e">]>${ciiOf("")}`)).toThrow(/DOCTYPE/i);
  });
});
