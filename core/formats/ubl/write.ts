import {
  isOutOfScope,
  notesOf,
  paymentOf,
  paymentTermsOf,
  taxPointCode,
} from "#core/formats/written/document.ts";
import type { Invoice, IssuableDocument } from "#core/model/invoice.ts";
import { documentSums } from "#core/model/totals.ts";
import { invoiceLine, invoicePeriod } from "./lines.ts";
import { element, group, limited, oneLine } from "../markup.ts";
import { buyerParty, delivery, payeeParty, sellerParty } from "./parties.ts";
import { RO_CIUS, type Profile } from "./profiles.ts";
import { references } from "./references.ts";
import type { Money } from "./sums.ts";
import { documentAllowances, monetaryTotal, taxTotals } from "./sums.ts";

const UBL = "urn:oasis:names:specification:ubl:schema:xsd";
const COMMON = ` xmlns:cac="${UBL}:CommonAggregateComponents-2" xmlns:cbc="${UBL}:CommonBasicComponents-2"`;

/** What every part of the document needs to know. */
interface Writing {
  document: IssuableDocument;
  invoice: Invoice;
  profile: Profile;
  money: Money;
  isCreditNote: boolean;
}

/**
 * A document as UBL 2.1, UTF-8: an Invoice, or a CreditNote with all signs turned positive. The same document always
 * gives the same bytes. It writes what it is given: whether the result meets the rules is for core/rules to say.
 */
export function writeUbl(document: IssuableDocument, profile: Profile = RO_CIUS): Uint8Array {
  const { invoice } = document;
  const isCreditNote = invoice.documentType === "credit_note";
  const money = { currency: invoice.currency, isTurned: isCreditNote };
  const writing = { document, invoice, profile, money, isCreditNote };
  const root = isCreditNote ? "CreditNote" : "Invoice";
  const body = header(writing) + references(document, isCreditNote) + parties(writing) + settlement(writing);
  const start = `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${UBL}:${root}-2"${COMMON}>\n`;
  const parts = [start + body, ...invoice.lines.map((line) => invoiceLine(line, money)), `</${root}>\n`];
  // Encoded part by part: one letter beyond Latin-1 makes the text it stands in slow to join and to encode.
  return Buffer.concat(parts.map((part) => Buffer.from(part, "utf8")));
}

/** The tax currency, when the document is in another one and its rate is known (BT-6). */
function taxCurrency({ invoice, profile }: Writing): { currency: string; exchangeRate: string } | undefined {
  if (profile.taxCurrency === null || profile.taxCurrency === invoice.currency) return undefined;
  return invoice.exchangeRate
    ? { currency: profile.taxCurrency, exchangeRate: invoice.exchangeRate }
    : undefined;
}

function header(writing: Writing): string {
  const { invoice, profile, isCreditNote } = writing;
  const taxPoint = element("cbc:TaxPointDate", invoice.taxPointDate);
  const notes = notesOf(invoice, profile.notes)
    .map((note) => element("cbc:Note", note))
    .join("");
  const kind = isCreditNote
    ? taxPoint + element("cbc:CreditNoteTypeCode", "381") + notes
    : element("cbc:DueDate", invoice.dueDate) +
      element("cbc:InvoiceTypeCode", invoice.untdidTypeCode) +
      notes +
      taxPoint;
  return (
    element("cbc:CustomizationID", profile.customizationId) +
    element("cbc:ProfileID", oneLine(invoice.businessProcessType) || profile.profileId) +
    element("cbc:ID", limited(invoice.number, 200)) +
    element("cbc:IssueDate", invoice.issueDate) +
    kind +
    element("cbc:DocumentCurrencyCode", invoice.currency) +
    element("cbc:TaxCurrencyCode", taxCurrency(writing)?.currency) +
    element("cbc:AccountingCost", limited(invoice.buyerAccountingReference, 100)) +
    element("cbc:BuyerReference", oneLine(invoice.buyerReference)) +
    invoicePeriod(invoice.ublExtensions?.invoicePeriod, taxPointCode(invoice))
  );
}

function parties({ document, invoice, profile }: Writing): string {
  const outOfScope = isOutOfScope(invoice);
  const addresses = profile.addresses?.(document);
  return (
    sellerParty(document.seller, outOfScope, addresses?.seller) +
    buyerParty(document.buyer, outOfScope, {
      address: addresses?.buyer,
      isNumbered: profile.numbersConsumers,
    }) +
    payeeParty(invoice, document.seller) +
    delivery(invoice.ublExtensions?.delivery)
  );
}

function settlement(writing: Writing): string {
  const { invoice, money, profile } = writing;
  const sums = documentSums(invoice.lines, invoice.ublExtensions);
  const toPay = money.isTurned ? sums.payable.negated() : sums.payable;
  return (
    paymentMeans(writing) +
    paymentTerms(writing, toPay.sign > 0) +
    documentAllowances(invoice.ublExtensions?.allowanceCharges, money) +
    taxTotals(sums, money, { inTaxCurrency: taxCurrency(writing), ratesAll: profile.ratesAll }) +
    monetaryTotal(sums, money)
  );
}

/** Payment instructions, BG-16: one per account. A credit note has its due date here. */
function paymentMeans({ document, invoice, isCreditNote }: Writing): string {
  const { code, accounts } = paymentOf(document);
  return (accounts.length > 0 ? accounts : [undefined])
    .map((account) =>
      group(
        "cac:PaymentMeans",
        element("cbc:PaymentMeansCode", code) +
          element("cbc:PaymentDueDate", isCreditNote ? invoice.dueDate : null) +
          group(
            "cac:PayeeFinancialAccount",
            element("cbc:ID", account && oneLine(account.iban)) +
              element("cbc:Name", account && limited(account.bankName, 200)),
          ),
      ),
    )
    .join("");
}

/** Payment terms, BT-20. */
function paymentTerms({ invoice, isCreditNote, profile }: Writing, isPayable: boolean): string {
  const isUndated = isCreditNote || !invoice.dueDate;
  const { termLines } = profile;
  const terms = termLines
    ? linesOf(invoice.paymentTerms ?? (isUndated && isPayable ? termLines.dueAtOnce : ""))
    : limited(paymentTermsOf(invoice, { isPayable, isUndated }), 300);
  return group("cac:PaymentTerms", element("cbc:Note", terms));
}

/** Terms as lines; one for machines (`#SKONTO#…#`) ends with a line feed even where it is the last. */
function linesOf(terms: string): string {
  const lines = terms.trim().split(/\s*\n\s*/);
  return lines.join("\n") + (lines.at(-1)!.startsWith("#") ? "\n" : "");
}
