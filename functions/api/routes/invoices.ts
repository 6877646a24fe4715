import type { Context } from "hono";
import * as z from "zod";
import { ownCompany } from "#core/companies/access.ts";
import * as Invoices from "#core/documents/invoices/index.ts";
import { assertCan, assertFeature, type CompanyActor } from "#core/lib/actor.ts";
import { today } from "#core/lib/dates.ts";
import { malformed, refused } from "#core/lib/error.ts";
import { text } from "#core/model/input.ts";
import { InvoiceChanges, NewInvoice } from "#core/model/invoice-input.ts";
import { wireEvent } from "#core/model/wire.ts";
import { invoiceQuery } from "../invoice-query.ts";
import { detail, listItem, withValidation } from "../invoice-view.ts";
import {
  attachment,
  body,
  type CompanyEnv,
  Hono,
  inCompany,
  inline,
  json,
  listed,
  once,
  pageQuery,
} from "../route.ts";
import { bulkActions } from "./invoice-bulk.ts";
import { attachments } from "./invoice-attachments.ts";
import { payments } from "./payments.ts";

type Asked = Context<CompanyEnv>;

const idOf = (c: Asked): string => c.req.param("uuid")!;

/** Runs an action on the invoice of the path and answers the invoice; the same idempotency key does it once. */
const act = (
  c: Asked,
  action: (actor: CompanyActor, id: string) => Promise<Invoices.StoredInvoice>,
  answer: (invoice: Invoices.StoredInvoice) => unknown = detail,
) =>
  once(c, c.var.actor, {
    status: 200,
    run: async (actor) => answer(await action(actor, idOf(c))),
    again: async (actor, id) => answer(await Invoices.getInvoice(actor.companyId, id)),
  });

/** The reason of a cancellation may be left out; a given one must say something. */
const Reason = z.object({ reason: text(1000) });
async function reasonOf(c: Asked): Promise<string | null> {
  const { reason = null } = await body(c, Reason);
  if (reason !== null && reason.length < 10) throw malformed({ reason: "must have at least 10 characters" });
  return reason;
}

/**
 * Business rules alone, the official ones too, or (`anaf`) those and what ANAF itself says. The mode of the query wins
 * over the one of the body.
 */
async function validate(c: Asked) {
  const inBody = (await json(c)) as { mode?: unknown } | null;
  const mode = c.req.query("mode") ?? inBody?.mode ?? "quick";
  if (mode === "quick" || mode === "full") return c.json(await Invoices.validate(c.var.actor, idOf(c), mode));
  if (mode === "anaf") {
    const { validateWithAnaf } = await import("#core/einvoicing/second-opinion.ts");
    return c.json(await validateWithAnaf(c.var.actor, idOf(c)));
  }
  throw refused("The mode must be quick, full or anaf.", { mode: "must be one of quick, full, anaf" });
}

const create = (c: Asked) =>
  once(c, c.var.actor, {
    status: 201,
    run: async (actor) => {
      assertCan(actor, "invoice.create");
      await Invoices.assertQuota(actor);
      const created = await Invoices.create(actor, await body(c, NewInvoice));
      if (created.possibleDuplicateOf) c.header("X-Possible-Duplicate-Of", created.possibleDuplicateOf);
      return withValidation(created.invoice, created.validation);
    },
    again: async (actor, id) => {
      const [invoice, validation] = await Promise.all([
        Invoices.getInvoice(actor.companyId, id),
        Invoices.validate(actor, id, "quick"),
      ]);
      return withValidation(invoice, validation);
    },
  });

async function list(c: Asked) {
  const asked = pageQuery(c);
  const found = await Invoices.list(c.var.actor, { ...invoiceQuery(c), ...asked });
  const { currency, distinctCurrencies, totals, totalsByCurrency } = found;
  return c.json({
    ...listed(found.invoices.map(listItem), found.total, asked, found.nextCursor),
    currency,
    distinctCurrencies,
    totals,
    totalsByCurrency,
  });
}

const issued = async (c: Asked, invoice: Invoices.StoredInvoice) => {
  const [shown, { efacturaDelayHours }] = await Promise.all([detail(invoice), ownCompany(c.var.actor)]);
  return { ...shown, efacturaDelayHours };
};

const submitted = async (invoice: Invoices.StoredInvoice) => ({
  ...(await detail(invoice)),
  message: "The invoice was queued for ANAF.",
});

async function exportCsv(c: Asked) {
  const { text: csv, count } = await Invoices.exportCsv(c.var.actor, invoiceQuery(c));
  c.header("X-Total-Records", String(count));
  return attachment(c, {
    bytes: Buffer.from(csv, "utf8"),
    fileName: `facturi-${today()}.csv`,
    contentType: "text/csv; charset=utf-8",
  });
}

/** A file of the invoice; `?redirect=1` sends the caller to where the stored one lies. */
async function download(c: Asked, kind: "xml" | "pdf") {
  const actor = c.var.actor;
  const url = c.req.query("redirect") === "1" ? await Invoices.fileUrl(actor, idOf(c), kind) : undefined;
  if (url) return c.redirect(url, 302);
  const file = await Invoices.getFile(actor, idOf(c), kind);
  return kind === "pdf" ? inline(c, file) : attachment(c, file);
}

export const invoices = new Hono<CompanyEnv>()
  .use(inCompany)
  .get("/", (c) => list(c))
  .post("/", (c) => create(c))
  .get("/export/csv", (c) => exportCsv(c))
  .route("/", bulkActions)
  .get("/:uuid", async (c) => c.json(await detail(await Invoices.get(c.var.actor, idOf(c)))))
  .put("/:uuid", async (c) => {
    const changes = await body(c, InvoiceChanges);
    const { invoice, validation } = await Invoices.update(c.var.actor, idOf(c), changes);
    return c.json(await withValidation(invoice, validation));
  })
  .delete("/:uuid", async (c) => {
    await Invoices.remove(c.var.actor, idOf(c));
    return c.body(null, 204);
  })
  .post("/:uuid/validate", (c) => validate(c))
  .post("/:uuid/issue", (c) => act(c, Invoices.issue, (invoice) => issued(c, invoice)))
  .post("/:uuid/submit", (c) => act(c, Invoices.submit, submitted))
  .post("/:uuid/cancel", async (c) => {
    const reason = await reasonOf(c);
    return act(c, (actor, id) => Invoices.cancel(actor, id, reason));
  })
  .post("/:uuid/restore", (c) => act(c, Invoices.restore))
  .post("/:uuid/cancel-scheduled-email", (c) => act(c, Invoices.cancelScheduledEmail))
  .get("/:uuid/events", async (c) =>
    c.json((await Invoices.events(c.var.actor, idOf(c))).map((event) => wireEvent(event))),
  )
  .get("/:uuid/xml", (c) => download(c, "xml"))
  .get("/:uuid/pdf", (c) => {
    assertFeature(c.var.actor, "pdfGeneration");
    return download(c, "pdf");
  })
  .route("/:uuid/payments", payments)
  .route("/:uuid/attachments", attachments);
