import { type Context, Hono } from "hono";
import { answerError, answerUnknownRoute } from "./errors.ts";

/** A router of any kind of request; what it needs in its variables was put there before (see env.ts). */
// The variables of a router are a promise between app.ts and the route file, which this door only passes through.
// oxlint-disable-next-line typescript/no-explicit-any
type Router = Hono<any>;

/** What the app has already found out about a request, handed to a router as its bindings. */
interface Handed {
  Bindings: { found: Record<string, unknown> };
}

/**
 * Serves a prefix by routers that are loaded with its first request: a cold start pays for the routes it is asked for,
 * not for all there are. Variables set before (request id, actor) reach the routers as if they were mounted here.
 */
export function lazily(prefix: string, load: () => Promise<Router | Router[]>) {
  let loading: Promise<Hono<Handed>> | undefined;
  return async (c: Context): Promise<Response> => {
    const framed = await (loading ??= load().then((routers) => frame(prefix, [routers].flat())));
    return framed.fetch(c.req.raw, { ...(c.env as object), found: c.var as Record<string, unknown> });
  };
}

function frame(prefix: string, routers: readonly Router[]): Hono<Handed> {
  const app = new Hono<Handed>().use(async (c, next) => {
    for (const [name, value] of Object.entries(c.env.found)) c.set(name as never, value as never);
    await next();
  });
  for (const router of routers) app.route(prefix, router);
  app.onError(answerError);
  app.notFound(answerUnknownRoute);
  return app;
}
