import { followSubmission, markSent, markVerdict, markWaiting } from "#core/documents/invoices/efactura.ts";
import { invoices, type StoredInvoice } from "#core/documents/invoices/collection.ts";
import { instant, instantIn } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import { sha256 } from "#core/lib/ids.ts";
import { LARGEST_UPLOAD_BYTES, upload } from "#core/providers/anaf/client.ts";
import { submitOutcome } from "#core/providers/anaf/network.ts";
import type { AnafEnvironment } from "#core/providers/anaf/wire.ts";
import type { SubmitOutcome, WaitReason } from "#core/providers/provider.ts";
import { commit, untilCommittedFrom } from "#core/store/commit.ts";
import { findFile } from "#core/store/files.ts";
import { Stale, type Write } from "#core/store/write.ts";
import { type Attempt, attempts, bytesKey, claimIndex, isFinal } from "./attempts.ts";
import { noteUpload } from "./availability.ts";
import { afterDayLimit, afterMinuteLimit } from "./budget.ts";
import { usableConnection } from "./connections.ts";
import { withDeadline } from "./deadlines.ts";
import { ask, type Mailbox } from "./mailbox.ts";

/** An upload is given up after 60 seconds; an attempt that is still sending after this was abandoned in a crash. */
const abandonedSeconds = 90;

/** When to ask for a verdict first: locally and on good days it is there within a second or two. */
const firstPollSeconds = 5;
/** When to look first for an upload whose answer was lost. */
const firstLookSeconds = 20;

/**
 * Uploads a prepared document. That it is about to leave is written down before it does, so that after a crash nobody
 * takes it for not sent; a twin of this message fails on that write and leaves.
 */
export async function send(mailbox: Mailbox, invoice: StoredInvoice, attempt: Attempt): Promise<void> {
  const { companyId, organizationId, cif } = mailbox;
  const connection = await usableConnection(organizationId, cif);
  if (!connection) {
    await record(mailbox, { invoice, attempt }, waiting("reconnect", "no usable connection"), null);
    return;
  }
  const bytes = await findFile(bytesKey(companyId, attempt.sha256));
  if (!bytes || sha256(bytes) !== attempt.sha256)
    throw new Error(`The frozen bytes of attempt ${attempt.id} are gone.`);
  if (bytes.length > LARGEST_UPLOAD_BYTES) {
    await record(mailbox, { invoice, attempt }, tooLarge(bytes.length), null);
    return;
  }
  const sending = attempts.replace(
    companyId,
    attempt,
    {
      ...attempt,
      state: "sending",
      environment: connection.environment,
      sendingAt: instant(),
      tries: attempt.tries + 1,
      nextAt: null,
    },
    { follow: [followSubmission(mailbox, attempt.invoiceId, instantIn(abandonedSeconds + 5))] },
  );
  try {
    await commit([sending]);
  } catch (error) {
    if (error instanceof Stale) return;
    throw error;
  }
  const { answer, environment } = await ask(
    mailbox,
    "upload",
    (access) => upload(access, cif, attempt.route, bytes),
    connection,
  );
  const outcome = submitOutcome(answer);
  const nextAt = await record(mailbox, { invoice, attempt: sending.value }, outcome, environment);
  if (environment) await noteUpload(outcome, nextAt);
}

const waiting = (reason: WaitReason, raw: string): SubmitOutcome => ({
  result: "wait",
  reason,
  message: "",
  raw,
});

const tooLarge = (bytes: number): SubmitOutcome => ({
  result: "refused",
  errors: [`The document has ${bytes} bytes; ANAF takes at most ${LARGEST_UPLOAD_BYTES}.`],
  raw: "",
});

/** An attempt found sending: its sender is at it still, or it died and nobody knows whether the document arrived. */
export async function abandoned(mailbox: Mailbox, invoice: StoredInvoice, attempt: Attempt): Promise<void> {
  if (attempt.sendingAt! > instantIn(-abandonedSeconds)) return;
  const outcome = { result: "unknown", resendAfterSeconds: 6 * 3600, raw: "interrupted here" } as const;
  await record(mailbox, { invoice, attempt }, outcome, attempt.environment);
}

/** An attempt and its invoice, as last seen. */
interface Pair {
  readonly invoice: StoredInvoice | undefined;
  readonly attempt: Attempt | undefined;
}

/** Writes down what became of an upload, on the attempt and on its invoice at once; answers when there is more to do. */
async function record(
  mailbox: Mailbox,
  seen: Pair & { readonly attempt: Attempt },
  outcome: SubmitOutcome,
  environment: AnafEnvironment | null,
): Promise<Instant | null> {
  const { companyId } = mailbox;
  const { id, invoiceId, tries } = seen.attempt;
  const read = async (): Promise<Pair> => {
    const [attempt, invoice] = await Promise.all([
      attempts.find(companyId, id),
      invoices.find(companyId, invoiceId),
    ]);
    return { attempt, invoice };
  };
  return untilCommittedFrom<Pair, Instant | null>(seen, read, async ({ attempt, invoice }) => {
    if (!attempt || isFinal(attempt) || attempt.externalId !== null || attempt.tries !== tries) return null;
    // A twin that took it for abandoned knows less than who has the answer in his hands.
    if (attempt.state === "unknown" && outcome.result === "unknown") return null;
    const next = { ...after(attempt, outcome), environment: environment ?? attempt.environment };
    const follow = next.nextAt ? [followSubmission(mailbox, attempt.invoiceId, next.nextAt)] : [];
    await commit([
      attempts.replace(companyId, attempt, next, { follow }),
      ...consequences(companyId, invoice, next, outcome),
    ]);
    return next.nextAt;
  });
}

/** The attempt as the outcome leaves it. */
function after(attempt: Attempt, outcome: SubmitOutcome): Attempt {
  const { raw } = outcome;
  if (outcome.result === "sent") {
    const nextAt = instantIn(firstPollSeconds);
    return { ...attempt, state: "sent", raw, externalId: outcome.externalId, sentAt: instant(), nextAt };
  }
  if (outcome.result === "wait")
    return { ...attempt, state: "prepared", raw, nextAt: waitUntil(attempt, outcome.reason) };
  if (outcome.result === "unknown") {
    const resendAt = instantIn(outcome.resendAfterSeconds);
    return { ...attempt, state: "unknown", raw, resendAt, nextAt: instantIn(firstLookSeconds) };
  }
  const { errors, duplicateOf } = outcome;
  if (!duplicateOf) return { ...attempt, state: "refused", raw, errors, nextAt: null, endedAt: instant() };
  const suspect = { index: duplicateOf, texts: errors };
  return { ...attempt, state: "unknown", raw, suspect, resendAt: instantIn(6 * 3600), nextAt: instant() };
}

/** What the invoice shows for it, and whose the index is from now on. */
function consequences(
  companyId: string,
  invoice: StoredInvoice | undefined,
  attempt: Attempt,
  outcome: SubmitOutcome,
): Write[] {
  if (!invoice || invoice.submission?.attempt !== attempt.submission) return [];
  if (outcome.result === "sent") {
    const { externalId: uploadId } = outcome;
    const change = markSent(invoice, { uploadId, at: attempt.sentAt! });
    return [claimIndex(companyId, attempt, uploadId), ...(change ? [change] : [])];
  }
  if (attempt.state === "refused") {
    const reason = attempt.errors.join("\n");
    const verdict = { state: "rejected", uploadId: null, reason, errors: attempt.errors } as const;
    const change = markVerdict(invoice, verdict);
    return change ? [change] : [];
  }
  const isHiccup = outcome.result === "wait" && outcome.reason === "not_sent" && attempt.tries < 2;
  const change = isHiccup ? undefined : markWaiting(invoice, withDeadline(explanation(outcome), invoice));
  return change ? [change] : [];
}

/** Why it waits, in words its people can act on. */
function explanation(outcome: SubmitOutcome): string {
  if (outcome.result !== "wait")
    return "ANAF did not confirm the upload. We look for it there before anything is sent again.";
  const { reason, message } = outcome;
  const words: Record<WaitReason, string> = {
    not_sent: "ANAF cannot be reached; the invoice will be sent as soon as it can.",
    reconnect: "There is no ANAF connection for this company; connect again and the invoice will be sent.",
    forbidden: "ANAF's gateway refuses the application; the operator of this service has to look at it.",
    no_right: `ANAF refuses this company to the connected certificate: ${message}`,
    rate_minute: "ANAF's limit of calls is reached; the invoice will be sent in a moment.",
    rate_day: "ANAF's limit for today is reached; the invoice will be sent after midnight.",
  };
  return words[reason];
}

/** Minutes after which an upload that certainly did not arrive is tried again; the last is repeated. */
const retryMinutes = [0.5, 1, 2, 4, 8, 15, 30, 60];

function waitUntil({ id, tries }: Attempt, reason: WaitReason): string {
  if (reason === "rate_day") return afterDayLimit(id);
  if (reason === "rate_minute") return afterMinuteLimit(id);
  if (reason === "forbidden") return instantIn(3600);
  // A new connection wakes these at once; see wakeWaiting.
  if (reason === "reconnect" || reason === "no_right") return instantIn(6 * 3600);
  return instantIn(60 * retryMinutes[Math.min(Math.max(tries - 1, 0), retryMinutes.length - 1)]!);
}
