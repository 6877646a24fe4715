import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createWriteTransaction } from "electrodb";
import { now } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { type Attributes, at, Item } from "./table.ts";
import { Stale, type Write } from "./write.ts";

const deadlineMs = 10_000;

/** So many writes may pass over ours before we ask again whether it went through; the SDK asks within a second. */
const marksKept = 4;

/** What came back from one attempt; after `again` the same attempt may be repeated. */
type Outcome =
  | { state: "done" }
  | { state: "refused"; write: Write; oldMark: string | undefined }
  | { state: "again"; nothingWritten: boolean };

/**
 * Writes all of it or none of it. One write goes as a plain conditional write, several as a transaction. Conflicts,
 * throttling and lost answers are repeated here, because neither ElectroDB nor the SDK does; a repeat whose first try
 * had in fact gone through recognises its own mark. Throws the refusal of the first write whose condition failed,
 * `Stale` when that write names none, and `unavailable` after ten seconds of contention: then nothing is known to
 * have been written, and the caller may ask again with the same idempotency key.
 */
export async function commit(writes: readonly Write[]): Promise<void> {
  if (writes.length === 0) return;
  const mark = randomBytes(4).toString("base64url");
  let token = randomBytes(16).toString("hex");
  const attempt = writes.length === 1 ? () => single(writes[0]!, mark) : () => together(writes, mark, token);
  const started = Date.now();
  for (let tries = 0; ; tries++) {
    const outcome = await attempt();
    if (outcome.state === "done") return;
    if (outcome.state === "refused") {
      // The SDK repeats by itself what it got no answer to: the row that stands in our way may be our own.
      if (outcome.oldMark?.split(".").includes(mark)) return;
      throw outcome.write.refusal?.() ?? new Stale();
    }
    if (Date.now() - started > deadlineMs) throw busy();
    if (outcome.nothingWritten) token = randomBytes(16).toString("hex");
    await backOff(tries);
  }
}

/**
 * Runs a read-decide-write until its commit meets no newer revision. `attempt` must read what it decides on itself.
 * Throws `unavailable` after ten seconds.
 */
export async function untilCommitted<T>(attempt: () => Promise<T>): Promise<T> {
  const started = Date.now();
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      if (Date.now() - started > deadlineMs) throw busy();
      await backOff(tries);
    }
  }
}

/**
 * `untilCommitted` for who has the object in his hands: the first attempt decides on it as it was seen, every further
 * one on what `read` finds then.
 */
export function untilCommittedFrom<T, R>(
  seen: T,
  read: () => Promise<T>,
  attempt: (current: T) => Promise<R>,
): Promise<R> {
  let tries = 0;
  return untilCommitted(async () => attempt(tries++ === 0 ? seen : await read()));
}

const busy = () =>
  new DomainError("unavailable", "Too many changes to the same object at once; try again.", {
    retryAfterSeconds: 1,
  });

/** Full jitter, 10 ms doubling to 400 ms: 64 writers on one series then need about six tries each. */
const backOff = (tries: number) => pause(Math.random() * Math.min(400, 10 * 2 ** tries));

async function single(write: Write, mark: string): Promise<Outcome> {
  try {
    await alone(write, mark);
    return { state: "done" };
  } catch (error) {
    const cause = causeOf(error);
    if (cause.name === "ConditionalCheckFailedException")
      return { state: "refused", write, oldMark: cause.Item?.w?.S };
    if (isPassing(cause)) return { state: "again", nothingWritten: false };
    throw error;
  }
}

async function together(writes: readonly Write[], mark: string, token: string): Promise<Outcome> {
  const asked = { response: "all_old", table: at().table } as const;
  try {
    const result = await createWriteTransaction({ item: Item }, ({ item }) =>
      writes.map((write) => {
        if ("check" in write) return item.check(write.check).where(revIs(write.when.rev)).commit(asked);
        if ("remove" in write) return item.delete(write.remove).where(isThere(write.when)).commit(asked);
        const row = marked(write.put, mark);
        if (write.when === "absent") return item.put(row).where(isFree).commit(asked);
        return item.put(row).where(revIs(write.when.rev)).commit(asked);
      }),
    ).go({ ...at(), token });
    if (!result.canceled) return { state: "done" };
    const answers = result.data as readonly { code?: string; item?: { mark?: string } | null }[];
    const failed = answers.findIndex(({ code }) => code === "ConditionalCheckFailed");
    if (failed < 0) return { state: "again", nothingWritten: true };
    return { state: "refused", write: writes[failed]!, oldMark: answers[failed]?.item?.mark };
  } catch (error) {
    if (isPassing(causeOf(error))) return { state: "again", nothingWritten: false };
    throw error;
  }
}

async function alone(write: Write, mark: string): Promise<unknown> {
  if ("check" in write) throw new Error("A check alone changes nothing; commit it with what it guards.");
  const asked = { ...at(), params: { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } };
  if ("remove" in write) return Item.delete(write.remove).where(isThere(write.when)).go(asked);
  const row = marked(write.put, mark);
  if (write.when === "absent") return Item.put(row).where(isFree).go(asked);
  return Item.put(row).where(revIs(write.when.rev)).go(asked);
}

/** The row under this write's mark, with the marks of the last writes before it. */
const marked = (row: Attributes, mark: string): Attributes => ({
  ...row,
  mark: [mark, ...(row.mark?.split(".") ?? [])].slice(0, marksKept).join("."),
});

type Where = Parameters<ReturnType<typeof Item.create>["where"]>[0];

/** The conditions there are: the place is free, the row is at a revision, or there at all. */
const isFree: Where = (row, is) => `${is.notExists(row.pk)} OR ${is.lt(row.ttl, Math.floor(now() / 1000))}`;
const revIs =
  (rev: number): Where =>
  (row, is) =>
    is.eq(row.rev, rev);
const isThere = (when: "present" | { readonly rev: number }): Where =>
  when === "present" ? (row, is) => is.gte(row.rev, 0) : revIs(when.rev);

interface Cause {
  name: string;
  code?: string;
  Item?: { w?: { S?: string } };
}

/** ElectroDB wraps what the SDK threw; the SDK's own error is what names the fault. */
const causeOf = (error: unknown): Cause => (error as { cause?: Cause }).cause ?? (error as Cause);

/** Faults after which the same write may simply be tried again: contention, throttling, a lost or late answer. */
const isPassing = ({ name, code }: Cause): boolean => passing.has(name) || passing.has(code ?? "");

const passing = new Set([
  "TransactionConflictException",
  "TransactionInProgressException",
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "RequestLimitExceeded",
  "InternalServerError",
  "ServiceUnavailable",
  "TimeoutError",
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
]);
