import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { refused } from "#core/lib/error.ts";
import { numberOf, series, type Series } from "#core/companies/document-series.ts";
import { assertCancellable, assertRemovable, assertRestorable } from "#core/model/lifecycle.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import type { Write } from "#core/store/write.ts";
import { invoices, type StoredInvoice } from "./collection.ts";
import { isUnnumbered } from "./draft.ts";
import { getInvoice } from "./get.ts";
import { linkedTo, unlinkedFrom } from "./refunds.ts";
import { after } from "./timeline.ts";

/** Cancels a draft, or an issued invoice the authority does not have. Its number stays its own. */
export function cancel(actor: CompanyActor, id: string, reason: string | null): Promise<StoredInvoice> {
  assertCan(actor, "invoice.cancel");
  return untilCommitted(async () => {
    const invoice = await getInvoice(actor.companyId, id);
    assertCancellable(invoice);
    if (invoice.refundInvoices.length > 0) throw refused("An invoice that was reversed cannot be cancelled.");
    const changes = {
      status: "cancelled" as const,
      cancelledAt: instant(),
      cancellationReason: reason,
      scheduledSendAt: null,
      scheduledEmailAt: null,
    };
    const cancelled = after(invoice, changes, { actor, action: "cancelled", details: { reason } });
    const write = invoices.replace(actor.companyId, invoice, cancelled, {
      events: [{ name: "invoice.cancelled" }],
    });
    await commit([write, ...(await unlinkedFrom(invoice)), ...claim(actor, id, { fiscal: true })]);
    return write.value;
  });
}

/** Brings a cancelled invoice back as a draft. A number it had stays with it and is used again when it is issued. */
export function restore(actor: CompanyActor, id: string): Promise<StoredInvoice> {
  assertCan(actor, "invoice.edit");
  return untilCommitted(async () => {
    const invoice = await getInvoice(actor.companyId, id);
    assertRestorable(invoice);
    const changes = {
      status: "draft" as const,
      cancelledAt: null,
      cancellationReason: null,
      sellerSnapshot: null,
      bankAccounts: [],
      xmlSha256: null,
    };
    const write = invoices.replace(
      actor.companyId,
      invoice,
      after(invoice, changes, { actor, action: "restored" }),
      { events: [{ name: "invoice.updated" }] },
    );
    await commit([write, ...(await linkedTo(write.value)), ...claim(actor, id, { fiscal: true })]);
    return write.value;
  });
}

/** Drops the e-mail that was to be sent later; no mistake when there is none. */
export function cancelScheduledEmail(actor: CompanyActor, id: string): Promise<StoredInvoice> {
  assertCan(actor, "invoice.edit");
  return untilCommitted(async () => {
    const invoice = await getInvoice(actor.companyId, id);
    if (invoice.scheduledEmailAt === null) return invoice;
    const changes = { scheduledEmailAt: null, updatedAt: instant() };
    const write = invoices.replace(actor.companyId, invoice, { ...invoice, ...changes });
    await commit([write, ...claim(actor, id, { fiscal: false })]);
    return write.value;
  });
}

/**
 * Deletes a draft or cancelled invoice: it is hidden, never erased. When it holds the last number of its series, the
 * series gives that number again (DECISIONS 10).
 */
export function remove(actor: CompanyActor, id: string): Promise<void> {
  assertCan(actor, "invoice.delete");
  return untilCommitted(async () => {
    const invoice = await getInvoice(actor.companyId, id);
    assertRemovable(invoice);
    const deleted = invoices.replace(actor.companyId, invoice, { ...invoice, deletedAt: instant() });
    const [unlinked, returned] = await Promise.all([unlinkedFrom(invoice), numberReturned(invoice)]);
    await commit([deleted, ...unlinked, ...returned, ...claim(actor, id, { fiscal: true })]);
  });
}

/** The write that gives a number back to its series, if it is the last one there. */
async function numberReturned(invoice: StoredInvoice): Promise<Write[]> {
  if (isUnnumbered(invoice) || invoice.documentSeriesId === null) return [];
  const of = await series.find(invoice.companyId, invoice.documentSeriesId);
  if (!of || numberOf(of.prefix, of.currentNumber) !== invoice.number) return [];
  const before = of.currentNumber - 1;
  const stepped: Series = { ...of, currentNumber: before, highestTaken: Math.min(of.highestTaken, before) };
  return [series.replace(invoice.companyId, of, stepped)];
}
