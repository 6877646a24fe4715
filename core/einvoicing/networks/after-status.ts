import { instant, instantIn, now } from "#core/lib/clock.ts";
import type { NetworkStatus } from "#core/providers/provider.ts";
import type { Handover, KeptReceipt } from "./handover.ts";

/** Seconds from one question for a verdict to the next; afterwards every hour for a day, then every six. */
const pauses = [10, 20, 40, 60, 120, 240, 480, 900, 1800];
const hourlyUntilMs = 24 * 3_600_000;

/**
 * A hand-over as the network's word leaves it. Pure: rows, files and messages are record.ts's. A word that came by
 * itself (`isAsked` false) also proves that the document arrived, whatever became of the answer to its sending.
 */
// oxlint-disable-next-line typescript/consistent-return -- The switch names every result there is.
export function afterStatus(
  handover: Handover,
  status: NetworkStatus,
  receipts: readonly KeptReceipt[],
  isAsked: boolean,
): Handover {
  const told: Handover = {
    ...handover,
    raw: status.raw,
    lastCheckedAt: instant(),
    receipts: [...handover.receipts, ...unknownOnes(handover, receipts)],
    polls: handover.polls + (isAsked ? 1 : 0),
  };
  switch (status.result) {
    case "accepted": {
      const { officialId, note = null } = status;
      return { ...arrived(told), ...ended(), state: "accepted", officialId, note };
    }
    case "rejected":
      return { ...arrived(told), ...ended(), state: "rejected", errors: status.errors, note: null };
    case "processing": {
      const note = status.note ?? null;
      if (!isAsked) return { ...arrived(told), state: "sent", note };
      return { ...told, note, nextAt: instantIn(status.pollAfterSeconds ?? pauseAfter(handover)) };
    }
    case "wait": {
      const nextAt = instantIn(status.retryAfterSeconds ?? pauseAfter(handover));
      return { ...told, note: `The network could not be asked: ${status.message}`, nextAt };
    }
  }
}

/** Receipts that a hand-over does not have yet. */
export const unknownOnes = (handover: Handover, receipts: readonly KeptReceipt[]): KeptReceipt[] =>
  receipts.filter(({ key }) => !handover.receipts.some((kept) => kept.key === key));

const arrived = (handover: Handover): Handover => ({
  ...handover,
  sentAt: handover.sentAt ?? handover.sendingAt,
  resendAt: null,
});

const ended = () => ({ nextAt: null, endedAt: instant() });

function pauseAfter({ polls, sentAt }: Handover): number {
  const seconds = pauses[polls];
  if (seconds !== undefined) return seconds;
  return now() - Date.parse(sentAt!) < hourlyUntilMs ? 3600 : 6 * 3600;
}
