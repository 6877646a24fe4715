import type { Context } from "hono";
import { takeNotice } from "#core/einvoicing/networks/index.ts";
import { isNetwork, PROVIDERS } from "#core/providers/provider.ts";
import { notFound } from "#core/lib/error.ts";
import { file, Hono } from "../route.ts";

/** A network tells a company what became of a document. The address itself is the credential. */
async function take(c: Context) {
  const { provider: name, address = "" } = c.req.param() as Record<string, string>;
  const provider = PROVIDERS.find((one) => one === name);
  if (!provider || !isNetwork(provider)) throw notFound("Address");
  const contentType = c.req.header("content-type") ?? "";
  await takeNotice({ provider, address, contentType, body: await file(c) });
  return c.body(null, 200);
}

/** Where networks that call their senders reach us. */
export const notices = new Hono().post("/:provider/:address", take);
