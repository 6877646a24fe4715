import { now } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { sha256 } from "#core/lib/ids.ts";
import { settings } from "#core/lib/settings.ts";
import { collection, type Stored } from "./collection.ts";
import { commit, untilCommitted } from "./commit.ts";
import { Stale } from "./write.ts";

/** At most `limit` times in any `windowSeconds`. For small limits: each time is remembered. */
export interface Rate {
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** When something was done, in milliseconds, within one window of the clock. */
interface Times extends Stored {
  readonly times: readonly number[];
  readonly windowSeconds: number;
}

/** One row per window, so that a row past its time is never needed again, however late DynamoDB removes it. */
const windows = collection<Times>({
  kind: "rate",
  what: "Rate",
  expires: ({ id, windowSeconds }) => (Number(id) + 3) * windowSeconds,
});

/**
 * Counts one more time for a subject (an address, a user). Exact, at a read and a write; a refusal costs the read
 * alone. Throws `rate_limited` with the seconds to wait. Does nothing where the stage has no limits.
 */
export async function count(rate: Rate, subject: string): Promise<void> {
  if (!settings.rateLimits) return;
  const { name, limit, windowSeconds } = rate;
  const scope = `rate#${name}#${sha256(subject).slice(0, 32)}`;
  await untilCommitted(async () => {
    const at = now();
    const window = Math.floor(at / 1000 / windowSeconds);
    const rows = await windows.getMany(scope, [String(window - 1), String(window)]);
    const recent = rows.flatMap(({ times }) => times).filter((time) => time > at - windowSeconds * 1000);
    // The next is allowed when so many have left the window that one more fits.
    if (recent.length >= limit) throw tooMany(recent.at(-limit)! + windowSeconds * 1000 - at);
    const row = rows.find(({ id }) => id === String(window));
    const next = { id: String(window), windowSeconds, times: [...(row?.times ?? []), at] };
    await commit([row ? windows.replace(scope, row, next) : windows.insert(scope, next)]);
  });
}

/** A store of calls that refills steadily. For large ones, where an exact count of each call would cost more than it. */
export interface Bucket {
  readonly name: string;
  readonly capacity: number;
  readonly refillPerSecond: number;
  /** Calls a process counts by itself before it tells the table: the error, per process. */
  readonly step: number;
}

/** What was left in a bucket, and when, in milliseconds. */
interface Level extends Stored {
  readonly left: number;
  readonly at: number;
}

const daySeconds = 86_400;

/** One row per day; a bucket that was not touched for a day is full, because each refills faster than that. */
const levels = collection<Level>({
  kind: "bucket",
  what: "Bucket",
  expires: ({ id }) => (Number(id) + 3) * daySeconds,
});

/** What this process believes is in a bucket, and what it took without having told the table. */
interface Known {
  left: number;
  at: number;
  untold: number;
}

const known = new Map<string, Known>();
const mostKnown = 10_000;

/**
 * Takes one call from a subject's bucket; every `step` calls the process tells the table and learns what others took.
 * Throws `rate_limited` with the seconds to wait. Does nothing where the stage has no limits.
 */
export async function takeCall(bucket: Bucket, subject: string): Promise<void> {
  if (!settings.rateLimits) return;
  const scope = `rate#${bucket.name}#${sha256(subject).slice(0, 32)}`;
  const mine = known.get(scope) ?? { left: bucket.capacity, at: now(), untold: 0 };
  if (mine.untold >= bucket.step) await settle(bucket, scope, mine);
  const left = refilled(bucket, mine);
  if (left < 1) throw tooMany(((1 - left) / bucket.refillPerSecond) * 1000);
  Object.assign(mine, { left: left - 1, at: now(), untold: mine.untold + 1 });
  // The bucket used longest ago makes room: what it took is forgotten, which is less than a step.
  known.delete(scope);
  known.set(scope, mine);
  if (known.size > mostKnown) known.delete(known.keys().next().value!);
}

/** Takes from the shared level what this process took. When another is faster, the next call tries again. */
async function settle(bucket: Bucket, scope: string, mine: Known): Promise<void> {
  const { untold } = mine;
  mine.untold = 0;
  const day = Math.floor(now() / 1000 / daySeconds);
  const rows = await levels.getMany(scope, [String(day - 1), String(day)]);
  const shared = rows.at(-1) ?? { left: bucket.capacity, at: now() };
  const row = rows.find(({ id }) => id === String(day));
  const next = { id: String(day), left: Math.max(0, refilled(bucket, shared) - untold), at: now() };
  try {
    await commit([row ? levels.replace(scope, row, next) : levels.insert(scope, next)]);
    Object.assign(mine, { left: next.left, at: next.at });
  } catch (error) {
    mine.untold += untold;
    if (!(error instanceof Stale)) throw error;
  }
}

const refilled = (
  { capacity, refillPerSecond }: Bucket,
  { left, at }: { left: number; at: number },
): number => Math.min(capacity, left + ((now() - at) / 1000) * refillPerSecond);

function tooMany(waitMs: number): DomainError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new DomainError("rate_limited", `Too many requests; try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
    extra: { retryAfter: seconds },
  });
}
