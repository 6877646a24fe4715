import { paymentMeansCode } from "#core/model/codes.ts";
import type { Invoice, IssuableDocument } from "#core/model/invoice.ts";
import { documentSums } from "#core/model/totals.ts";
import { invoiceLine, invoicePeriod } from "./lines.ts";
import { element, group, limited, oneLine, pieces } from "./markup.ts";
import { buyerParty, delivery, payeeParty, sellerParty } from "./parties.ts";
import { RO_CIUS, type Profile } from "./profiles.ts";
import { references } from "./references.ts";
import type { Money } from "./sums.ts";
import { documentAllowances, monetaryTotal, taxTotals } from "./sums.ts";

const UBL = "urn:oasis:names:specification:ubl:schema:xsd";
const COMMON = ` xmlns:cac="${UBL}:CommonAggregateComponents-2" xmlns:cbc="${UBL}:CommonBasicComponents-2"`;

/** Mention the law asks for when VAT is due on collection (Codul fiscal, art. 319 alin. 20 lit. p). */
const VAT_ON_COLLECTION = "TVA la încasare";
const DUE_ON_ISSUE = "Plata la emitere";

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
  const notes = notesOf(writing);
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

/** BT-8: what the author said, else 432 (on payment) for VAT on collection. It excludes a tax point date (BR-CO-03). */
function taxPointCode(invoice: Invoice): string | null {
  if (invoice.taxPointDate) return null;
  const given = invoice.taxPointDateCode ?? invoice.ublExtensions?.invoicePeriod?.descriptionCode;
  return given ?? (invoice.tvaLaIncasare ? "432" : null);
}

/** Notes, BT-22, cut to the profile's length. A code between number signs would be read as a subject code (BR-CL-08). */
function notesOf({ invoice, profile }: Writing): string {
  const mention = invoice.tvaLaIncasare ? VAT_ON_COLLECTION : null;
  // One character is kept for the blank that keeps a subject code from appearing.
  return [invoice.notes, invoice.mentions, mention]
    .flatMap((note) => (note ? pieces(note, profile.notes.length - 1) : []))
    .slice(0, profile.notes.most)
    .map((note) => element("cbc:Note", note.replace(/^([^#]*#)([^#]{3}#)/, "$1 $2")))
    .join("");
}

function parties({ document, invoice }: Writing): string {
  const outOfScope = invoice.lines.length > 0 && invoice.lines.every((line) => line.vatCategoryCode === "O");
  return (
    sellerParty(document.seller, outOfScope) +
    buyerParty(document.buyer, outOfScope) +
    payeeParty(invoice, document.seller) +
    delivery(invoice.ublExtensions?.delivery)
  );
}

function settlement(writing: Writing): string {
  const { invoice, money } = writing;
  const sums = documentSums(invoice.lines, invoice.ublExtensions);
  const toPay = money.isTurned ? sums.payable.negated() : sums.payable;
  return (
    paymentMeans(writing) +
    paymentTerms(writing, toPay.sign > 0) +
    documentAllowances(invoice.ublExtensions?.allowanceCharges, money) +
    taxTotals(sums, money, taxCurrency(writing)) +
    monetaryTotal(sums, money)
  );
}

/** Payment instructions, BG-16: one per account. A credit note has its due date here. */
function paymentMeans({ document, invoice, isCreditNote }: Writing): string {
  const own = invoice.payeeBankAccount
    ? [{ iban: invoice.payeeBankAccount, bankName: invoice.payeeBankName, currency: invoice.currency }]
    : document.bankAccounts;
  const code = paymentMeansCode(invoice.paymentMethod, own.length > 0);
  const inCurrency = own.filter((account) => account.currency === invoice.currency);
  const accounts = code === "30" ? (inCurrency.length > 0 ? inCurrency : own) : [undefined];
  return accounts
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

/** Payment terms, BT-20. Something to pay needs a due date or terms (BR-CO-25). */
function paymentTerms({ invoice, isCreditNote }: Writing, isPayable: boolean): string {
  const isUndated = isCreditNote || !invoice.dueDate;
  const terms = limited(invoice.paymentTerms, 300) || (isUndated && isPayable ? DUE_ON_ISSUE : "");
  return group("cac:PaymentTerms", element("cbc:Note", terms));
}
