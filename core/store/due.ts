import { now } from "#core/lib/clock.ts";
import { sha256 } from "#core/lib/ids.ts";
import { commit } from "./commit.ts";
import type { Follow } from "./out.ts";
import { pack, unpack } from "./pack.ts";
import { longestDelaySeconds, send } from "./queues.ts";
import { readPartition } from "./read.ts";
import { Stale } from "./write.ts";

/** Spreads due messages so that no partition takes them all; a sweep reads each once a minute. */
const shards = 16;

/** What one sweep takes of a shard; the rest is taken by the next. */
const sweepLimit = 500;

/**
 * Delivers work that follows from a write: at once, delayed by SQS, or, when it is due later than SQS can wait, as a
 * row the sweeper sends in time. Doing it twice writes the row once; a message sent twice finds its work done.
 */
export async function follow(work: Follow): Promise<void> {
  const delaySeconds = work.dueAt === undefined ? 0 : (Date.parse(work.dueAt) - now()) / 1000;
  if (delaySeconds <= longestDelaySeconds) return send(work.queue, work.body, Math.max(0, delaySeconds));
  const name = work.key ?? sha256(JSON.stringify(work.body)).slice(0, 16);
  const shard = Number.parseInt(sha256(name).slice(0, 2), 16) % shards;
  try {
    const key = { pk: `due#${shard}`, sk: `${work.dueAt}#${work.queue}#${name}` };
    await commit([{ put: { ...key, rev: 1, d: pack(work, key) }, when: "absent" }]);
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
  }
}

/** Sends every due message whose time has come and answers how many. A row goes only after its message was taken. */
export async function sweep(): Promise<number> {
  const until = `${new Date(now()).toISOString()}~`;
  const counts = await Promise.all(
    Array.from({ length: shards }, (_, shard) => sweepShard(`due#${shard}`, until)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function sweepShard(pk: string, until: string): Promise<number> {
  const rows = await readPartition(pk, { to: until, limit: sweepLimit, consistent: false });
  for (const { sk, d } of rows) {
    const { queue, body } = unpack(d!, { pk, sk }) as Follow;
    await send(queue, body);
    await commit([{ remove: { pk, sk }, when: "present", refusal: () => new Stale() }]).catch(ignoreStale);
  }
  return rows.length;
}

/** Two sweeps may meet on a row; the second finds it gone, which is what it wanted. */
function ignoreStale(error: unknown): void {
  if (!(error instanceof Stale)) throw error;
}
