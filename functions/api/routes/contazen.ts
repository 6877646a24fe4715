import type { Context } from "hono";
import * as Invoices from "#core/documents/invoices/index.ts";
import { DomainError } from "#core/lib/error.ts";
import { contazenInvoice, plainId } from "../contazen-view.ts";
import { type ActorEnv, authenticate, Hono, limitCalls, once, statusOf } from "../route.ts";

/** What surrounds every answer of this API. */
const metaOf = (c: Context, startedMs: number) => ({
  version: "v1",
  request_id: c.get("requestId") as string,
  response_time: `${(performance.now() - startedMs).toFixed(2)}ms`,
});

async function storno(c: Context<ActorEnv>): Promise<Response> {
  const startedMs = performance.now();
  const id = plainId(c.req.param("id")!);
  const actor = await Invoices.inCompanyOf(c.var.actor, id);
  const answer = async (invoice: Invoices.StoredInvoice) => ({
    success: true,
    data: contazenInvoice(invoice),
    meta: metaOf(c, startedMs),
  });
  return once(c, actor, {
    status: 200,
    run: async (keyed) => answer(await Invoices.storno(keyed, id)),
    again: async (keyed, reversalId) => answer(await Invoices.getInvoice(keyed.companyId, reversalId)),
  });
}

/** The one call of the Contazen API that is served: its clients reverse an invoice, and the key says whose. */
export const contazen = new Hono<ActorEnv>()
  .use(limitCalls, authenticate)
  .post("/invoices/:id/storno", (c) => storno(c));

/** Refusals in the words of that API; its clients read `message` and `code`. */
contazen.onError((error, c) => {
  if (!(error instanceof DomainError)) throw error;
  const { code = error.kind, errors = null, retryAfterSeconds } = error.details;
  if (retryAfterSeconds !== undefined) c.header("Retry-After", String(retryAfterSeconds));
  const { message } = error;
  const said = { success: false, message, error: { code, message }, code, errors };
  return c.json({ ...said, meta: metaOf(c, performance.now()) }, statusOf(error));
});
