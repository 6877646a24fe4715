import { Hono } from "hono";
import { arm, block, type Fault, FAULTS } from "./faults.ts";
import { type Invoice, settle } from "./invoices.ts";
import { rotate, type Usage, USAGES } from "./keys.ts";
import { revoke } from "./login.ts";
import type { World } from "./world.ts";

/** What tests do to the simulator, and what they ask its ledger. */
export function controls(world: World) {
  return new Hono()
    .get("/faults", (c) => c.json(FAULTS))
    .post("/faults", async (c) => {
      const { id, times, hours } = await c.req.json<{ id: Fault; times?: number; hours?: number }>();
      if (!Object.hasOwn(FAULTS, id)) return c.json({ error: `No fault has the id ${id}` }, 404);
      arm(world, id, {
        ...(times === undefined ? {} : { times }),
        ...(hours === undefined ? {} : { hours }),
      });
      return c.json({ id });
    })
    .post("/block", async (c) => {
      const { seconds } = await c.req.json<{ seconds: number }>();
      block(world, seconds);
      return c.json({ seconds });
    })
    .post("/rotate", async (c) => {
      const { usage } = await c.req.json<{ usage?: Usage }>();
      for (const one of usage ? [usage] : USAGES) await rotate(world, one);
      return c.json({});
    })
    .post("/revoke", async (c) => {
      revoke(world, (await c.req.json<{ token: string }>()).token);
      return c.json({});
    })
    .post("/reset", (c) => {
      world.ledger.clear();
      return c.json({});
    })
    .get("/invoices", (c) => {
      settle(world);
      const { nip, number } = c.req.query();
      const found = world.ledger
        .all("invoice")
        .filter((one) => (!nip || one.nip === nip) && (!number || numberIn(one) === number));
      return c.json(found.map(({ content, ...one }) => ({ ...one, xml: textOf(content) })));
    });
}

const textOf = (content: string | null): string => Buffer.from(content ?? "", "base64").toString("utf8");

/** The number inside, whatever became of the invoice. */
const numberIn = ({ content }: Invoice): string | undefined => /<P_2>([^<]*)</.exec(textOf(content))?.[1];
