import { Decimal } from "#core/lib/decimal.ts";
import type { InvoiceLine } from "#core/model/invoice.ts";
import { signedSum } from "#core/model/totals.ts";
import type { LineAllowanceCharge } from "#core/model/ubl-extensions.ts";

/** Decimals of a net price worked out of one that includes VAT: enough for any quantity to give the right cents. */
const NET_PRICE_DECIMALS = 10;

/** Price without VAT, BT-146. */
export function netPriceOf(line: InvoiceLine): Decimal {
  const price = Decimal.from(line.unitPrice);
  if (!line.vatIncluded) return price;
  return price.times(100).dividedBy(Decimal.from(line.vatRate).plus(100), NET_PRICE_DECIMALS);
}

/** An entry as a document with positive figures reads it: on a credit note an allowance of the model is a charge. */
export const asRead = <Entry extends LineAllowanceCharge>(entry: Entry, isTurned: boolean): Entry =>
  isTurned ? { ...entry, chargeIndicator: !entry.chargeIndicator, reasonCode: null } : entry;

/**
 * Allowances and charges of a line as its document reads them, BG-27 and BG-28. The discount is whatever lies between
 * quantity times net price and the line's net, so that BT-131 always adds up. On a reversal it has the other sign and is
 * written as a charge.
 */
export function lineEntries(line: InvoiceLine, price: Decimal, isTurned: boolean): LineAllowanceCharge[] {
  const entries = line.ublExtensions?.allowanceCharges ?? [];
  const gross = price.times(line.quantity).round(2);
  const signed = gross.plus(signedSum(entries)).minus(line.lineTotal);
  const discount = isTurned ? signed.negated() : signed;
  const written = entries.map((entry) => asRead(entry, isTurned));
  if (discount.isZero) return written;
  const isCharge = discount.sign < 0;
  const reason = isCharge ? { reason: "Reducere stornată" } : { reasonCode: "95", reason: "Reducere" };
  return [{ amount: discount.abs().text(), chargeIndicator: isCharge, ...reason }, ...written];
}

/** Why something was allowed or charged, when its author did not say: one of reason and code must be there (BR-33, BR-38). */
export const reasonOf = (entry: LineAllowanceCharge): string | null =>
  entry.reason || (entry.reasonCode ? null : entry.chargeIndicator ? "Cost suplimentar" : "Reducere");
