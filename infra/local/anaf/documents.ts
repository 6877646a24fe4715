import { findCompany } from "./companies.ts";

/**
 * Writes UBL documents for fixtures, inboxes and tests. Plain text on purpose: nothing here is shared with the
 * product, so its writer cannot be checked against itself. Amounts are whole cents.
 */
export interface SampleLine {
  /** Net amount in cents; negative for a reversal. */
  net: number;
  /** VAT rate in percent; ignored for category O. */
  rate: number;
  category: "S" | "AE" | "O" | "E";
}

export interface SampleOptions {
  number: string;
  /** `YYYY-MM-DD`. */
  issueDate: string;
  seller: string;
  /** A CUI; thirteen zeros for a consumer; a country code for a foreign buyer. */
  buyer: string;
  /** 380, 381 (a CreditNote), 384 or 389. Default 380. */
  type?: string;
  note?: string;
  /** Default: one line of 100.00 lei at 21 %. */
  lines?: SampleLine[];
  /** With another currency a second VAT total in lei is written (ANAF.md §20). Default RON. */
  currency?: string;
  /** Number of the document this one corrects. */
  corrects?: string;
}

const ubl = "urn:oasis:names:specification:ubl:schema:xsd";

/** Exemption codes and reasons of the categories without VAT (ANAF.md §15.5). */
const exemptions: Record<string, [code: string, reason: string]> = {
  AE: ["VATEX-EU-AE", "Taxare inversă"],
  O: ["VATEX-EU-O", "Nu face obiectul TVA"],
  E: ["VATEX-EU-132-1I", "Servicii de învățământ"],
};

/** A valid RO_CIUS document, unless the options ask for nonsense. */
export function sampleInvoice(options: SampleOptions): string {
  const { type = "380", currency = "RON", lines = [{ net: 10_000, rate: 21, category: "S" }] } = options;
  const root = type === "381" ? "CreditNote" : "Invoice";
  const isOutOfScope = lines.some((line) => line.category === "O");
  const dueDate = root === "Invoice" ? `<cbc:DueDate>${options.issueDate}</cbc:DueDate>` : "";
  const reference = `<cac:InvoiceDocumentReference><cbc:ID>${options.corrects}</cbc:ID></cac:InvoiceDocumentReference>`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<${root} xmlns="${ubl}:${root}-2" xmlns:cac="${ubl}:CommonAggregateComponents-2" xmlns:cbc="${ubl}:CommonBasicComponents-2">`,
    `<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1</cbc:CustomizationID>`,
    `<cbc:ID>${options.number}</cbc:ID><cbc:IssueDate>${options.issueDate}</cbc:IssueDate>${dueDate}`,
    `<cbc:${root}TypeCode>${type}</cbc:${root}TypeCode>`,
    options.note === undefined ? "" : `<cbc:Note>${options.note}</cbc:Note>`,
    `<cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>`,
    currency === "RON" ? "" : `<cbc:TaxCurrencyCode>RON</cbc:TaxCurrencyCode>`,
    options.corrects === undefined ? "" : `<cac:BillingReference>${reference}</cac:BillingReference>`,
    `<cac:AccountingSupplierParty>${party(options.seller, isOutOfScope, true)}</cac:AccountingSupplierParty>`,
    `<cac:AccountingCustomerParty>${party(options.buyer, isOutOfScope, false)}</cac:AccountingCustomerParty>`,
    `<cac:PaymentMeans><cbc:PaymentMeansCode>42</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>RO14SIMU0000000000000001</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>`,
    totals(lines, currency),
    ...lines.map((line, n) => lineElement(root, n + 1, line, currency)),
    `</${root}>`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function amount(name: string, cents: number, currency: string): string {
  const text = `${cents < 0 ? "-" : ""}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, "0")}`;
  return `<cbc:${name} currencyID="${currency}">${text}</cbc:${name}>`;
}

function taxOf(net: number, rate: number): number {
  return Math.sign(net) * Math.round((Math.abs(net) * rate) / 100);
}

function totals(lines: SampleLine[], currency: string): string {
  const groups = new Map<string, SampleLine>();
  for (const line of lines) {
    const key = `${line.category} ${line.rate}`;
    groups.set(key, { ...line, net: (groups.get(key)?.net ?? 0) + line.net });
  }
  const net = lines.reduce((sum, line) => sum + line.net, 0);
  const tax = [...groups.values()].reduce((sum, group) => sum + taxOf(group.net, group.rate), 0);
  const subtotals = [...groups.values()].map(
    (group) =>
      `<cac:TaxSubtotal>${amount("TaxableAmount", group.net, currency)}${amount("TaxAmount", taxOf(group.net, group.rate), currency)}${category("TaxCategory", group, true)}</cac:TaxSubtotal>`,
  );
  const inLei = `<cac:TaxTotal>${amount("TaxAmount", Math.round(tax * 5.09), "RON")}</cac:TaxTotal>`;
  const sums = [
    amount("LineExtensionAmount", net, currency),
    amount("TaxExclusiveAmount", net, currency),
    amount("TaxInclusiveAmount", net + tax, currency),
    amount("PayableAmount", net + tax, currency),
  ];
  return [
    `<cac:TaxTotal>${amount("TaxAmount", tax, currency)}${subtotals.join("")}</cac:TaxTotal>`,
    currency === "RON" ? "" : inLei,
    `<cac:LegalMonetaryTotal>${sums.join("")}</cac:LegalMonetaryTotal>`,
  ].join("");
}

function category(name: string, line: SampleLine, withReason: boolean): string {
  const [code, reason] = exemptions[line.category] ?? [];
  const exemption =
    withReason && code !== undefined
      ? `<cbc:TaxExemptionReasonCode>${code}</cbc:TaxExemptionReasonCode><cbc:TaxExemptionReason>${reason}</cbc:TaxExemptionReason>`
      : "";
  const percent = line.category === "O" ? "" : `<cbc:Percent>${line.rate}</cbc:Percent>`;
  return `<cac:${name}><cbc:ID>${line.category}</cbc:ID>${percent}${exemption}<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:${name}>`;
}

/** A reversal has a negative quantity; the price stays positive (ANAF.md §15.3). */
function lineElement(root: string, id: number, line: SampleLine, currency: string): string {
  const quantity = root === "CreditNote" ? "CreditedQuantity" : "InvoicedQuantity";
  const item = `<cac:Item><cbc:Name>Produs simulat ${id}</cbc:Name>${category("ClassifiedTaxCategory", line, false)}</cac:Item>`;
  const price = `<cac:Price>${amount("PriceAmount", Math.abs(line.net), currency)}</cac:Price>`;
  return `<cac:${root}Line><cbc:ID>${id}</cbc:ID><cbc:${quantity} unitCode="H87">${line.net < 0 ? -1 : 1}</cbc:${quantity}>${amount("LineExtensionAmount", line.net, currency)}${item}${price}</cac:${root}Line>`;
}

interface Identity {
  name: string;
  street: string;
  city: string;
  /** `RO-XX`; none abroad. */
  county?: string;
  country: string;
  vatId?: string;
  legalId: string;
}

function party(id: string, isOutOfScope: boolean, isSeller: boolean): string {
  const { name, street, city, county, country, vatId, legalId } = identityOf(id);
  const vat =
    vatId === undefined || isOutOfScope
      ? ""
      : `<cac:PartyTaxScheme><cbc:CompanyID>${vatId}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>`;
  // BT-32: the seller's tax registration when there is no VAT id to show (ANAF.md §20).
  const registration =
    vat === "" && isSeller
      ? `<cac:PartyTaxScheme><cbc:CompanyID>${id}</cbc:CompanyID><cac:TaxScheme></cac:TaxScheme></cac:PartyTaxScheme>`
      : "";
  const region = county === undefined ? "" : `<cbc:CountrySubentity>${county}</cbc:CountrySubentity>`;
  return `<cac:Party><cac:PostalAddress><cbc:StreetName>${street}</cbc:StreetName><cbc:CityName>${city}</cbc:CityName>${region}<cac:Country><cbc:IdentificationCode>${country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>${vat}${registration}<cac:PartyLegalEntity><cbc:RegistrationName>${name}</cbc:RegistrationName><cbc:CompanyID>${legalId}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party>`;
}

function identityOf(id: string): Identity {
  if (/^[A-Z]{2}$/.test(id)) {
    const vatId = `${id}123456788`;
    return {
      name: "FOREIGN TRADER",
      street: "Main Street 1",
      city: "Berlin",
      country: id,
      vatId,
      legalId: vatId,
    };
  }
  const place = { street: "Str. Simulării 1", city: "Cluj-Napoca", county: "RO-CJ", country: "RO" };
  if (id.length === 13) return { name: "Consumator Simulat", ...place, legalId: id };
  const company = findCompany(id);
  if (!company) return { name: `COMPANIA ${id}`, ...place, vatId: `RO${id}`, legalId: id };
  return {
    name: company.name,
    street: `${company.street} ${company.streetNumber}`,
    city: company.county === "B" ? "SECTOR3" : company.city,
    county: `RO-${company.county}`,
    country: "RO",
    ...(company.vatPayer ? { vatId: `RO${id}` } : {}),
    legalId: id,
  };
}
