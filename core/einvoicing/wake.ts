import { followSubmission } from "#core/documents/invoices/efactura.ts";
import type { Attempt } from "./attempts.ts";
import { attempts, openAttempts } from "./attempts.ts";
import { commit } from "#core/store/commit.ts";
import { Stale } from "#core/store/write.ts";
import type { Mailbox } from "./mailbox.ts";

/** Has every document that waits to be uploaded tried at once: a connection or a right came back. */
export async function wakeWaiting(mailbox: Pick<Mailbox, "organizationId" | "companyId">): Promise<void> {
  const open = await attempts.findBy(openAttempts(mailbox.companyId));
  const waiting = open.filter(({ state, nextAt }) => state === "prepared" && nextAt !== null);
  await Promise.all(waiting.map((attempt) => wake(mailbox, attempt)));
}

async function wake(mailbox: Pick<Mailbox, "organizationId" | "companyId">, attempt: Attempt): Promise<void> {
  const follow = [followSubmission(mailbox, attempt.invoiceId)];
  try {
    await commit([attempts.replace(mailbox.companyId, attempt, { ...attempt, nextAt: null }, { follow })]);
  } catch (error) {
    // Somebody is at it already.
    if (!(error instanceof Stale)) throw error;
  }
}
