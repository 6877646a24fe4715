import { paymentMethodOf, saysNothing, type Sign, signed } from "#core/formats/received/amounts.ts";
import type { Reader } from "#core/formats/received/reader.ts";
import type { Day } from "#core/lib/dates.ts";
import type { DecimalText } from "#core/lib/decimal.ts";
import type { XmlNode } from "#core/lib/xml/index.ts";
import { newHeader } from "#core/model/header.ts";
import type { HeaderFields } from "#core/model/invoice-input.ts";
import type { Delivery, DocumentExtensions } from "#core/model/ubl-extensions.ts";
import { parseDocumentAllowance, parsePeriod } from "./parse-lines.ts";

/** Everything of a received document that is neither party, line nor sum. */
export function parseHeader(reader: Reader, top: XmlNode, issueDate: Day | null, sign: Sign): HeaderFields {
  const currency = reader.text(top, "DocumentCurrencyCode") ?? "RON";
  const means = reader.nodes(top, "PaymentMeans");
  const payee = reader.node(top, "PayeeParty");
  const code = reader.text(top, "InvoicePeriod", "DescriptionCode");
  const notes = reader.nodes(top, "Note").flatMap((note) => reader.text(note) ?? []);
  return {
    ...newHeader({ issueDate: issueDate ?? "", currency }),
    dueDate: reader.day(top, "DueDate") ?? reader.day(means[0], "PaymentDueDate"),
    taxPointDate: reader.day(top, "TaxPointDate"),
    taxPointDateCode: code,
    tvaLaIncasare: code === "432",
    exchangeRate: currency === "RON" ? null : exchangeRate(reader, top),
    notes: notes.join("\n") || null,
    paymentTerms: reader.text(top, "PaymentTerms", "Note"),
    paymentMethod: paymentMethodOf(reader.text(means[0], "PaymentMeansCode")),
    payeeName: reader.text(payee, "PartyName", "Name"),
    payeeIdentifier: reader.text(payee, "PartyIdentification", "ID"),
    payeeLegalRegistrationIdentifier: reader.text(payee, "PartyLegalEntity", "CompanyID"),
    payeeBankAccount: reader.text(means[0], "PayeeFinancialAccount", "ID"),
    payeeBankName: reader.text(means[0], "PayeeFinancialAccount", "Name"),
    ...references(reader, top),
    ublExtensions: extensions(reader, top, sign),
  };
}

const typed = (reader: Reader, top: XmlNode, code: string): string | null =>
  reader.text(
    reader
      .nodes(top, "AdditionalDocumentReference")
      .find((node) => reader.text(node, "DocumentTypeCode") === code),
    "ID",
  );

function references(reader: Reader, top: XmlNode): Partial<HeaderFields> {
  const id = (name: string) => reader.text(top, name, "ID");
  return {
    orderNumber: id("OrderReference"),
    contractNumber: id("ContractDocumentReference"),
    projectReference: id("ProjectReference") ?? typed(reader, top, "50"),
    despatchAdviceReference: id("DespatchDocumentReference"),
    receivingAdviceReference: id("ReceiptDocumentReference"),
    tenderOrLotReference: id("OriginatorDocumentReference"),
    invoicedObjectIdentifier: typed(reader, top, "130"),
    buyerReference: reader.text(top, "BuyerReference"),
    buyerAccountingReference: reader.text(top, "AccountingCost"),
    businessProcessType: reader.text(top, "ProfileID"),
  };
}

function extensions(reader: Reader, top: XmlNode, sign: Sign): DocumentExtensions | null {
  const prepaid = reader.decimal(top, "LegalMonetaryTotal", "PrepaidAmount");
  const found: DocumentExtensions = {
    invoicePeriod: parsePeriod(reader, reader.node(top, "InvoicePeriod")),
    delivery: delivery(reader, reader.node(top, "Delivery")),
    allowanceCharges: reader
      .nodes(top, "AllowanceCharge")
      .map((entry) => parseDocumentAllowance(reader, entry, sign)),
    prepaidAmount: prepaid === null || prepaid.isZero ? null : signed(prepaid, sign).text(),
    additionalDocumentReferences: supporting(reader, top),
  };
  return saysNothing(found) ? null : found;
}

function delivery(reader: Reader, at: XmlNode | undefined): Delivery | null {
  const address = reader.node(at, "DeliveryLocation", "Address");
  const actualDeliveryDate = reader.day(at, "ActualDeliveryDate");
  const deliveryAddress =
    address === undefined
      ? null
      : {
          streetName: reader.text(address, "StreetName"),
          cityName: reader.text(address, "CityName"),
          countrySubentity: reader.text(address, "CountrySubentity"),
          postalZone: reader.text(address, "PostalZone"),
          countryCode: reader.text(address, "Country", "IdentificationCode") ?? "RO",
        };
  return actualDeliveryDate || deliveryAddress ? { actualDeliveryDate, deliveryAddress } : null;
}

/** Lei per unit of the document's currency: as stated, or worked out of the two VAT totals. */
function exchangeRate(reader: Reader, top: XmlNode): DecimalText | null {
  const stated = reader.decimal(top, "TaxExchangeRate", "CalculationRate");
  const target = reader.text(top, "TaxExchangeRate", "TargetCurrencyCode") ?? "RON";
  if (stated !== null && target === "RON") return stated.round(4).text();
  const own = ownTaxTotal(reader, top);
  const other = reader.nodes(top, "TaxTotal").find((node) => currencyOf(reader, node) === "RON");
  const [vat, converted] = [reader.decimal(own, "TaxAmount"), reader.decimal(other, "TaxAmount")];
  return vat === null || converted === null || vat.isZero ? null : converted.dividedBy(vat, 4).text();
}

/** The VAT total in the document's own currency; the other one, in the tax currency, has no breakdown. */
export function ownTaxTotal(reader: Reader, top: XmlNode): XmlNode | undefined {
  const all = reader.nodes(top, "TaxTotal");
  const currency = reader.text(top, "DocumentCurrencyCode");
  return all.find((node) => currencyOf(reader, node) === currency) ?? all[0];
}

const currencyOf = (reader: Reader, taxTotal: XmlNode): string | null =>
  reader.attribute(reader.node(taxTotal, "TaxAmount"), "currencyID");

/** The file inside a reference, if it carries one. */
export const embedded = (reader: Reader, reference: XmlNode): XmlNode | undefined =>
  reader.node(reference, "Attachment", "EmbeddedDocumentBinaryObject");

/** References that are neither files nor one of the typed identifiers. */
const supporting = (
  reader: Reader,
  top: XmlNode,
): NonNullable<DocumentExtensions["additionalDocumentReferences"]> =>
  reader.nodes(top, "AdditionalDocumentReference").flatMap((node) => {
    const [id, type] = [reader.text(node, "ID"), reader.text(node, "DocumentTypeCode")];
    if (id === null || type === "130" || type === "50" || embedded(reader, node) !== undefined) return [];
    return [{ id, documentTypeCode: type, documentDescription: reader.text(node, "DocumentDescription") }];
  });
