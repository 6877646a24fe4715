import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { resolve } from "#core/identity/resolve.ts";
import type { ActorEnv } from "./env.ts";

/** Finds out who is asking. Throws when the request has no credential that counts. */
export async function identify(c: Context<ActorEnv>): Promise<void> {
  const actor = await resolve({
    authorization: c.req.header("authorization"),
    organizationId: c.req.header("x-organization"),
  });
  c.set("actor", actor);
}

/** Lets a request pass only with a credential that counts, and says who is asking. */
export const authenticate = createMiddleware<ActorEnv>(async (c, next) => {
  await identify(c);
  await next();
});
