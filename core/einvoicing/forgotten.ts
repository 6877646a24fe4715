import { columns, invoices, type StoredInvoice } from "#core/documents/invoices/collection.ts";
import { followSubmission } from "#core/documents/invoices/efactura.ts";
import { now } from "#core/lib/clock.ts";
import { follow } from "#core/store/due.ts";
import { listRows } from "#core/store/listing.ts";
import { attemptsOf } from "./attempts.ts";
import type { Mailbox } from "./mailbox.ts";

/** A submission that should have moved this long ago has lost its message. */
const forgottenMs = 2 * 3_600_000;

/** What one look takes up again; the rest is the next look's. */
const mostAtOnce = 100;

/**
 * Takes up submissions whose next message was lost for good: it failed until it lay among the dead letters, or what
 * announced it did. Every step asks what is still to be done, so that one message too many does no harm. Answers how
 * many were taken up.
 */
export async function recoverForgotten(mailbox: Mailbox): Promise<number> {
  const { companyId } = mailbox;
  const { ids } = await listRows(companyId, invoices, columns, {
    where: ({ status }) => status === "sent_to_provider",
    sort: "id",
    descending: false,
    page: 1,
    limit: mostAtOnce,
  });
  const waiting = await invoices.getMany(companyId, ids);
  const forgotten = await Promise.all(
    waiting.map(async (invoice) => ((await isForgotten(companyId, invoice)) ? [invoice.id] : [])),
  );
  await Promise.all(forgotten.flat().map((id) => follow(followSubmission(mailbox, id))));
  return forgotten.flat().length;
}

async function isForgotten(companyId: string, { id, status, submission }: StoredInvoice): Promise<boolean> {
  if (status !== "sent_to_provider" || !submission) return false;
  const last = (await attemptsOf(companyId, id)).at(-1);
  const expectedAt = last?.nextAt ?? last?.sendingAt ?? submission.startedAt;
  return Date.parse(expectedAt) < now() - forgottenMs;
}
