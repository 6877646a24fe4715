import { followSubmission, markVerdict } from "#core/documents/invoices/efactura.ts";
import { invoices } from "#core/documents/invoices/collection.ts";
import { instant, instantIn } from "#core/lib/clock.ts";
import { duplicateIndex } from "#core/providers/anaf/classify.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import type { Write } from "#core/store/write.ts";
import { type Attempt, attempts, attemptsOf, claimIndex, findByIndex, isFinal } from "./attempts.ts";
import type { Mailbox } from "./mailbox.ts";

/** What ANAF says of bytes that it accepted, and how their seal was found when the file is at hand. */
interface Acceptance {
  readonly index: string;
  readonly downloadId: string;
  readonly messageId: string;
  readonly signatureValid?: boolean | undefined;
}

/**
 * ANAF accepted bytes of ours under an index. Settles the attempt and its invoice together; whatever else was under way
 * for the same bytes has become pointless. Final: said twice, it changes nothing. Answers whether the invoice was told
 * all of it now.
 */
export async function accept(
  { companyId }: Mailbox,
  seen: Pick<Attempt, "id" | "invoiceId" | "sha256">,
  { index, downloadId, messageId, signatureValid }: Acceptance,
): Promise<boolean> {
  return untilCommitted(async () => {
    const all = await attemptsOf(companyId, seen.invoiceId);
    if (all.some(({ state, externalId }) => state === "accepted" && externalId === index)) return false;
    const attempt = chosen(all, seen, index);
    const invoice = await invoices.find(companyId, seen.invoiceId);
    if (!attempt || !invoice || all.some(({ state }) => state === "accepted")) return false;
    const accepted = acceptedAs(attempt, index, downloadId);
    const isCurrent =
      invoice.submission?.attempt === attempt.submission && invoice.xmlSha256 === attempt.sha256;
    const verdict = { state: "validated", uploadId: index, insteadOf: invoice.anafUploadId } as const;
    const change = isCurrent
      ? markVerdict(invoice, { ...verdict, downloadId, messageId, signatureValid })
      : undefined;
    const isClaimed =
      attempt.externalId === index ||
      (await findByIndex(companyId, attempt.environment, index)) !== undefined;
    await commit([
      attempts.replace(companyId, attempt, accepted),
      ...pointless(companyId, all, attempt),
      ...(isClaimed ? [] : [claimIndex(companyId, attempt, index)]),
      ...(change ? [change] : []),
    ]);
    return change !== undefined;
  });
}

/** The attempt that was given the index; else one with these bytes whose own index nobody knows, the newest first. */
function chosen(
  all: readonly Attempt[],
  seen: Pick<Attempt, "id" | "sha256">,
  index: string,
): Attempt | undefined {
  const same = all.filter(({ sha256 }) => sha256 === seen.sha256);
  return (
    same.find(({ externalId }) => externalId === index) ??
    same.findLast((attempt) => !isFinal(attempt)) ??
    same.findLast(({ state }) => state === "lost") ??
    same.find(({ id }) => id === seen.id)
  );
}

function acceptedAs(attempt: Attempt, index: string, downloadId: string): Attempt {
  const { externalId, otherIds } = attempt;
  const others = externalId && externalId !== index ? [...otherIds, externalId] : otherIds;
  const sentAt = attempt.sentAt ?? attempt.sendingAt;
  const ended = { nextAt: null, endedAt: instant(), suspect: null };
  return { ...attempt, ...ended, state: "accepted", externalId: index, otherIds: others, sentAt, downloadId };
}

const pointless = (companyId: string, all: readonly Attempt[], accepted: Attempt): Write[] =>
  all
    .filter((other) => other.id !== accepted.id && !isFinal(other))
    .map((other) =>
      attempts.replace(companyId, other, { ...other, state: "superseded", nextAt: null, endedAt: instant() }),
    );

/** Why an attempt came to nothing, in ANAF's words. */
export interface Rejection {
  readonly errors: readonly string[];
  readonly state: "rejected" | "unreadable";
  readonly downloadId?: string;
  readonly messageId?: string;
}

/**
 * ANAF rejected an upload of ours. When it says that it has the document already, that is no verdict on the document:
 * the other index is looked for, and adopted when its bytes are these (see reconcile.ts). Else the invoice is rejected
 * and may be corrected. A verdict that was reached already stays.
 */
export async function reject(mailbox: Mailbox, id: string, rejection: Rejection): Promise<void> {
  const { companyId } = mailbox;
  await untilCommitted(async () => {
    const attempt = await attempts.find(companyId, id);
    if (!attempt || isFinal(attempt)) return;
    const earlier = duplicateIndex(rejection.errors);
    if (earlier && earlier !== attempt.externalId && !attempt.suspect)
      return commit([suspecting(mailbox, attempt, { index: earlier, texts: rejection.errors })]);
    await commit(await rejected(companyId, attempt, rejection));
  });
}

function suspecting(mailbox: Mailbox, attempt: Attempt, suspect: NonNullable<Attempt["suspect"]>): Write {
  const next: Attempt = {
    ...attempt,
    state: "unknown",
    suspect,
    looks: 0,
    resendAt: instantIn(6 * 3600),
    nextAt: instant(),
  };
  const follow = [followSubmission(mailbox, attempt.invoiceId)];
  return attempts.replace(mailbox.companyId, attempt, next, { follow });
}

/** The writes of a rejection that is believed. */
export async function rejected(companyId: string, attempt: Attempt, rejection: Rejection): Promise<Write[]> {
  const { errors, state, downloadId = null, messageId = null } = rejection;
  const invoice = await invoices.find(companyId, attempt.invoiceId);
  const isCurrent = invoice?.submission?.attempt === attempt.submission;
  const change =
    isCurrent &&
    markVerdict(invoice, {
      state: "rejected",
      uploadId: attempt.externalId,
      reason: errors.join("\n"),
      errors,
      messageId,
      downloadId,
    });
  const ended = { nextAt: null, endedAt: instant(), suspect: null };
  return [
    attempts.replace(companyId, attempt, { ...attempt, ...ended, state, errors: [...errors], downloadId }),
    ...(change ? [change] : []),
  ];
}
