import { createMiddleware } from "hono/factory";
import { resolve } from "#core/identity/resolve.ts";
import type { ActorEnv } from "./env.ts";

/** Lets a request pass only with a credential that counts, and says who is asking. */
export const authenticate = createMiddleware<ActorEnv>(async (c, next) => {
  const actor = await resolve({
    authorization: c.req.header("authorization"),
    organizationId: c.req.header("x-organization"),
  });
  c.set("actor", actor);
  await next();
});
