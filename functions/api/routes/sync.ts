import type { Context } from "hono";
import * as z from "zod";
import { companyOf, visibleCompanies } from "#core/companies/access.ts";
import type { Company } from "#core/companies/company.ts";
import { listMessages } from "#core/einvoicing/message-list.ts";
import { type Message, statusOf } from "#core/einvoicing/messages.ts";
import type { SyncRun } from "#core/einvoicing/sync-state.ts";
import { intervalOf, mailboxStatus, type MailboxStatus, requestSync } from "#core/einvoicing/sync-request.ts";
import { DomainError } from "#core/lib/error.ts";
import { type ActorEnv, body, Hono, listed } from "../route.ts";

type Asked = Context<ActorEnv>;

/** The named company, or all that the caller sees: published clients send X-Company only when they have one. */
async function companiesOf(c: Asked): Promise<Company[]> {
  const named = c.req.header("x-company")?.trim() || c.req.query("company")?.trim();
  return named ? [await companyOf(c.var.actor, named)] : visibleCompanies(c.var.actor);
}

const Trigger = z.object({ days: z.int("must be a whole number").min(1).max(60).nullish() });

/** Queues a look per company. Of several, one that cannot be looked into does not keep the others from it. */
async function trigger(c: Asked) {
  const { days } = await body(c, Trigger);
  const companies = await companiesOf(c);
  const outcomes = await Promise.allSettled(
    companies.map((company) => requestSync(c.var.actor, company, days ?? undefined)),
  );
  const refusals = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason as Error] : [],
  );
  const unexpected = refusals.find((error) => !(error instanceof DomainError));
  if (unexpected) throw unexpected;
  if (companies.length === 0)
    throw new DomainError("forbidden", "There is no company to synchronize.", { code: "NO_TOKEN" });
  if (refusals.length === companies.length) throw refusals[0]!;
  return c.json(
    { message: "Sync triggered", status: "queued", queued: companies.length - refusals.length },
    202,
  );
}

const words: Record<number, string> = { 3600: "hourly", 14_400: "4h", 43_200: "12h", 86_400: "daily" };

/** A look without its bookkeeping. */
const runView = ({ since: _since, ...run }: SyncRun) => run;

function view(c: Asked, { company, hasToken, error, state }: MailboxStatus) {
  const seconds = intervalOf(c.var.actor);
  return {
    enabled: company.syncEnabled,
    syncEnabled: company.syncEnabled,
    lastSync: company.lastSyncedAt,
    lastSyncedAt: company.lastSyncedAt,
    tokenValid: hasToken,
    hasValidToken: hasToken,
    tokenError: error,
    syncInterval: company.syncEnabled ? (words[seconds] ?? "daily") : "manual",
    syncIntervalSeconds: seconds,
    syncDaysBack: company.syncDaysBack,
    provenFrom: state?.provenFrom ?? null,
    provenTo: state?.provenTo ?? null,
    gaps: state?.gaps ?? [],
    lastRun: state?.run ? runView(state.run) : null,
    parkedUntil: state?.parkedUntil ?? null,
  };
}

async function status(c: Asked) {
  const companies = await companiesOf(c);
  const all = await Promise.all(companies.map((company) => mailboxStatus(c.var.actor, company)));
  if (all.length === 1) return c.json(view(c, all[0]!));
  const rows = all.map((one) => ({
    companyId: one.company.id,
    name: one.company.name,
    cif: one.company.cif,
    ...view(c, one),
  }));
  const seconds = intervalOf(c.var.actor);
  const last =
    rows
      .flatMap(({ lastSync }) => lastSync ?? [])
      .toSorted()
      .at(-1) ?? null;
  const enabled = rows.some((row) => row.enabled);
  const tokenValid = rows.some((row) => row.tokenValid);
  return c.json({
    enabled,
    syncEnabled: enabled,
    lastSync: last,
    lastSyncedAt: last,
    tokenValid,
    hasValidToken: tokenValid,
    tokenError: rows.find((row) => row.tokenError)?.tokenError ?? null,
    syncInterval: enabled ? (words[seconds] ?? "daily") : "manual",
    syncIntervalSeconds: seconds,
    syncDaysBack: Math.max(0, ...rows.map((row) => row.syncDaysBack)),
    companies: rows,
  });
}

const largestLog = 50;

/** Asked for by number of rows and offset, as the documentation has it. */
const LogQuery = z.object({
  limit: z.coerce.number().int().min(1).catch(largestLog),
  offset: z.coerce.number().int().min(0).max(1_000_000).catch(0),
  page: z.coerce.number().int().min(1).max(20_000).optional().catch(undefined),
  direction: z.enum(["incoming", "outgoing"]).optional().catch(undefined),
  status: z.string().optional(),
  search: z.string().optional(),
});

/** The log's own words, and those of messages; others find nothing. */
const statusWords = new Map<string | undefined, "processed" | "error" | "received">([
  ["success", "processed"],
  ["failed", "error"],
  ["skipped", "received"],
  ["processed", "processed"],
  ["error", "error"],
  ["received", "received"],
]);
const logWords = { processed: "success", error: "failed", received: "skipped" } as const;

async function log(c: Asked) {
  const asked = LogQuery.parse(c.req.query());
  const limit = Math.min(asked.limit, largestLog);
  const offset = asked.page ? (asked.page - 1) * limit : asked.offset;
  const page = Math.floor(offset / limit) + 1;
  const types = {
    incoming: ["FACTURA_PRIMITA"],
    outgoing: ["FACTURA_TRIMISA", "ERORI_FACTURA"],
  } as const;
  const isUnknown = Boolean(asked.status) && !statusWords.has(asked.status);
  const filter = {
    types: isUnknown ? [] : asked.direction && types[asked.direction],
    status: statusWords.get(asked.status),
    search: asked.search,
  };
  const { messages, total } = await listMessages(await companiesOf(c), filter, { offset, limit });
  const entries = messages.map(entry);
  return c.json({ ...listed(entries, total, { page, limit }), entries });
}

const entry = (message: Message) => ({
  id: message.invoiceId ?? message.id,
  invoiceId: Number(message.downloadId),
  cif: message.cif,
  syncedAt: message.processedAt ?? message.listedAt,
  status: logWords[statusOf(message)],
  number: message.summary?.number ?? null,
  direction: message.type === "FACTURA_PRIMITA" ? "incoming" : "outgoing",
  senderName: message.type === "FACTURA_PRIMITA" ? (message.summary?.partner ?? null) : null,
  receiverName: message.type === "FACTURA_PRIMITA" ? null : (message.summary?.partner ?? null),
  total: message.summary ? Number(message.summary.total) : null,
  currency: message.summary?.currency ?? null,
  error: message.errorMessage,
});

/** Looking into mailboxes: on demand, how they stand, and what came out of them last. */
export const sync = new Hono<ActorEnv>().post("/trigger", trigger).get("/status", status).get("/log", log);
