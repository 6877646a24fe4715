import { Hono } from "hono";
import * as ApiKeys from "#core/identity/api-keys.ts";
import { body } from "../body.ts";
import type { ActorEnv } from "../env.ts";
import { paged, pageQuery } from "../page.ts";

/** API keys of the caller, in the organization of the request. */
export const apiTokens = new Hono<ActorEnv>()
  .get("/", async (c) => c.json(paged((await ApiKeys.list(c.var.actor)).map(view), pageQuery(c))))

  .post("/", async (c) => {
    const { key, text } = await ApiKeys.create(c.var.actor, await body(c, ApiKeys.NewApiKey));
    return c.json({ ...view(key), token: text }, 201);
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

  .post("/:uuid/rotate", async (c) => {
    const { key, text } = await ApiKeys.rotate(c.var.actor, c.req.param("uuid"));
    return c.json({ ...view(key), token: text }, 201);
  });

/** A key as its owner sees it: never its text, never its hash. */
const view = ({
  id,
  name,
  tokenPrefix,
  scopes,
  lastUsedAt,
  expiresAt,
  revokedAt,
  createdAt,
}: ApiKeys.ApiKey) => ({
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
