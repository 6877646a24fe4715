import { Hono } from "hono";
import { FAULTS } from "./faults.ts";
import type { World } from "./world.ts";

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
  app.post("/settings", async (c) => {
    const given = await c.req.json<{ processingSeconds?: number; unknownRecipients?: string[] }>();
    world.manners.processingSeconds = given.processingSeconds ?? world.manners.processingSeconds;
    for (const siret of given.unknownRecipients ?? []) world.manners.unknownRecipients.add(siret);
    return c.json({});
  });
  app.post("/invoices/:number/status", async (c) => {
    const { status } = await c.req.json<{ status: string }>();
    world.ledger.setStatus(c.req.param("number"), status);
    return c.json({});
  });
  app.get("/flows", (c) => c.json(world.ledger.byNumber(c.req.query("number") ?? "")));
  return app;
}
