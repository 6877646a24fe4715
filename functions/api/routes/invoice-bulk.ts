import type { Context } from "hono";
import * as z from "zod";
import * as Invoices from "#core/documents/invoices/index.ts";
import type { CompanyActor } from "#core/lib/actor.ts";
import { DomainError } from "#core/lib/error.ts";
import type { Permission } from "#core/lib/permissions.ts";
import { day, oneOf, text } from "#core/model/input.ts";
import { PAYMENT_METHODS } from "#core/model/words.ts";
import { body, type CompanyEnv, Hono, json, withKey } from "../route.ts";

type Act = (actor: CompanyActor, id: string) => Promise<unknown>;

const Ids = z.array(z.string()).min(1).max(100);
const Reason = z.object({ reason: text(1000) });
const PaidBy = z.object({ paymentMethod: oneOf(PAYMENT_METHODS).nullish(), paidAt: day().nullish() });

async function idsOf(c: Context): Promise<string[]> {
  const sent = (await json(c)) as { ids?: unknown } | null;
  const read = Ids.safeParse(sent?.ids);
  if (read.success) return read.data;
  throw new DomainError("malformed", "Provide between 1 and 100 IDs.", {
    errors: { ids: "must be a list of 1 to 100 ids" },
  });
}

/** Does it to every id of the body and answers how many it was done to, under the name clients know, and the errors. */
async function toEach(c: Context<CompanyEnv>, permission: Permission, doneName: string, act: Act) {
  const ids = await idsOf(c);
  const actor = await withKey(c, c.var.actor);
  const { done, errors } = await Invoices.toEach(actor, permission, ids, act);
  return c.json({ [doneName]: done, errors });
}

/** One action on many invoices: each is done or refused by itself, and the answer is 200 either way. */
export const bulkActions = new Hono<CompanyEnv>()
  .post("/bulk-delete", (c) => toEach(c, "invoice.delete", "deleted", Invoices.remove))
  .post("/bulk-finalize", (c) => toEach(c, "invoice.issue", "issued", Invoices.issue))
  .post("/bulk-issue", (c) => toEach(c, "invoice.issue", "issued", Invoices.issue))
  .post("/bulk-cancel", async (c) => {
    const { reason = null } = await body(c, Reason);
    return toEach(c, "invoice.cancel", "cancelled", (actor, id) => Invoices.cancel(actor, id, reason));
  })
  .post("/bulk-storno", (c) => toEach(c, "invoice.refund", "created", Invoices.createReversal))
  .post("/bulk-mark-paid", async (c) => {
    const { paymentMethod, paidAt } = await body(c, PaidBy);
    const how = { paymentMethod, paidAt: paidAt ?? null };
    return toEach(c, "payment.create", "marked", (actor, id) => Invoices.markPaid(actor, id, how));
  })
  .post("/bulk-mark-unpaid", (c) => toEach(c, "payment.delete", "unmarked", Invoices.markUnpaid));
