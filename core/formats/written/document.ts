import { carried, oneLine, pieces } from "#core/formats/markup.ts";
import { paymentMeansCode } from "#core/model/codes.ts";
import type { Invoice, IssuableDocument } from "#core/model/invoice.ts";
import type { PaymentAccount } from "#core/model/party.ts";

/** Mention the law asks for when VAT is due on collection (Codul fiscal, art. 319 alin. 20 lit. p). */
const VAT_ON_COLLECTION = "TVA la încasare";
const DUE_ON_ISSUE = "Plata la emitere";

/** Whether all lines are out of scope of VAT, and then nobody may show a VAT id (BR-O-02). */
export const isOutOfScope = ({ lines }: Invoice): boolean =>
  lines.length > 0 && lines.every((line) => line.vatCategoryCode === "O");

/** BT-8: what the author said, else 432 (on payment) for VAT on collection. It excludes a tax point date (BR-CO-03). */
export function taxPointCode(invoice: Invoice): string | null {
  if (invoice.taxPointDate) return null;
  const given = invoice.taxPointDateCode ?? invoice.ublExtensions?.invoicePeriod?.descriptionCode;
  return given ?? (invoice.tvaLaIncasare ? "432" : null);
}

/** Notes, BT-22, in pieces of at most `length` characters. A code between number signs would be read as a subject code (BR-CL-08). */
export function notesOf(invoice: Invoice, { most, length }: { most: number; length: number }): string[] {
  const mention = invoice.tvaLaIncasare ? VAT_ON_COLLECTION : null;
  // One character is kept for the blank that keeps a subject code from appearing.
  return [invoice.notes, invoice.mentions, mention]
    .flatMap((note) => (note ? pieces(carried(note), length - 1) : []))
    .slice(0, most)
    .map((note) => note.replace(/^([^#]*#)([^#]{3}#)/u, "$1 $2"));
}

/**
 * Payment instructions, BG-16: the means and the accounts to pay into. A transfer names at least one; other means none.
 */
export function paymentOf({ invoice, bankAccounts }: IssuableDocument): {
  code: string;
  accounts: readonly PaymentAccount[];
} {
  const own = invoice.payeeBankAccount
    ? [{ iban: invoice.payeeBankAccount, bankName: invoice.payeeBankName, currency: invoice.currency }]
    : bankAccounts;
  const code = paymentMeansCode(invoice.paymentMethod, own.length > 0);
  const inCurrency = own.filter((account) => account.currency === invoice.currency);
  return { code, accounts: code === "30" ? (inCurrency.length > 0 ? inCurrency : own) : [] };
}

/** Payment terms, BT-20. Something to pay needs a due date or terms (BR-CO-25). */
export const paymentTermsOf = (
  invoice: Invoice,
  { isPayable, isUndated }: { isPayable: boolean; isUndated: boolean },
): string => oneLine(invoice.paymentTerms) || (isUndated && isPayable ? DUE_ON_ISSUE : "");
