import type { Context } from "hono";
import * as z from "zod";
import { type AnafConnection, isUsable } from "#core/companies/anaf-connections.ts";
import { lookUpRegistration } from "#core/companies/registry.ts";
import { anafAvailability } from "#core/einvoicing/availability.ts";
import { connect } from "#core/einvoicing/consent.ts";
import * as Links from "#core/einvoicing/links.ts";
import type { RightCheck } from "#core/einvoicing/rights.ts";
import * as Tokens from "#core/einvoicing/tokens.ts";
import { instant, now } from "#core/lib/clock.ts";
import { DomainError, malformed, notFound } from "#core/lib/error.ts";
import { isCui, normalCif } from "#core/model/cif.ts";
import { type ActorEnv, body, Hono, json, type PublicEnv, whole } from "../route.ts";

type Asked = Context<ActorEnv>;

/** A connection as the API shows it: never the token itself. */
function view(connection: AnafConnection) {
  const { id, numericId, label, cifs, accessExpiresAt, refreshExpiresAt, createdAt, lastUsedAt } = connection;
  return {
    id,
    uuid: id,
    numericId,
    label,
    cif: cifs[0] ?? null,
    expiresAt: accessExpiresAt,
    refreshExpiresAt,
    isValid: isUsable(connection),
    isExpired: Date.parse(accessExpiresAt) - now() < 3_600_000,
    reconnectRequired: connection.state === "reconnect_required",
    environment: connection.environment,
    lastUsedAt,
    createdAt,
    validatedCifs: cifs.map(Number),
  };
}

const NewToken = z.object({
  token: z.string("is required and must be text").min(10, "must have at least 10 characters"),
  label: z.string().trim().max(100, "must have at most 100 characters").nullish(),
  expiresInDays: z
    .int("must be a whole number")
    .min(1, "must be 1 to 365")
    .max(365, "must be 1 to 365")
    .default(90),
  companyId: z.guid("must be a UUID").nullish(),
});

/** Names the company a request is about: the body's, else X-Company or ?company=. */
const companyIn = (c: Asked, inBody?: string | null): string | undefined =>
  inBody ?? (c.req.header("x-company")?.trim() || c.req.query("company")?.trim() || undefined);

async function status(c: Asked) {
  const tokens = await Tokens.listConnections(c.var.actor);
  const ends = tokens.map(({ accessExpiresAt }) => accessExpiresAt).toSorted();
  const hasValidToken = Tokens.hasUsable(tokens);
  return c.json({
    tokenCount: tokens.length,
    hasValidToken,
    connected: hasValidToken,
    hasToken: tokens.length > 0,
    tokens: tokens.map((token) => ({
      cif: token.cifs[0] ?? null,
      expiresAt: token.accessExpiresAt,
      isValid: isUsable(token),
    })),
    nearestExpiry: ends[0] ?? null,
    hasExpiredTokens: tokens.some((token) => !isUsable(token)),
  });
}

async function save(c: Asked) {
  const { token, label, expiresInDays, companyId } = await body(c, NewToken);
  const saved = view(
    await Tokens.saveToken(c.var.actor, {
      token,
      label: label ?? null,
      expiresInDays,
      companyId: companyIn(c, companyId),
    }),
  );
  return c.json({ ...saved, status: "ok", message: "The ANAF token was stored.", data: saved }, 201);
}

async function validateCif(c: Asked) {
  const { cif } = ((await json(c)) ?? {}) as { cif?: unknown };
  if (cif === undefined || cif === null || cif === "") {
    const checks = await Tokens.validateToken(c.var.actor, c.req.param("id")!, { companyId: companyIn(c) });
    return c.json(summary(checks));
  }
  const digits = typeof cif === "string" || typeof cif === "number" ? normalCif(String(cif)) : "";
  if (!isCui(digits)) throw malformed({ cif: "is not a valid CIF" });
  const [check] = await Tokens.validateToken(c.var.actor, c.req.param("id")!, { cif: digits });
  if (check!.isCovered) return c.json(summary([check!]));
  throw new DomainError("invalid", check!.reason ?? "ANAF gives no access to this CIF.", {
    extra: { valid: false, cif: Number(digits) },
  });
}

function summary(checks: readonly RightCheck[]) {
  const results = checks.map(({ cif, isCovered, companyName, reason }) => ({
    cif: Number(cif),
    valid: isCovered,
    companyName,
    error: reason,
  }));
  const errors = checks.flatMap(({ cif, reason }) => (reason === null ? [] : [`${cif}: ${reason}`]));
  const valid = checks.length > 0 && errors.length === 0;
  const message = valid ? "ANAF gives access." : (errors[0] ?? "There is no company to check.");
  const only = results.length === 1 ? { cif: results[0]!.cif, companyName: results[0]!.companyName } : {};
  return { valid, errors, ...only, message, results };
}

function linkView(link: Links.TokenLink) {
  const linkToken = Links.secretOf(link);
  const url = Links.urlOf(linkToken);
  const { companyId, expiresAt, createdAt } = link;
  return { linkToken, url, linkUrl: url, companyId, expiresAt, createdAt };
}

const NewLink = z.object({ companyId: z.guid("must be a UUID").nullish() });

async function vatStatus(c: Asked) {
  const digits = c.req.param("cif")!.replaceAll(/\D/g, "");
  if (digits === "") throw malformed({ cif: "has no digits" });
  const found = isCui(digits) ? await lookUpRegistration(digits) : undefined;
  if (!found) throw notFound("CIF");
  const { vatPayer, vatOnCollection, name } = found;
  return c.json({ vatPayer, vatOnCollection, name });
}

/** ANAF connections and links of the caller; no company is needed. */
export const anaf = new Hono<ActorEnv>()
  .get("/status", status)
  .get("/stats", async (c) => c.json(await anafAvailability()))
  .get("/tokens", async (c) => c.json(whole(c, (await Tokens.listTokens(c.var.actor)).map(view))))
  .post("/tokens", save)
  .delete("/tokens/:id", async (c) => {
    await Tokens.removeToken(c.var.actor, c.req.param("id"));
    return c.body(null, 204);
  })
  .post("/tokens/:id/validate-cif", validateCif)
  .get("/token-links", async (c) => c.json(whole(c, (await Links.liveLinks(c.var.actor)).map(linkView))))
  .post("/token-links", async (c) => {
    const { companyId } = await body(c, NewLink);
    return c.json(linkView(await Links.createLink(c.var.actor, companyIn(c, companyId) ?? null)), 201);
  })
  .get("/vat-status/:cif", vatStatus);

/** Asking how a link stands needs no credential: the link is the secret, and nothing of its owner is told. */
export const linkStatus = new Hono<PublicEnv>().get("/:linkToken", async (c) => {
  const link = await Links.getLink(c.req.param("linkToken"));
  const used = link.usedAt !== null;
  const expired = !used && link.expiresAt <= instant();
  return c.json({
    status: used ? "used" : expired ? "expired" : "pending",
    tokenId: link.connectionId,
    expired,
    used,
    completed: used,
    expiresAt: link.expiresAt,
  });
});

const Code = z.object({ code: z.string("is required").min(1, "is required") });

/** The front end's signed-in user finishes the flow that began at /api/connect/anaf. */
export const anafAccount = new Hono<ActorEnv>().patch("/", async (c) => {
  const inQuery = c.req.query("code");
  const { code } = inQuery ? { code: inQuery } : await body(c, Code);
  try {
    const { id, accessExpiresAt } = await connect(c.var.actor, code);
    return c.json(
      { status: "ok", message: "Connected to ANAF.", data: { id, expiresAt: accessExpiresAt } },
      201,
    );
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== "upstream") throw error;
    throw new DomainError("upstream", error.message, { extra: { status: "fail" } });
  }
});
