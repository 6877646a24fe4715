import { type Context, type Env, Hono } from "hono";
import { TrieRouter } from "hono/router/trie-router";
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
 * not for all there are. What must be found out `before` (who is asking) is, while they load: it waits for the table.
 * Variables set before (request id, actor) reach the routers as if they were mounted here.
 */
export function lazily<E extends Env>(
  prefix: string,
  load: () => Promise<Router | Router[]>,
  before?: (c: Context<E>) => Promise<void>,
) {
  let loading: Promise<Hono<Handed>> | undefined;
  return async (c: Context<E>): Promise<Response> => {
    loading ??= load().then((routers) => frame(prefix, [routers].flat()));
    const [framed] = await Promise.all([loading, before?.(c)]);
    return framed.fetch(c.req.raw, { ...(c.env as object), found: c.var });
  };
}

function frame(prefix: string, routers: readonly Router[]): Hono<Handed> {
  const app = new Hono<Handed>({ router: new TrieRouter() }).use(async (c, next) => {
    for (const [name, value] of Object.entries(c.env.found)) c.set(name as never, value as never);
    await next();
  });
  for (const router of routers) app.route(prefix, router);
  app.onError(answerError);
  app.notFound(answerUnknownRoute);
  return app;
}
