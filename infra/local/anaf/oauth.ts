import { createHash, sign } from "node:crypto";
import { htmlAnswer, jsonAnswer, textAnswer } from "./answers.ts";
import type { Answer, Break } from "./answers.ts";
import type { Call, World } from "./call.ts";
import { app, holders } from "./fixtures.ts";
import { keyPair } from "./keys.ts";

/** OAuth as ANAF speaks it (ANAF.md §2, SIMULATOR.md §4). */

const accessSeconds = 7_776_000; // 90 days (ANAF.md §2.3)
const refreshSeconds = 31_536_000; // 365 days
const codeSeconds = 60;

interface CodeRow {
  code: string;
  serial: string;
  client: string;
  redirect: string;
  opaque: number;
  expires: number;
  used: number | null;
}

interface TokenRow {
  kind: "access" | "refresh";
  serial: string;
  client: string;
  family: string;
  expires: number;
  dead: number | null;
}

/** `GET /anaf-oauth2/v1/authorize`: a choice of certificates, or at once a redirect with a code. */
export function authorize(call: Call): Answer {
  const { query, world } = call;
  const redirect = query.get("redirect_uri") ?? "";
  if (query.get("client_id") !== app.clientId) return errorPage("Aplicatia nu este inregistrata.");
  if (!isCallback(world, redirect)) return errorPage("Adresa de redirect nu este inregistrata.");
  const back = (parameters: Record<string, string>): Answer => {
    const url = new URL(redirect);
    const state = query.get("state");
    for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, value);
    if (state !== null) url.searchParams.set("state", state);
    return { status: 302, headers: { location: url.href }, body: "" };
  };
  if (query.get("response_type") !== "code") return back({ error: "unsupported_response_type" });
  if (call.faults.has("auth.denied")) return back({ error: "access_denied" });
  const holder = query.get("sim_holder") ?? world.settings.defaultHolder;
  if (holder === undefined) return choicePage(call);
  if (holders[holder] === undefined) return back({ error: "access_denied" });

  call.serial = holder;
  const code = world.chance.hex(`code ${world.ledger.next("code", 1)}`, 40);
  const opaque = query.get("token_content_type") === "jwt" ? 0 : 1;
  const expires = call.now + codeSeconds * 1000;
  const sql = "INSERT INTO codes VALUES(?, ?, ?, ?, ?, ?, NULL)";
  world.ledger.run(sql, code, holder, app.clientId, redirect, opaque, expires);
  return back({ code });
}

/** `POST /anaf-oauth2/v1/token`: exchange of a code, or refresh with rotation. */
export function token(call: Call): Answer | Break {
  const form = new URLSearchParams(Buffer.from(call.body).toString("utf8"));
  const { clientId, clientSecret } = clientOf(call, form);
  if (clientId !== app.clientId || clientSecret !== app.clientSecret) {
    return oauthError("invalid_client", "Client authentication failed");
  }
  switch (form.get("grant_type")) {
    case "authorization_code":
      return exchange(call, form);
    case "refresh_token":
      return refresh(call, form);
    case null:
      return oauthError("invalid_request", "Missing parameter: grant_type");
    default:
      return oauthError("unsupported_grant_type", "Grant type is not supported");
  }
}

/** `POST /anaf-oauth2/v1/revoke`: live it redirects to a login wall (ANAF.md §2.3). */
export function revoke(call: Call): Answer {
  if (!call.world.settings.revokeWorks) return { status: 302, headers: { location: "/my.policy" }, body: "" };
  const value = new URLSearchParams(Buffer.from(call.body).toString("utf8")).get("token") ?? "";
  call.world.ledger.run("UPDATE tokens SET dead = ? WHERE hash = ?", call.now, hashOf(value));
  return jsonAnswer({});
}

/** `GET /TestOauth/jaxrs/hello`: the smoke test of a token (ANAF.md §1). */
export function hello(call: Call): Answer {
  return textAnswer(`Hello, ${call.query.get("name") ?? ""}!`);
}

/** The holder and app of a live access token. */
export function bearerOf(call: Call): { serial: string; client: string } | undefined {
  const value = /^Bearer\s+(\S+)$/i.exec(call.headers.get("authorization") ?? "")?.[1];
  if (value === undefined) return undefined;
  const row = findToken(call.world, value);
  return row?.kind === "access" && row.dead === null && row.expires > call.now ? row : undefined;
}

/** Ends the tokens of one kind of a holder; answers how many were alive. */
export function expireTokens(world: World, serial: string, kind: string): number {
  const now = world.clock.now();
  const sql = "UPDATE tokens SET expires = ? WHERE serial = ? AND kind = ? AND dead IS NULL AND expires > ?";
  return world.ledger.run(sql, now, serial, kind, now);
}

function exchange(call: Call, form: URLSearchParams): Answer | Break {
  const { ledger, settings } = call.world;
  const code = form.get("code");
  const redirect = form.get("redirect_uri");
  if (!code) return oauthError("invalid_request", "Missing parameter: code");
  if (!redirect) return oauthError("invalid_request", "Missing parameter: redirect_uri");
  const row = ledger.get<CodeRow>("SELECT * FROM codes WHERE code = ?", code);
  if (!row || row.redirect !== redirect) return oauthError("invalid_grant", "Authorization code is invalid");
  if (row.used !== null) return oauthError("invalid_grant", "Authorization code has been used");
  if (call.now > row.expires || call.faults.has("auth.code_late")) {
    // Late use shows as a reset connection or as invalid_grant (ANAF.md §2.3, tag C).
    return settings.realReset
      ? { break: "close" }
      : oauthError("invalid_grant", "Authorization code is expired");
  }
  ledger.run("UPDATE codes SET used = ? WHERE code = ?", call.now, code);
  call.serial = row.serial;
  const family = call.world.chance.hex(`family ${code}`, 16);
  return issuePair(call, row.serial, family, row.opaque === 1);
}

function refresh(call: Call, form: URLSearchParams): Answer {
  const { ledger, settings } = call.world;
  const value = form.get("refresh_token");
  if (!value) return oauthError("invalid_request", "Missing parameter: refresh_token");
  const row = findToken(call.world, value);
  const graceMs = settings.rotation === "grace60s" ? 60_000 : 0;
  const rotated = row?.dead !== undefined && row.dead !== null && call.now >= row.dead + graceMs;
  const expired = call.faults.has("auth.refresh_expired") || (row !== undefined && row.expires <= call.now);
  if (!row || row.kind !== "refresh" || rotated || expired) {
    return oauthError("invalid_grant", "Refresh Token status is expired");
  }
  call.serial = row.serial;
  if (settings.rotation !== "none" && row.dead === null) {
    ledger.run("UPDATE tokens SET dead = ? WHERE hash = ?", call.now, hashOf(value));
  }
  return issuePair(call, row.serial, row.family, value.length < 100);
}

function issuePair(call: Call, serial: string, family: string, opaque: boolean): Answer {
  return jsonAnswer({
    access_token: issue(call, "access", serial, family, opaque),
    expires_in: accessSeconds,
    token_type: "Bearer",
    scope: "clientappid info issuer role serial",
    refresh_token: issue(call, "refresh", serial, family, opaque),
  });
}

function issue(call: Call, kind: TokenRow["kind"], serial: string, family: string, opaque: boolean): string {
  const { ledger, chance } = call.world;
  const n = ledger.next("token", 1);
  const seconds = kind === "access" ? accessSeconds : refreshSeconds;
  const value = opaque ? chance.uuid(`token ${n}`) : jwt(call, kind, serial, n, seconds);
  const sql = "INSERT INTO tokens VALUES(?, ?, ?, ?, ?, ?, NULL)";
  ledger.run(sql, hashOf(value), kind, serial, app.clientId, family, call.now + seconds * 1000);
  return value;
}

/** RS512 with the claims ANAF uses (ANAF.md §2.3), padded so that short storage columns are found out. */
function jwt(call: Call, kind: string, serial: string, n: number, seconds: number): string {
  const issuedAt = Math.floor(call.now / 1000);
  const head = part({ alg: "RS512", typ: "JWT", kid: "anaf_sim_2026" });
  const claims = part({
    iss: "https://logincert.anaf.ro",
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + seconds,
    token_type: kind,
    clientappid: app.clientId,
    serial,
    role: ["HELLO", ...app.services],
    info: call.world.chance.hex(`padding ${n}`, 2048),
  });
  const signature = sign("sha512", Buffer.from(`${head}.${claims}`), keyPair("token").privateKey);
  return `${head}.${claims}.${signature.toString("base64url")}`;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function findToken(world: World, value: string): TokenRow | undefined {
  return world.ledger.get<TokenRow>("SELECT * FROM tokens WHERE hash = ?", hashOf(value));
}

function hashOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

/** HTTP Basic as documented, or both values in the body (ANAF.md §2.3). */
function clientOf(call: Call, form: URLSearchParams): { clientId?: string; clientSecret?: string } {
  const basic = /^Basic\s+(\S+)$/i.exec(call.headers.get("authorization") ?? "")?.[1];
  if (basic === undefined) {
    return { clientId: form.get("client_id") ?? "", clientSecret: form.get("client_secret") ?? "" };
  }
  const [clientId = "", ...secret] = Buffer.from(basic, "base64").toString("utf8").split(":");
  return { clientId, clientSecret: secret.join(":") };
}

/** The app's callback on any base, because the product's address is not known beforehand (SIMULATOR.md §11). */
function isCallback(world: World, redirect: string): boolean {
  if (!URL.canParse(redirect)) return false;
  const { protocol, pathname } = new URL(redirect);
  const secure = protocol === "https:" || (protocol === "http:" && world.settings.allowHttpCallback);
  return secure && pathname === app.callbackPath;
}

function oauthError(error: string, description: string): Answer {
  return jsonAnswer({ error, error_description: description }, 400);
}

/** ANAF shows a page and does not redirect when the app or its callback is unknown (SIMULATOR.md §4). */
function errorPage(reason: string): Answer {
  return htmlAnswer(`<!DOCTYPE html><html><body><h1>Eroare</h1><p>${reason}</p></body></html>`, 400);
}

function choicePage(call: Call): Answer {
  const links = Object.entries({ ...holders, none: { name: "Fara certificat" } }).map(
    ([serial, { name }]) => {
      const query = new URLSearchParams(call.query);
      query.set("sim_holder", serial);
      const href = `?${query.toString()}`.replaceAll("&", "&amp;");
      return `<li><a href="${href}">${name} (${serial})</a></li>`;
    },
  );
  const page = `<!DOCTYPE html><html lang="ro"><meta charset="utf-8"><title>Simulator ANAF</title><body><h1>Alegeti certificatul</h1><ul>${links.join("")}</ul></body></html>`;
  return htmlAnswer(page);
}
