import { Hono } from "hono";
import { FAULTS } from "./faults.ts";
import type { Step } from "./notifications.ts";
import type { World } from "./world.ts";

const xml = { "content-type": "application/xml" };

/** Pushes what has been said and not yet been taken; whoever answers 2xx has taken it. Answers how many were. */
export async function push(world: World, times = 1): Promise<number> {
  let taken = 0;
  for (const message of world.notifyUrl ? world.ledger.unpushed(world.now()) : []) {
    const answers = [];
    for (let n = 0; n < times; n++)
      answers.push(await fetch(world.notifyUrl, { method: "POST", body: message.xml, headers: xml }));
    if (!answers.every(({ ok }) => ok)) continue;
    world.ledger.pushed(message.id);
    taken++;
  }
  return taken;
}

/** The simulator's own doors: what it should do, and what it saw. */
export function control(world: World): Hono {
  const app = new Hono();
  app.post("/faults", async (c) => {
    const given = await c.req.json<{ name: string; times?: number; seconds?: number }>();
    const name = FAULTS.find((known) => known === given.name);
    if (!name) return c.json({ error: `no fault ${given.name}`, faults: FAULTS }, 422);
    world.faults.order({ name, times: given.times ?? 1, seconds: given.seconds ?? 0 });
    return c.json({});
  });
  app.post("/scripts", async (c) => {
    const { number, steps } = await c.req.json<{ number: string; steps: Step[] }>();
    world.manners.scripts.set(number, steps);
    return c.json({});
  });
  app.post("/settings", async (c) => {
    const given = await c.req.json<{
      processingSeconds?: number;
      notifyUrl?: string;
      unknownRecipients?: string[];
    }>();
    world.manners.processingSeconds = given.processingSeconds ?? world.manners.processingSeconds;
    world.notifyUrl = given.notifyUrl ?? world.notifyUrl;
    for (const code of given.unknownRecipients ?? []) world.manners.unknownRecipients.add(code);
    return c.json({});
  });
  app.post("/push", async (c) => c.json({ taken: await push(world, Number(c.req.query("times") ?? 1)) }));
  app.get("/ledger", (c) => {
    const files = world.ledger.byNumber(c.req.query("number") ?? "");
    return c.json({
      received: files.length,
      accepted: files.filter(({ isDiscarded }) => !isDiscarded).length,
      files: files.map(({ name, sha256, isDiscarded }) => ({ name, sha256, isDiscarded: isDiscarded === 1 })),
    });
  });
  return app;
}
