import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import * as z from "zod";
import type { Local } from "./engine.ts";

const Move = z.union([z.strictObject({ advance: z.string() }), z.strictObject({ set: z.string() })]);

/**
 * What a developer may ask of the running system beside its own API: the mails it sent, to do at once what is due, and
 * to move its clock. On loopback only, and only here: none of it exists in a deployed stage.
 */
export function controlApp(local: () => Pick<Local, "mails" | "drain" | "clock">) {
  const app = new Hono<{ Bindings: HttpBindings }>().basePath("/__local");
  app.use(async (c, next) => {
    if (!isLoopback(c.env.incoming.socket.remoteAddress)) return c.json({ error: "Only on loopback." }, 403);
    return next();
  });
  app.get("/mail", (c) => c.json(local().mails()));
  app.post("/drain", async (c) => c.json(await local().drain()));
  app.post("/clock", async (c) => {
    const move = Move.safeParse(await c.req.json().catch(() => undefined));
    if (!move.success) return c.json({ error: 'Send {"advance":"1h"} or {"set":"<instant>"}.' }, 400);
    try {
      return c.json({ now: local().clock(move.data) });
    } catch (error) {
      if (error instanceof TypeError) return c.json({ error: error.message }, 400);
      throw error;
    }
  });
  return app;
}

const isLoopback = (address = "") => /^(127\.|::1$|::ffff:127\.)/.test(address);
