import { companies, slotsOf, syncName, syncShards } from "#core/companies/company.ts";
import { instant, now } from "#core/lib/clock.ts";
import type { Plan } from "#core/lib/plans.ts";
import { follow } from "#core/store/due.ts";
import { sendAll } from "#core/store/queues.ts";
import { readLookup } from "#core/store/read.ts";
import { spread } from "./budget.ts";
import type { SyncMessage } from "./sync.ts";

/** A slot is a quarter of an hour: what SQS can delay. */
const slotSeconds = 900;

/** The body of a message to the Sync queue that has one slot's companies queued, shard by shard. */
export interface SlotMessage {
  readonly plan: Plan;
  readonly slot: number;
  /** When the plan's next tick has its own message for this slot: a later delivery of this one would be one too many. */
  readonly until: string;
  /** Absent: find the shards that have companies. */
  readonly shard?: number | undefined;
}

/**
 * Spreads the looks of a plan's companies over its whole interval: one message for each slot, due when the slot
 * begins. A tick that is repeated writes the same messages.
 */
export async function fanOut(plan: Plan): Promise<void> {
  const tick = instant().slice(0, 16);
  const startMs = now();
  const slots = Array.from({ length: slotsOf[plan] }, (_, slot) => {
    const dueMs = startMs + slot * slotSeconds * 1000;
    const until = new Date(dueMs + slotsOf[plan] * slotSeconds * 1000).toISOString();
    const body: SlotMessage = { plan, slot, until };
    const dueAt = new Date(dueMs).toISOString();
    return { queue: "Sync" as const, body: { ...body }, dueAt, key: `${plan} ${slot} ${tick}` };
  });
  for (let from = 0; from < slots.length; from += 16)
    await Promise.all(slots.slice(from, from + 16).map(follow));
}

/** Queues the companies of one slot, each at its own moment within it, so that no tenant waits for another's list. */
export async function queueSlot({ plan, slot, shard, until }: SlotMessage): Promise<void> {
  if (until <= instant()) return;
  if (shard === undefined) return queueShards({ plan, slot, until });
  const keys = await readLookup(syncName(plan, slot, shard));
  const partition = `#${companies.kind}`;
  const messages = keys.map(({ pk, sk: companyId }) => {
    const organizationId = pk.slice(0, -partition.length);
    const body: SyncMessage = { organizationId, companyId, cause: "schedule" };
    return { body: { ...body }, delaySeconds: spread(companyId, slotSeconds) };
  });
  await sendAll("Sync", messages);
}

async function queueShards({ plan, slot, until }: SlotMessage): Promise<void> {
  const shards = await Promise.all(
    Array.from({ length: syncShards }, async (_, shard) => {
      const some = await readLookup(syncName(plan, slot, shard), { limit: 1 });
      return some.length > 0 ? [{ body: { plan, slot, shard, until } }] : [];
    }),
  );
  await sendAll("Sync", shards.flat());
}
