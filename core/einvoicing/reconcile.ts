import type { StoredInvoice } from "#core/documents/invoices/collection.ts";
import { followSubmission } from "#core/documents/invoices/efactura.ts";
import { instant, instantIn } from "#core/lib/clock.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { listRows } from "#core/store/listing.ts";
import { type Attempt, attemptId, attempts, untried } from "./attempts.ts";
import { glance } from "./glance.ts";
import type { Mailbox } from "./mailbox.ts";
import { messageColumns, messages, messagesAbout, takeUp } from "./messages.ts";
import { rejected } from "./settle.ts";

/** Seconds from one look for a lost upload to the next; the last is repeated. */
const pauses = [60, 180, 600, 1800, 3600];

/** Documents that are given another turn at a look. */
const mostTakenUp = 20;

/**
 * Looks for an upload whose answer was lost. What ANAF lists is downloaded and compared by its hash, and a match
 * settles the attempt (downloads.ts), so here is only left to look, to wait, and, when the time in which it would have
 * shown has passed and every list was read, to send the same bytes again.
 */
export async function reconcile(mailbox: Mailbox, invoice: StoredInvoice, attempt: Attempt): Promise<void> {
  if (attempt.suspect && (await isForeign(mailbox, attempt, attempt.suspect.index)))
    return giveIn(mailbox, attempt);
  const look = await glance(mailbox);
  const isOverdue = attempt.resendAt !== null && attempt.resendAt <= instant();
  if (!isOverdue) return lookAgain(mailbox, attempt, pauses[attempt.looks] ?? 3600);
  if (attempt.suspect) return giveIn(mailbox, attempt);
  // Absence counts only when the lists were read to the end and all they showed was opened.
  if (look && !look.isComplete) return lookAgain(mailbox, attempt, 900);
  if (!look || (await hasUnopened(mailbox, attempt))) return lookAgain(mailbox, attempt, 60);
  await sendAgain(mailbox, invoice, attempt);
}

/** Whether the document ANAF has under that index was seen and is not ours: same number, other bytes. */
async function isForeign({ companyId }: Mailbox, attempt: Attempt, index: string): Promise<boolean> {
  const about = await messagesAbout(companyId, attempt.environment, index);
  const sent = about.find(({ type }) => type === "FACTURA_TRIMISA");
  return sent?.archive ? sent.archive.sha256 !== attempt.sha256 : false;
}

/** Another document holds the number: the rejection stands. */
async function giveIn({ companyId }: Mailbox, { id }: Attempt): Promise<void> {
  await untilCommitted(async () => {
    const attempt = await attempts.find(companyId, id);
    if (attempt?.state !== "unknown" || !attempt.suspect) return;
    await commit(await rejected(companyId, attempt, { errors: attempt.suspect.texts, state: "rejected" }));
  });
}

/**
 * Whether a list showed sent documents, since shortly before ours left, that nobody has opened yet. Those whose turn to
 * be opened was lost get another: one of them may be ours.
 */
async function hasUnopened(mailbox: Mailbox, { sendingAt }: Attempt): Promise<boolean> {
  const { companyId } = mailbox;
  const from = new Date(Date.parse(sendingAt!) - 300_000).toISOString();
  const { total, ids } = await listRows(companyId, messages, messageColumns, {
    where: ({ type, status, createdAt }) =>
      type === "FACTURA_TRIMISA" && status === "received" && (createdAt ?? "") >= from,
    sort: "id",
    descending: true,
    page: 1,
    limit: mostTakenUp,
  });
  const unopened = await messages.getMany(companyId, ids);
  await Promise.all(unopened.map((message) => takeUp(mailbox, message)));
  return total > 0;
}

async function lookAgain(mailbox: Mailbox, { id, looks }: Attempt, seconds: number): Promise<void> {
  await untilCommitted(async () => {
    const attempt = await attempts.find(mailbox.companyId, id);
    if (attempt?.state !== "unknown" || attempt.looks !== looks) return;
    const nextAt = instantIn(seconds);
    const follow = [followSubmission(mailbox, attempt.invoiceId, nextAt)];
    await commit([
      attempts.replace(mailbox.companyId, attempt, { ...attempt, looks: looks + 1, nextAt }, { follow }),
    ]);
  });
}

/** The attempt is lost; the next one takes its place with the same bytes, in one write. */
async function sendAgain(mailbox: Mailbox, { id: invoiceId }: StoredInvoice, { id }: Attempt): Promise<void> {
  const { companyId } = mailbox;
  await untilCommitted(async () => {
    const lost = await attempts.find(companyId, id);
    if (lost?.state !== "unknown") return;
    const { submission, upload, rev: _rev, ...same } = lost;
    const next = {
      ...same,
      ...untried,
      id: attemptId(invoiceId, submission, upload + 1),
      submission,
      upload: upload + 1,
      state: "prepared" as const,
      preparedAt: instant(),
    };
    await commit([
      attempts.replace(companyId, lost, { ...lost, state: "lost", nextAt: null, endedAt: instant() }),
      attempts.insert(companyId, next, { follow: [followSubmission(mailbox, invoiceId)] }),
    ]);
  });
}
