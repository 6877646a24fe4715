import type { ApiKey } from "#core/identity/api-key.ts";
import * as ApiKeys from "#core/identity/api-keys.ts";
import type { Actor } from "#core/lib/actor.ts";
import { type ActorEnv, body, Hono, once, paged, pageQuery } from "../route.ts";

/** API keys of the caller, in the organization of the request. */
export const apiTokens = new Hono<ActorEnv>()
  .get("/", async (c) => c.json(paged((await ApiKeys.list(c.var.actor)).map(view), pageQuery(c))))

  .post("/", async (c) => {
    const input = await body(c, ApiKeys.NewApiKey);
    const run = async (actor: Actor) => withText(await ApiKeys.create(actor, input));
    return once(c, c.var.actor, { status: 201, run, again });
  })

  .get("/scopes", (c) => {
    const scopes = ApiKeys.grantable(c.var.actor);
    return c.json({
      scopes: scopes.map((scope) => ({ value: scope, label: scope, category: scope.split(".")[0] })),
    });
  })

  .patch("/:uuid", async (c) => {
    const change = await body(c, ApiKeys.ApiKeyChange);
    return c.json(view(await ApiKeys.update(c.var.actor, c.req.param("uuid"), change)));
  })

  .delete("/:uuid", async (c) => {
    await ApiKeys.revoke(c.var.actor, c.req.param("uuid"));
    return c.body(null, 204);
  })

  .post("/:uuid/rotate", (c) => {
    const run = async (actor: Actor) => withText(await ApiKeys.rotate(actor, c.req.param("uuid")));
    return once(c, c.var.actor, { status: 201, run, again });
  });

/** The one answer that shows a key's text. */
const withText = ({ key, text }: ApiKeys.NewKey) => ({ ...view(key), token: text });

/** The answer to a repeated request: we do not have the text any more. */
const again = async (actor: Actor, id: string) => view(await ApiKeys.get(actor, id));

/** A key as its owner sees it: never its text, never its hash. */
const view = ({ id, name, tokenPrefix, scopes, lastUsedAt, expiresAt, revokedAt, createdAt }: ApiKey) => ({
  id,
  uuid: id,
  name,
  tokenPrefix,
  scopes,
  lastUsedAt,
  expireAt: expiresAt,
  expiresAt,
  revokedAt,
  createdAt,
});
