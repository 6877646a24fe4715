import { followSubmission, markWaiting } from "#core/documents/invoices/efactura.ts";
import { invoices } from "#core/documents/invoices/collection.ts";
import { instant, instantIn, now } from "#core/lib/clock.ts";
import { stareMesaj } from "#core/providers/anaf/client.ts";
import type { MessageType } from "#core/providers/anaf/messages.ts";
import { statusOutcome } from "#core/providers/anaf/network.ts";
import type { StatusOutcome } from "#core/providers/provider.ts";
import { commit, untilCommitted, untilCommittedFrom } from "#core/store/commit.ts";
import { Stale } from "#core/store/write.ts";
import { type Attempt, attempts } from "./attempts.ts";
import { afterDayLimit, afterMinuteLimit } from "./budget.ts";
import { deadlineData, withDeadline } from "./deadlines.ts";
import { glance } from "./glance.ts";
import { ask, type Mailbox } from "./mailbox.ts";
import { messagesAbout, newMessage, takeUp } from "./messages.ts";
import { reject } from "./settle.ts";

/**
 * Seconds from one question for a verdict to the next. The first few are answered by the message list, where one call
 * serves all that wait; from then on ANAF is asked about this one document, and never given up on.
 */
const pauses = [25, 60, 120, 240, 480, 900, 1800];
const listPolls = 3;
const hourlyUntilMs = 24 * 3_600_000;

/** Asks what became of an upload. Verdicts with a file are settled when the file is read; see downloads.ts. */
export async function poll(mailbox: Mailbox, attempt: Attempt): Promise<void> {
  const index = attempt.externalId!;
  if (attempt.polls < listPolls) {
    await glance(mailbox);
    return again(mailbox, attempt, nextPoll(attempt));
  }
  const verdicts = await messagesAbout(mailbox.companyId, attempt.environment, index);
  // A verdict that is there is read by its own message; where nobody looks into the mailbox, who waits sees to it.
  await Promise.all(verdicts.map((message) => takeUp(mailbox, message)));
  if (verdicts.length > 0) return again(mailbox, attempt, nextPoll(attempt));
  const { answer } = await ask(mailbox, "stareMesaj", (access) => stareMesaj(access, index));
  await take(mailbox, attempt, statusOutcome(answer));
}

function nextPoll({ polls, sentAt }: Attempt): string {
  const seconds = pauses[polls];
  if (seconds !== undefined) return instantIn(seconds);
  return instantIn(now() - Date.parse(sentAt!) < hourlyUntilMs ? 3600 : 3 * 3600);
}

/** Writes down that it was asked, and when it will be asked again. */
async function again(mailbox: Mailbox, seen: Attempt, nextAt: string): Promise<void> {
  const { id, polls } = seen;
  const read = () => attempts.find(mailbox.companyId, id);
  await untilCommittedFrom(seen, read, async (attempt) => {
    if (attempt?.state !== "sent" || attempt.polls !== polls) return;
    const follow = [followSubmission(mailbox, attempt.invoiceId, nextAt)];
    await commit([
      attempts.replace(mailbox.companyId, attempt, { ...attempt, polls: polls + 1, nextAt }, { follow }),
    ]);
  });
}

async function take(mailbox: Mailbox, attempt: Attempt, outcome: StatusOutcome): Promise<void> {
  switch (outcome.result) {
    case "accepted":
      await keep(mailbox, attempt, "FACTURA_TRIMISA", outcome.downloadId);
      return again(mailbox, attempt, nextPoll(attempt));
    case "rejected":
      await keep(mailbox, attempt, "ERORI_FACTURA", outcome.downloadId);
      return again(mailbox, attempt, nextPoll(attempt));
    case "unreadable":
      return reject(mailbox, attempt.id, { errors: [outcome.message], state: "unreadable" });
    case "processing":
      await tellStuck(mailbox, attempt);
      return again(mailbox, attempt, nextPoll(attempt));
    case "wait":
      if (outcome.reason === "rate_day") return again(mailbox, attempt, afterDayLimit(attempt.id));
      if (outcome.reason === "rate_minute") return again(mailbox, attempt, afterMinuteLimit(attempt.id));
      return again(mailbox, attempt, nextPoll(attempt));
  }
}

/** A verdict's file, known before the lists show it: from here on it is a message like any other. */
async function keep(
  mailbox: Mailbox,
  attempt: Attempt,
  type: MessageType,
  downloadId: string,
): Promise<void> {
  const write = newMessage(mailbox, attempt.environment, {
    downloadId,
    uploadIndex: attempt.externalId,
    type,
    createdAt: instant(),
    cif: mailbox.cif,
    sellerCif: mailbox.cif,
    buyerCif: null,
    details: "",
    raw: { id: downloadId, id_solicitare: attempt.externalId },
  });
  try {
    await commit([write]);
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
  }
}

/**
 * After an hour in processing the invoice says so: nothing is wrong with it, and nothing has to be done. After a day
 * its people are told, once: the row says already that they were.
 */
async function tellStuck({ companyId }: Mailbox, { invoiceId, sentAt }: Attempt): Promise<void> {
  const ageMs = now() - Date.parse(sentAt!);
  if (ageMs < 3_600_000) return;
  const isLong = ageMs >= hourlyUntilMs;
  const reason = isLong
    ? "ANAF has had the invoice for more than a day and is still processing it. We keep asking."
    : "ANAF has the invoice and is still processing it. We keep asking.";
  await untilCommitted(async () => {
    const invoice = await invoices.find(companyId, invoiceId);
    if (!invoice) return;
    const isNews = isLong && !invoice.anafErrorMessage?.startsWith(reason);
    const data = { ...deadlineData(invoice), state: "stuck" };
    const events = isNews ? [{ name: "invoice.anaf_deadline" as const, data }] : [];
    const change = markWaiting(invoice, withDeadline(reason, invoice), events);
    if (change) await commit([change]);
  });
}
