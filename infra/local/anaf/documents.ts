import { findCompany } from "./companies.ts";

/** Documents for the fixtures (SIMULATOR.md §11). Plain UBL text on purpose: nothing here is shared with the product. */
export interface SampleOptions {
  number: string;
  issueDate: string;
  seller: string;
  buyer: string;
  note?: string;
  /** Net amount of the one line, in lei. */
  net?: number;
}

/** A valid RO_CIUS invoice of one line at 21 %. */
export function sampleInvoice(options: SampleOptions): string {
  const net = options.net ?? 100;
  const vat = Math.round(net * 21) / 100;
  const amount = (name: string, value: number): string =>
    `<cbc:${name} currencyID="RON">${value.toFixed(2)}</cbc:${name}>`;
  const category = (name: string): string =>
    `<cac:${name}><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:${name}>`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">`,
    `<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1</cbc:CustomizationID>`,
    `<cbc:ID>${options.number}</cbc:ID><cbc:IssueDate>${options.issueDate}</cbc:IssueDate><cbc:DueDate>${options.issueDate}</cbc:DueDate>`,
    `<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>`,
    options.note === undefined ? "" : `<cbc:Note>${options.note}</cbc:Note>`,
    `<cbc:DocumentCurrencyCode>RON</cbc:DocumentCurrencyCode>`,
    `<cac:AccountingSupplierParty>${party(options.seller)}</cac:AccountingSupplierParty>`,
    `<cac:AccountingCustomerParty>${party(options.buyer)}</cac:AccountingCustomerParty>`,
    `<cac:PaymentMeans><cbc:PaymentMeansCode>42</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>RO14SIMU0000000000000001</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>`,
    `<cac:TaxTotal>${amount("TaxAmount", vat)}<cac:TaxSubtotal>${amount("TaxableAmount", net)}${amount("TaxAmount", vat)}${category("TaxCategory")}</cac:TaxSubtotal></cac:TaxTotal>`,
    `<cac:LegalMonetaryTotal>${amount("LineExtensionAmount", net)}${amount("TaxExclusiveAmount", net)}${amount("TaxInclusiveAmount", net + vat)}${amount("PayableAmount", net + vat)}</cac:LegalMonetaryTotal>`,
    `<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="H87">1</cbc:InvoicedQuantity>${amount("LineExtensionAmount", net)}<cac:Item><cbc:Name>Produs simulat</cbc:Name>${category("ClassifiedTaxCategory")}</cac:Item><cac:Price>${amount("PriceAmount", net)}</cac:Price></cac:InvoiceLine>`,
    `</Invoice>`,
  ].join("\n");
}

function party(cif: string): string {
  const company = findCompany(cif);
  const isBucharest = company?.county === "B";
  const city = isBucharest ? "SECTOR3" : (company?.city ?? "Cluj-Napoca");
  const county = `RO-${company?.county ?? "CJ"}`;
  const vat = company?.vatPayer
    ? `<cac:PartyTaxScheme><cbc:CompanyID>RO${cif}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`
    : "";
  const street = `${company?.street ?? "Str. Simulării"} ${company?.streetNumber ?? "1"}`;
  const name = company?.name ?? `COMPANIA ${cif}`;
  return `<cac:Party><cac:PostalAddress><cbc:StreetName>${street}</cbc:StreetName><cbc:CityName>${city}</cbc:CityName><cbc:CountrySubentity>${county}</cbc:CountrySubentity><cac:Country><cbc:IdentificationCode>RO</cbc:IdentificationCode></cac:Country></cac:PostalAddress>${vat}<cac:PartyLegalEntity><cbc:RegistrationName>${name}</cbc:RegistrationName><cbc:CompanyID>${cif}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party>`;
}
