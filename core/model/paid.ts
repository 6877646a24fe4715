import type { Instant } from "#core/lib/dates.ts";
import { Decimal, sum } from "#core/lib/decimal.ts";
import type { DecimalText } from "#core/lib/decimal.ts";
import { refused } from "#core/lib/error.ts";
import type { Invoice, Payment } from "./invoice.ts";

/** What payments make of an invoice. */
export type Settlement = Pick<Invoice, "payments" | "amountPaid" | "balance" | "paidAt" | "paymentMethod">;

/**
 * Recomputes an invoice after its payments changed. Fully paid means paid at the latest payment's day by that payment's
 * method; a partial payment leaves `paidAt` empty; without payments the method is empty too. The status never moves.
 */
export function settled(
  invoice: Pick<Invoice, "payable" | "paymentMethod">,
  payments: Payment[],
): Settlement {
  const amountPaid = sum(payments.map((payment) => payment.amount));
  const balance = Decimal.from(invoice.payable).minus(amountPaid);
  const latest = payments.reduce<Payment | undefined>(
    (last, payment) => (last && last.paymentDate > payment.paymentDate ? last : payment),
    undefined,
  );
  const isPaid = latest !== undefined && balance.sign <= 0;
  return {
    payments,
    amountPaid: amountPaid.text(),
    balance: balance.text(),
    paidAt: isPaid ? startOf(latest.paymentDate) : null,
    paymentMethod: isPaid ? latest.paymentMethod : latest ? invoice.paymentMethod : null,
  };
}

const startOf = (day: string): Instant => `${day}T00:00:00.000Z`;

/** A document with nothing to collect (a reversal, a credit note) counts as settled from the moment it is issued. */
export const isSelfSettled = (invoice: Pick<Invoice, "payable">): boolean =>
  Decimal.from(invoice.payable).sign <= 0;

/** Refuses a payment that the invoice cannot take: in another currency, or more than what is left. */
export function assertPayable(
  invoice: Pick<Invoice, "payable" | "balance" | "currency" | "status">,
  payment: { amount: DecimalText; currency: string },
): void {
  if (invoice.status === "draft" || invoice.status === "cancelled")
    throw refused(`A ${invoice.status} invoice cannot be paid.`);
  if (isSelfSettled(invoice)) throw refused("There is nothing to pay on an invoice that is not positive.");
  if (payment.currency !== invoice.currency)
    throw refused(`The payment must be in ${invoice.currency}.`, { currency: `must be ${invoice.currency}` });
  if (Decimal.from(payment.amount).compare(invoice.balance) > 0)
    throw refused(`The payment is larger than the balance of ${invoice.balance} ${invoice.currency}.`, {
      amount: `must be at most ${invoice.balance}`,
    });
}
