import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { today } from "#core/lib/dates.ts";
import { DomainError, notFound, refused } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import type { Payment } from "#core/model/invoice.ts";
import type { NewPayment } from "#core/model/invoice-input.ts";
import { assertPayable, settled } from "#core/model/paid.ts";
import { Decimal } from "#core/lib/decimal.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import type { Announced } from "#core/store/out.ts";
import { invoices, type StoredInvoice } from "./collection.ts";
import { getInvoice } from "./get.ts";
import { after } from "./timeline.ts";

/** A payment and the invoice as it stands after it. */
export interface Paid {
  readonly payment: Payment;
  readonly invoice: StoredInvoice;
}

/** Records money received. Throws `invalid` for more than the balance, another currency, or nothing to pay. */
export function recordPayment(actor: CompanyActor, invoiceId: string, input: NewPayment): Promise<Paid> {
  assertCan(actor, "payment.create");
  assertCan(actor, "invoice.view");
  if (Decimal.from(input.amount).sign <= 0)
    throw refused("A payment must be more than nothing.", { amount: "must be positive" });
  const id = newId();
  return untilCommitted(async () => {
    const invoice = await getInvoice(actor.companyId, invoiceId);
    const payment = paymentOf(id, input, invoice);
    assertPayable(invoice, payment);
    const next = withPayment(actor, invoice, payment);
    const events = [
      { name: "payment.created" as const, ref: id },
      ...(next.paidAt === null ? [] : [{ name: "invoice.paid" as const }]),
    ];
    const write = invoices.replace(actor.companyId, invoice, next, { events });
    await commit([write, ...claim(actor, id, { fiscal: true })]);
    return { payment, invoice: write.value };
  });
}

/** The invoice with one more payment in it. */
export function withPayment(actor: CompanyActor, invoice: StoredInvoice, payment: Payment): StoredInvoice {
  const details = { paymentId: payment.id, amount: payment.amount, method: payment.paymentMethod };
  return after(invoice, settled(invoice, [...invoice.payments, payment]), {
    actor,
    action: "payment_recorded",
    details,
  });
}

const paymentOf = (id: string, input: NewPayment, { currency }: StoredInvoice): Payment => ({
  id,
  amount: input.amount,
  currency: input.currency ?? currency,
  paymentDate: input.paymentDate ?? today(),
  paymentMethod: input.paymentMethod ?? "bank_transfer",
  reference: input.reference ?? null,
  notes: input.notes ?? null,
  isReconciled: false,
  createdAt: instant(),
});

/** A recorded payment as it is now, with its invoice; throws `not_found` when it was deleted. */
export async function getPayment(actor: CompanyActor, invoiceId: string, id: string): Promise<Paid> {
  const invoice = await getInvoice(actor.companyId, invoiceId);
  const payment = invoice.payments.find((one) => one.id === id);
  if (!payment) throw notFound("Payment");
  return { payment, invoice };
}

/** Removes a payment; the invoice is unpaid again as far as that goes. A reconciled one stays: 409. */
export function removePayment(actor: CompanyActor, invoiceId: string, id: string): Promise<void> {
  assertCan(actor, "payment.delete");
  assertCan(actor, "invoice.view");
  return untilCommitted(async () => {
    const { invoice, payment } = await getPayment(actor, invoiceId, id);
    if (payment.isReconciled) throw new DomainError("conflict", "A reconciled payment cannot be deleted.");
    const rest = invoice.payments.filter((one) => one.id !== id);
    const details = { paymentId: id, amount: payment.amount };
    const next = after(invoice, settled(invoice, rest), { actor, action: "payment_deleted", details });
    await commit([
      invoices.replace(actor.companyId, invoice, next, { events: [deletion(invoice, payment)] }),
    ]);
  });
}

/** A payment that is gone tells for itself what it was: the row does not know it any more. */
const deletion = ({ id: invoiceId }: StoredInvoice, payment: Payment): Announced => ({
  name: "payment.deleted",
  data: {
    id: payment.id,
    paymentId: payment.id,
    invoice_id: invoiceId,
    invoiceId,
    amount: Decimal.from(payment.amount).toNumber(),
    currency: payment.currency,
    payment_method: payment.paymentMethod,
    paymentMethod: payment.paymentMethod,
  },
});

/** Pays what is left, by the method and on the day given. Throws `invalid` when nothing is left. */
export async function markPaid(
  actor: CompanyActor,
  invoiceId: string,
  { paymentMethod, paidAt }: { paymentMethod: NewPayment["paymentMethod"]; paidAt: string | null },
): Promise<void> {
  const invoice = await getInvoice(actor.companyId, invoiceId);
  if (invoice.paidAt !== null || Decimal.from(invoice.balance).isZero)
    throw refused("Invoice is already fully paid.");
  await recordPayment(actor, invoiceId, {
    amount: invoice.balance,
    paymentMethod: paymentMethod ?? "bank_transfer",
    paymentDate: paidAt ?? today(),
  });
}

/** Removes every payment. Throws `invalid` when there is none; what settled itself stays settled. */
export function markUnpaid(actor: CompanyActor, invoiceId: string): Promise<void> {
  assertCan(actor, "payment.delete");
  return untilCommitted(async () => {
    const invoice = await getInvoice(actor.companyId, invoiceId);
    if (invoice.payments.length === 0) throw refused("Invoice has no payments.");
    if (invoice.payments.some(({ isReconciled }) => isReconciled))
      throw new DomainError("conflict", "A reconciled payment cannot be deleted.");
    const details = { count: invoice.payments.length };
    const next = after(invoice, settled(invoice, []), { actor, action: "all_payments_deleted", details });
    const events = invoice.payments.map((payment) => deletion(invoice, payment));
    await commit([
      invoices.replace(actor.companyId, invoice, next, { events }),
      ...claim(actor, invoiceId, { fiscal: true }),
    ]);
  });
}
