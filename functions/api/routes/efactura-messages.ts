import type { Context } from "hono";
import { companyOf, visibleCompanies } from "#core/companies/access.ts";
import { getMessage, listMessages, type MessageFilter } from "#core/einvoicing/message-list.ts";
import { type Message, statusOf } from "#core/einvoicing/messages.ts";
import { assertCan } from "#core/lib/actor.ts";
import { refused } from "#core/lib/error.ts";
import type { MessageType } from "#core/providers/anaf/messages.ts";
import { type ActorEnv, Hono, listed, pageQuery } from "../route.ts";

type Asked = Context<ActorEnv>;

/** The words of the documentation and the command line beside ANAF's own, with a blank or an underscore. */
const types = new Map<string | undefined, MessageType>([
  ["response", "FACTURA_TRIMISA"],
  ["notification", "FACTURA_PRIMITA"],
  ["error", "ERORI_FACTURA"],
  ["factura_trimisa", "FACTURA_TRIMISA"],
  ["factura_primita", "FACTURA_PRIMITA"],
  ["erori_factura", "ERORI_FACTURA"],
  ["mesaj_cumparator", "MESAJ_CUMPARATOR"],
]);
const statuses = new Map<string | undefined, NonNullable<MessageFilter["status"]>>([
  ["ok", "processed"],
  ["pending", "received"],
  ["processed", "processed"],
  ["received", "received"],
  ["error", "error"],
  ["warning", "error"],
]);
/** Types of the documentation that nothing is ever filed under: they find nothing, and are no mistake. */
const emptyTypes = new Set(["warning", "info"]);

/** The filters of a list; undefined when they can match nothing. Throws `invalid` for words nobody knows. */
function filterOf(c: Asked): MessageFilter | undefined {
  const type = c.req.query("messageType")?.trim().toLowerCase().replaceAll(" ", "_");
  const status = c.req.query("status")?.trim().toLowerCase();
  if (type && emptyTypes.has(type)) return undefined;
  if (type && !types.has(type))
    throw refused("Unknown message type.", { messageType: "is not a message type" });
  if (status && !statuses.has(status))
    throw refused("Unknown status.", { status: "is not a message status" });
  return {
    type: types.get(type),
    status: statuses.get(status),
    search: c.req.query("search")?.trim() || undefined,
  };
}

function view(message: Message) {
  const { id, invoiceId, summary, downloadId, archive } = message;
  const { total, currency } = summary ?? {};
  return {
    id,
    uuid: id,
    invoiceId,
    invoice:
      invoiceId && summary
        ? {
            id: invoiceId,
            number: summary.number,
            date: summary.date,
            client: summary.partner,
            total: Number(total),
            currency,
          }
        : null,
    messageType: message.type,
    status: statusOf(message),
    stage: message.stage,
    messageId: downloadId,
    anafMessageId: downloadId,
    cif: message.cif,
    uploadId: message.uploadIndex,
    details: message.details,
    errorMessage: message.errorMessage,
    seal: archive?.seal.verdict ?? null,
    receivedAt: message.createdAt,
    processedAt: message.processedAt,
    createdAt: message.listedAt,
  };
}

/** Messages of SPV as the ledger has them: of the named company, else of every company the caller sees. */
export const efacturaMessages = new Hono<ActorEnv>()
  .get("/", async (c) => {
    assertCan(c.var.actor, "efactura.view");
    const asked = pageQuery(c);
    const page = { ...asked, limit: Math.min(asked.limit, 100) };
    const filter = filterOf(c);
    if (!filter) return c.json(listed([], 0, page));
    const named = c.req.header("x-company")?.trim() || c.req.query("company")?.trim();
    const companies = named ? [await companyOf(c.var.actor, named)] : await visibleCompanies(c.var.actor);
    const { messages, total } = await listMessages(companies, filter, {
      offset: (page.page - 1) * page.limit,
      limit: page.limit,
    });
    return c.json(listed(messages.map(view), total, page));
  })
  .get("/:uuid", async (c) => {
    const message = await getMessage(c.var.actor, c.req.param("uuid"));
    return c.json({ ...view(message), rawData: message.raw, archive: message.archive });
  });
