import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Actor } from "#core/lib/actor.ts";
import { sha256 } from "#core/lib/ids.ts";
import { assertUnused, replayBehind } from "#core/store/idempotency.ts";
import { json } from "./body.ts";

/** An acting POST: what it does, and how to show its object again when the same key comes twice. */
interface Action<A extends Actor> {
  readonly status: ContentfulStatusCode;
  /** Does it. Must commit `claim(actor, objectId, …)` together with its effect. */
  readonly run: (actor: A) => Promise<unknown>;
  /** The same answer for the object as it now is. */
  readonly again: (actor: A, objectId: string) => Promise<unknown>;
}

/**
 * Runs an action once per idempotency key (DECISIONS 7): header `Idempotency-Key`, else the body's `idempotencyKey`.
 * The scope is company, route and key. Without a key it just runs.
 */
export async function once<A extends Actor>(c: Context, actor: A, action: Action<A>): Promise<Response> {
  const keyed = await withKey(c, actor);
  try {
    await assertUnused(keyed);
    return c.json(await action.run(keyed), action.status);
  } catch (error) {
    const replay = await replayBehind(error, keyed);
    c.header("Idempotent-Replayed", "true");
    return c.json(await action.again(actor, replay.objectId), action.status);
  }
}

/** The actor with the idempotency key of the request, if it carries one. */
export async function withKey<A extends Actor>(c: Context, actor: A): Promise<A> {
  const sent = await json(c);
  const inBody = (sent as { idempotencyKey?: unknown } | null)?.idempotencyKey;
  const key = c.req.header("idempotency-key") ?? (typeof inBody === "string" ? inBody : undefined);
  if (!key) return actor;
  return {
    ...actor,
    idempotency: { route: `${c.req.method} ${c.req.path}`, key, bodyHash: sha256(JSON.stringify(sent)) },
  };
}
