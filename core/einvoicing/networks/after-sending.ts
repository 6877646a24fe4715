import { instant, instantIn } from "#core/lib/clock.ts";
import type { Found, SubmitOutcome, WaitReason } from "#core/providers/provider.ts";
import type { Handover } from "./handover.ts";

/** When to ask for a verdict first, and when to look first for a document whose answer was lost. */
const firstPollSeconds = 5;
const firstLookSeconds = 20;

/** Seconds from one look for a lost document to the next; the last is repeated. */
const lookPauses = [60, 180, 600, 1800, 3600];

/** After so many days of looking nobody will ever know; people have to look at the network's own pages. */
const lostAfterDays = 7;

/** Minutes after which a document that certainly did not arrive is sent again; the last is repeated. */
const retryMinutes = [0.5, 1, 2, 4, 8, 15, 30, 60];

/** A hand-over as the outcome of its sending leaves it. Pure: rows and messages are record.ts's. */
// oxlint-disable-next-line typescript/consistent-return -- The switch names every result there is.
export function afterSending(handover: Handover, outcome: SubmitOutcome): Handover {
  const answered = { ...handover, raw: outcome.raw, lastCheckedAt: instant() };
  switch (outcome.result) {
    case "sent": {
      const nextAt = instantIn(firstPollSeconds);
      const { externalId } = outcome;
      return {
        ...answered,
        state: "sent",
        externalId,
        sentAt: instant(),
        resendAt: null,
        note: null,
        nextAt,
      };
    }
    case "refused":
      return { ...answered, ...ended(), state: "rejected", errors: outcome.errors, note: null };
    case "wait": {
      const note = waitingBecause(outcome.reason, outcome.message);
      const nextAt = instantIn(outcome.retryAfterSeconds ?? pauseFor(outcome.reason, handover.tries));
      return { ...answered, state: "prepared", note, nextAt };
    }
    case "unknown": {
      const note =
        "The network did not confirm that it has the document. We look before anything is sent again.";
      const resendAt = instantIn(outcome.resendAfterSeconds);
      return { ...answered, state: "unknown", note, resendAt, nextAt: instantIn(firstLookSeconds) };
    }
  }
}

/**
 * A hand-over as a look for it leaves it. It is sent again only when its time has come and the network was seen not to
 * have it, or, for networks that cannot be asked, when these recognise a second copy themselves (no look at all).
 */
export function afterLook(handover: Handover, found: Found | undefined): Handover {
  const { looks, resendAt } = handover;
  const looked = { ...handover, looks: looks + 1, lastCheckedAt: instant() };
  if (found?.result === "found") {
    const nextAt = instantIn(firstPollSeconds);
    const { externalId } = found;
    return {
      ...looked,
      state: "sent",
      externalId,
      sentAt: handover.sendingAt,
      resendAt: null,
      note: null,
      nextAt,
    };
  }
  const isDue = resendAt !== null && resendAt <= instant();
  if (isDue && found?.result !== "unclear") return { ...looked, state: "prepared", nextAt: instant() };
  if (handover.sendingAt! < instantIn(-lostAfterDays * 86_400)) return { ...looked, ...lost() };
  const raw = found?.result === "unclear" ? found.raw : handover.raw;
  const pause = instantIn(lookPauses[looks] ?? lookPauses.at(-1)!);
  const nextAt = found === undefined && resendAt !== null ? resendAt : pause;
  return { ...looked, raw, nextAt };
}

const ended = () => ({ nextAt: null, endedAt: instant() });

const lost = () => ({
  ...ended(),
  state: "lost" as const,
  note: "The network could not be asked whether it has the document; look there before you submit it again.",
});

const pauseFor = (reason: WaitReason | "passing", tries: number): number => {
  if (reason === "rate_day") return 6 * 3600;
  if (reason === "forbidden") return 3600;
  // Saved credentials wake these at once; see wake.ts.
  if (reason === "reconnect" || reason === "no_right") return 6 * 3600;
  return 60 * retryMinutes[Math.min(Math.max(tries - 1, 0), retryMinutes.length - 1)]!;
};

/** Why it waits, in words people can act on. */
function waitingBecause(reason: WaitReason, message: string): string {
  const words: Record<WaitReason, string> = {
    not_sent: "The network cannot be reached; the document will be sent as soon as it can.",
    reconnect: "The network does not take the credentials; save valid ones and the document will be sent.",
    forbidden: "The network refuses this application; the operator of this service has to look at it.",
    no_right: "The network refuses this company to the owner of the credentials.",
    rate_minute: "The network's limit of calls is reached; the document will be sent in a moment.",
    rate_day: "The network's limit for today is reached; the document will be sent later.",
  };
  return message ? `${words[reason]} (${message})` : words[reason];
}
