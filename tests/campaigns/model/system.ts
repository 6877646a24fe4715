import type { Plan } from "#core/lib/plans.ts";
import { messagesTo, tableInMemory } from "./wires.ts";

const queueNames = ["Submissions", "Sync", "Downloads", "Documents", "Events", "Webhooks", "Mails", "Folds"];
const minuteMs = 60_000;

/** How often the schedules of stacks/schedules.ts tick for each plan, in minutes. */
const everyPlan: readonly (readonly [Plan, every: number])[] = [
  ["freemium", 24 * 60],
  ["starter", 12 * 60],
  ["professional", 4 * 60],
  ["business", 60],
];

interface Message {
  readonly queue: string;
  readonly body: string;
  readonly dueMs: number;
}

/**
 * The store, the queues and the schedules in memory, under the real functions. Call it before core is used. `handle`
 * gets every message of the queues named in it; what goes to others is dropped.
 */
export async function modelSystem(
  handle: Record<string, (body: string) => Promise<unknown>>,
  ticks = everyPlan,
) {
  const secret = { value: Buffer.alloc(32, 7).toString("base64") };
  const links = {
    Table: { name: "model" },
    ...Object.fromEntries(queueNames.map((name) => [name, { url: `http://model/${name}` }])),
    ...Object.fromEntries(["TokenKey", "AnafClientId", "AnafClientSecret"].map((name) => [name, secret])),
  };
  for (const [name, value] of Object.entries(links))
    process.env[`SST_RESOURCE_${name}`] = JSON.stringify(value);
  process.env.AWS_REGION = "eu-central-1";

  const outbox = await tableInMemory();
  const { now } = await import("#core/lib/clock.ts");
  const { passOn } = await import("#core/notify/pass-on.ts");
  const { sweep } = await import("#core/store/due.ts");
  const { fanOut } = await import("#core/einvoicing/fan-out.ts");

  let messages: Message[] = [];
  messagesTo((queue, { MessageBody, DelaySeconds = 0 }) => {
    if (handle[queue]) messages.push({ queue, body: MessageBody, dueMs: now() + DelaySeconds * 1000 });
  });

  const startedMs = now();
  return {
    /** Does everything that is due now, and what that makes due: schedules, the outbox, messages. */
    async drain(): Promise<void> {
      const minute = Math.round((now() - startedMs) / minuteMs);
      if (minute > 0) await sweep();
      for (const [plan, every] of ticks) if (minute > 0 && minute % every === 0) await fanOut(plan);
      for (;;) {
        for (const row of outbox.splice(0)) await passOn(row);
        const due = messages.filter(({ dueMs }) => dueMs <= now());
        if (due.length === 0) return;
        messages = messages.filter(({ dueMs }) => dueMs > now());
        for (const { queue, body } of due) await handle[queue]!(body);
      }
    },
  };
}
