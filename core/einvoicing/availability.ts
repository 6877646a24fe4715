import { instant, now } from "#core/lib/clock.ts";
import type { AnswerClass } from "#core/providers/anaf/classify.ts";
import type { SubmitOutcome, WaitReason } from "#core/providers/provider.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";

/** What the processes of this installation saw of ANAF within one hour. Nothing of any company is in it. */
interface Sightings {
  /** Calls of any kind that ANAF answered, and that it did not. */
  readonly answered: number;
  readonly unanswered: number;
  /** Uploads that were tried, and that ANAF took. */
  readonly uploads: number;
  readonly taken: number;
  readonly lastTakenAt: string | null;
  readonly lastFailure: {
    readonly at: string;
    readonly reason: string;
    readonly retryAt: string | null;
  } | null;
}

interface Hour extends Stored, Sightings {
  readonly hour: string;
}

/** An hour lies in several rows, so that busy processes seldom meet; each process keeps to one of them. */
const shards = 8;
const ours = Math.floor(Math.random() * shards);

const windowHours = 72;
const hourMs = 3_600_000;

const hours = collection<Hour>({
  kind: "hour",
  what: "Hour",
  expires: ({ hour }) => Math.floor(Date.parse(`${hour}:00Z`) / 1000) + (windowHours + 24) * 3600,
});
const everybody = "anaf";

const unseen: Sightings = {
  answered: 0,
  unanswered: 0,
  uploads: 0,
  taken: 0,
  lastTakenAt: null,
  lastFailure: null,
};

/** What this process has seen and not yet told. */
let untold = unseen;
/** Calls are told in twenties; uploads at once, and an outage once a minute. */
const atOnce = 20;
const outageMs = 60_000;
let outageToldMs = 0;

/** Classes of answers that say nothing but that ANAF is not well. */
const SILENCE: ReadonlySet<AnswerClass> = new Set(["not_sent", "interrupted", "garbage", "technical"]);

/** Notes whether ANAF answered a call. One write for twenty calls, at most one a minute while it does not answer. */
export async function noteCall(answer: AnswerClass): Promise<void> {
  const isSilent = SILENCE.has(answer);
  untold = isSilent
    ? { ...untold, unanswered: untold.unanswered + 1 }
    : { ...untold, answered: untold.answered + 1 };
  const isOutage = isSilent && now() - outageToldMs > outageMs;
  if (isOutage) outageToldMs = now();
  if (isOutage || untold.answered + untold.unanswered >= atOnce) await tell();
}

/** Why an upload failed, in words that say nothing of whose it was. The others are no failure of ANAF's. */
const FAILURES: Partial<Record<WaitReason, string>> = {
  not_sent: "ANAF could not be reached.",
  forbidden: "ANAF's gateway refused the application.",
  rate_minute: "ANAF's limit of calls per minute was reached.",
};

/** Notes what became of an upload, and when it is tried again; one write. */
export async function noteUpload(outcome: SubmitOutcome, retryAt: string | null): Promise<void> {
  const reason =
    outcome.result === "unknown"
      ? "ANAF did not confirm an upload."
      : outcome.result === "wait"
        ? FAILURES[outcome.reason]
        : undefined;
  if (outcome.result === "wait" && reason === undefined) return;
  const isTaken = outcome.result === "sent";
  untold = {
    ...untold,
    uploads: untold.uploads + 1,
    taken: untold.taken + (isTaken ? 1 : 0),
    lastTakenAt: isTaken ? instant() : untold.lastTakenAt,
    lastFailure: reason ? { at: instant(), reason, retryAt } : untold.lastFailure,
  };
  await tell();
}

/** Adds what was seen to the hour's row. Statistics must never fail what they are about: what fails is told later. */
async function tell(): Promise<void> {
  const seen = untold;
  untold = unseen;
  const hour = instant().slice(0, "2026-11-20T12".length);
  const id = `${hour}.${ours}`;
  try {
    await untilCommitted(async () => {
      const before = await hours.find(everybody, id);
      await commit([
        before
          ? hours.replace(everybody, before, { ...before, ...sum(before, seen) })
          : hours.insert(everybody, { ...seen, id, hour }),
      ]);
    });
  } catch (error) {
    untold = sum(seen, untold);
    console.warn("ANAF's availability was not written down:", error);
  }
}

const sum = (a: Sightings, b: Sightings): Sightings => ({
  answered: a.answered + b.answered,
  unanswered: a.unanswered + b.unanswered,
  uploads: a.uploads + b.uploads,
  taken: a.taken + b.taken,
  lastTakenAt: later(a.lastTakenAt, b.lastTakenAt),
  lastFailure: (a.lastFailure?.at ?? "") > (b.lastFailure?.at ?? "") ? a.lastFailure : b.lastFailure,
});

const later = (a: string | null, b: string | null): string | null => ((a ?? "") > (b ?? "") ? a : b);

/** How ANAF has been over the last 72 hours, as all of this installation saw it. */
export interface Availability {
  /** Of each hour that had calls, the share of them that ANAF did not answer; hours, of 72. */
  readonly downtimeHours: number;
  readonly uptimeHours: number;
  /** Percent of the uploads that ANAF took; 100 when there were none. */
  readonly successRate: number;
  readonly totalSubmissions: number;
  readonly successfulSubmissions: number;
  readonly lastSuccessAt: string | null;
  readonly lastFailureAt: string | null;
  readonly lastFailureMessage: string | null;
  /** When the last failed upload goes again, while none has succeeded since. */
  readonly nextRetryAt: string | null;
}

const tidy = (number: number): number => Math.round(number * 100) / 100;

/** Reads one partition of at most 584 small rows. */
export async function anafAvailability(): Promise<Availability> {
  const from = new Date(now() - windowHours * hourMs).toISOString().slice(0, "2026-11-20T12".length);
  const rows = await hours.some(everybody, { from, limit: (windowHours + 1) * shards });
  const byHour = [...Map.groupBy(rows, ({ hour }) => hour).values()].map((all) =>
    all.reduce<Sightings>(sum, unseen),
  );
  const downtime = byHour.reduce((total, { answered, unanswered }) => {
    const calls = answered + unanswered;
    return total + (calls === 0 ? 0 : unanswered / calls);
  }, 0);
  const { uploads, taken, lastTakenAt, lastFailure } = byHour.reduce(sum, unseen);
  const isFailing = lastFailure !== null && lastFailure.at > (lastTakenAt ?? "");
  const retryAt = isFailing ? lastFailure.retryAt : null;
  return {
    downtimeHours: tidy(Math.min(downtime, windowHours)),
    uptimeHours: tidy(windowHours - Math.min(downtime, windowHours)),
    successRate: uploads === 0 ? 100 : tidy((100 * taken) / uploads),
    totalSubmissions: uploads,
    successfulSubmissions: taken,
    lastSuccessAt: lastTakenAt,
    lastFailureAt: lastFailure?.at ?? null,
    lastFailureMessage: lastFailure?.reason ?? null,
    nextRetryAt: retryAt !== null && retryAt > instant() ? retryAt : null,
  };
}
