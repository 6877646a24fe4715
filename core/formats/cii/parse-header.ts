import { paymentMethodOf, saysNothing, type Sign, signed } from "#core/formats/received/amounts.ts";
import type { Reader } from "#core/formats/received/reader.ts";
import { Decimal, type DecimalText } from "#core/lib/decimal.ts";
import type { XmlNode } from "#core/lib/xml/index.ts";
import { newHeader } from "#core/model/header.ts";
import type { HeaderFields } from "#core/model/invoice-input.ts";
import type { Delivery, DocumentExtensions } from "#core/model/ubl-extensions.ts";
import { REFERENCE_TYPES, taxPointIn } from "./codes.ts";
import { dayIn } from "./days.ts";
import { parseDocumentAllowance, parsePeriod, parseServiceCharge } from "./parse-lines.ts";

/** The three parts into which the header of a transaction falls. */
export interface Parts {
  readonly agreement: XmlNode | undefined;
  readonly delivery: XmlNode | undefined;
  readonly settlement: XmlNode | undefined;
}

/** Everything of a received document that is neither party, line nor sum. */
export function parseHeader(
  reader: Reader,
  exchanged: XmlNode | undefined,
  parts: Parts,
  sign: Sign,
): HeaderFields {
  const { settlement } = parts;
  const currency = currencyOf(reader, parts);
  const means = reader.node(settlement, "SpecifiedTradeSettlementPaymentMeans");
  const terms = reader.node(settlement, "SpecifiedTradePaymentTerms");
  const tax = reader.node(settlement, "ApplicableTradeTax");
  const code = reader.text(tax, "DueDateTypeCode");
  const notes = reader.nodes(exchanged, "IncludedNote").flatMap((note) => reader.text(note, "Content") ?? []);
  return {
    ...newHeader({ issueDate: dayIn(reader, exchanged, "IssueDateTime") ?? "", currency }),
    dueDate: dayIn(reader, terms, "DueDateDateTime"),
    taxPointDate: dayIn(reader, tax, "TaxPointDate"),
    taxPointDateCode: code && taxPointIn(code),
    tvaLaIncasare: code === "72",
    exchangeRate: currency === "RON" ? null : exchangeRate(reader, settlement, currency),
    notes: notes.join("\n") || null,
    paymentTerms: reader.text(terms, "Description"),
    paymentMethod: paymentMethodOf(reader.text(means, "TypeCode")),
    ...payee(reader, settlement, means),
    ...references(reader, parts),
    ublExtensions: extensions(reader, parts, sign),
  };
}

/** BT-5. */
export const currencyOf = (reader: Reader, { settlement }: Parts): string =>
  reader.text(settlement, "InvoiceCurrencyCode") ?? "RON";

function payee(
  reader: Reader,
  settlement: XmlNode | undefined,
  means: XmlNode | undefined,
): Partial<HeaderFields> {
  const party = reader.node(settlement, "PayeeTradeParty");
  const account = accountIn(reader, means);
  return {
    payeeName: reader.text(party, "Name"),
    payeeIdentifier: reader.text(party, "GlobalID") ?? reader.text(party, "ID"),
    payeeLegalRegistrationIdentifier: reader.text(party, "SpecifiedLegalOrganization", "ID"),
    payeeBankAccount: account?.iban ?? null,
    payeeBankName: account?.bankName ?? null,
  };
}

/** The account that payment means name (BT-84): an IBAN, or the number a bank outside its reach gives. */
export function accountIn(
  reader: Reader,
  means: XmlNode | undefined,
): { iban: string; bankName: string | null } | undefined {
  const account = reader.node(means, "PayeePartyCreditorFinancialAccount");
  const iban = reader.text(account, "IBANID") ?? reader.text(account, "ProprietaryID");
  return iban === null ? undefined : { iban, bankName: reader.text(account, "AccountName") };
}

/** Additional references under a type; those without one are supporting documents. */
const referencesOf = (reader: Reader, { agreement }: Parts, type: string): XmlNode[] =>
  reader
    .nodes(agreement, "AdditionalReferencedDocument")
    .filter((node) => (reader.text(node, "TypeCode") ?? REFERENCE_TYPES.supporting) === type);

function references(reader: Reader, parts: Parts): Partial<HeaderFields> {
  const { agreement, delivery, settlement } = parts;
  const id = (from: XmlNode | undefined, name: string) => reader.text(from, name, "IssuerAssignedID");
  const typed = (type: string) => reader.text(referencesOf(reader, parts, type)[0], "IssuerAssignedID");
  return {
    orderNumber: id(agreement, "BuyerOrderReferencedDocument"),
    contractNumber: id(agreement, "ContractReferencedDocument"),
    projectReference: reader.text(agreement, "SpecifiedProcuringProject", "ID"),
    despatchAdviceReference: id(delivery, "DespatchAdviceReferencedDocument"),
    receivingAdviceReference: id(delivery, "ReceivingAdviceReferencedDocument"),
    tenderOrLotReference: typed(REFERENCE_TYPES.tender),
    invoicedObjectIdentifier: typed(REFERENCE_TYPES.object),
    buyerReference: reader.text(agreement, "BuyerReference"),
    buyerAccountingReference: reader.text(settlement, "ReceivableSpecifiedTradeAccountingAccount", "ID"),
  };
}

function extensions(reader: Reader, parts: Parts, sign: Sign): DocumentExtensions | null {
  const { delivery, settlement } = parts;
  const prepaid = reader.decimal(
    settlement,
    "SpecifiedTradeSettlementHeaderMonetarySummation",
    "TotalPrepaidAmount",
  );
  const found: DocumentExtensions = {
    invoicePeriod: parsePeriod(reader, reader.node(settlement, "BillingSpecifiedPeriod")),
    delivery: deliveryIn(reader, delivery),
    allowanceCharges: [
      ...reader
        .nodes(settlement, "SpecifiedTradeAllowanceCharge")
        .map((entry) => parseDocumentAllowance(reader, entry, sign)),
      ...reader
        .nodes(settlement, "SpecifiedLogisticsServiceCharge")
        .map((entry) => parseServiceCharge(reader, entry, sign)),
    ],
    prepaidAmount: prepaid === null || prepaid.isZero ? null : signed(prepaid, sign).text(),
    additionalDocumentReferences: referencesOf(reader, parts, REFERENCE_TYPES.supporting).flatMap((node) => {
      const id = reader.text(node, "IssuerAssignedID");
      const isFile = reader.node(node, "AttachmentBinaryObject") !== undefined;
      return id === null || isFile
        ? []
        : [{ id, documentTypeCode: null, documentDescription: reader.text(node, "Name") }];
    }),
  };
  return saysNothing(found) ? null : found;
}

function deliveryIn(reader: Reader, at: XmlNode | undefined): Delivery | null {
  const address = reader.node(at, "ShipToTradeParty", "PostalTradeAddress");
  const actualDeliveryDate = dayIn(reader, at, "ActualDeliverySupplyChainEvent", "OccurrenceDateTime");
  const deliveryAddress =
    address === undefined
      ? null
      : {
          streetName: reader.text(address, "LineOne"),
          cityName: reader.text(address, "CityName"),
          countrySubentity: reader.text(address, "CountrySubDivisionName"),
          postalZone: reader.text(address, "PostcodeCode"),
          countryCode: reader.text(address, "CountryID") ?? "RO",
        };
  return actualDeliveryDate || deliveryAddress ? { actualDeliveryDate, deliveryAddress } : null;
}

/** Lei per unit of the document's currency: as stated, or worked out of the VAT in either currency (BT-110, BT-111). */
function exchangeRate(reader: Reader, settlement: XmlNode | undefined, currency: string): DecimalText | null {
  const stated = reader.node(settlement, "TaxApplicableTradeCurrencyExchange");
  const rate = reader.decimal(stated, "ConversionRate");
  if (rate !== null && reader.text(stated, "TargetCurrencyCode") === "RON") return rate.round(4).text();
  const vat = vatTotalIn(reader, settlement, currency);
  const inLei = vatTotals(reader, settlement).find((total) => total.currency === "RON")?.amount;
  return vat === null || !inLei || vat.isZero ? null : inLei.dividedBy(vat, 4).text();
}

/** VAT totals with their currencies: this element alone carries one, because it may come twice. */
const vatTotals = (
  reader: Reader,
  settlement: XmlNode | undefined,
): { currency: string | null; amount: Decimal | null }[] =>
  reader
    .nodes(reader.node(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation"), "TaxTotalAmount")
    .map((node) => ({ currency: reader.attribute(node, "currencyID"), amount: reader.decimal(node) }));

/** The VAT total in the document's own currency, BT-110. */
export function vatTotalIn(
  reader: Reader,
  settlement: XmlNode | undefined,
  currency: string,
): Decimal | null {
  const all = vatTotals(reader, settlement);
  return (all.find((total) => total.currency === currency) ?? all[0])?.amount ?? null;
}
