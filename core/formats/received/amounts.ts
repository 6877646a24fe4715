import { Decimal } from "#core/lib/decimal.ts";
import type { InvoiceLine } from "#core/model/invoice.ts";
import { VAT_CATEGORIES } from "#core/model/words.ts";

/** Applied to every amount and quantity: −1 for a credit note written with positive figures, else 1. */
export type Sign = 1 | -1;

/**
 * A credit note credits, however its sender wrote the figures: the standard wants them positive, but many programs write
 * them negative. Invoices mean what they say.
 */
export const signOf = (isCreditNote: boolean, total: Decimal | null): Sign =>
  isCreditNote && (total === null || total.sign >= 0) ? -1 : 1;

/** An amount with the sign of our model; nothing is zero. */
export const signed = (value: Decimal | null, sign: Sign): Decimal =>
  value === null ? Decimal.zero : sign < 0 ? value.negated() : value;

/** Enough to keep a price given for 1 000 pieces exact. */
const PRICE_DECIMALS = 10;

/** Net price of one unit: the price may be given for a base quantity (BT-149). */
export const unitPriceOf = (amount: Decimal, base: Decimal | null): Decimal =>
  base === null || base.isZero || base.equals(1) ? amount : amount.dividedBy(base, PRICE_DECIMALS);

/** VAT as a line or an allowance states it. A category unknown here is taxed (S) when it has a rate, else Z. */
export function vatOf(
  category: string | null,
  percent: Decimal | null,
): Pick<InvoiceLine, "vatCategoryCode" | "vatRate"> {
  const rate = percent ?? Decimal.zero;
  const known = VAT_CATEGORIES.find((one) => one === category);
  return { vatCategoryCode: known ?? (rate.isZero ? "Z" : "S"), vatRate: rate.text() };
}

const METHODS: Readonly<Record<string, string>> = {
  "10": "cash",
  "20": "cheque",
  "30": "bank_transfer",
  "31": "bank_transfer",
  "42": "bank_transfer",
  "48": "card",
  "54": "card",
  "55": "card",
  "58": "bank_transfer",
};

/** How it is to be paid, by its UNTDID 4461 code (BT-81); null for means the model has no word for. */
export const paymentMethodOf = (code: string | null): string | null => METHODS[code ?? ""] ?? null;

/** Code of a classified item by its list: CPV is what some senders write although the official list calls it STI. */
export function classified(
  codes: readonly { readonly list: string | null; readonly code: string | null }[],
): Pick<InvoiceLine, "cpvCode" | "ncCode"> {
  const first = (...lists: string[]) =>
    codes.find(({ list, code }) => code !== null && lists.includes(list ?? ""))?.code ?? null;
  return { cpvCode: first("STI", "CPV"), ncCode: first("TSP") };
}

/** Whether a group of optional parts says nothing at all. */
export const saysNothing = (parts: object): boolean =>
  Object.values(parts).every((part) => part === null || (Array.isArray(part) && part.length === 0));
