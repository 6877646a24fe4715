import { now } from "#core/lib/clock.ts";
import { settings } from "#core/lib/settings.ts";
import type { Answer } from "./classify.ts";
import { call } from "./client.ts";

/** The application as ANAF knows it. */
export interface OauthClient {
  readonly id: string;
  readonly secret: string;
}

/** A fresh pair. Every refresh makes the refresh token before it worthless at once. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** Instants, ISO, UTC. */
  readonly accessExpiresAt: string;
  readonly refreshExpiresAt: string | null;
  /** Serial number of the certificate behind the token: the person, not a company. */
  readonly serial: string | null;
}

/** What became of asking for tokens: a pair, a refusal that will not change, or nothing that can be relied on. */
export type TokenOutcome =
  | { readonly result: "pair"; readonly pair: TokenPair }
  | { readonly result: "refused"; readonly message: string }
  | { readonly result: "unclear"; readonly message: string };

const oauthBase = (): string => `${settings.anafLoginUrl}/anaf-oauth2/v1`;

/** The one callback registered with ANAF, compared there byte for byte (DECISIONS 29). */
export const callbackUrl = (): string => `${settings.baseUrl}/auth/callback/anaf`;

/** Where a browser goes to pick a certificate. `token_content_type` must be on both requests, or tokens are opaque. */
export function authorizeUrl(client: OauthClient, state: string): string {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client.id,
    redirect_uri: callbackUrl(),
    token_content_type: "jwt",
    state,
  });
  return `${oauthBase()}/authorize?${query.toString()}`;
}

/** Turns the code of a callback into tokens; a code lives about a minute and once. */
export const exchangeCode = (client: OauthClient, code: string): Promise<TokenOutcome> =>
  token(client, { grant_type: "authorization_code", code, redirect_uri: callbackUrl() });

/** Trades a refresh token for a new pair. When the answer is lost, the old token may already be dead. */
export const refresh = (client: OauthClient, refreshToken: string): Promise<TokenOutcome> =>
  token(client, { grant_type: "refresh_token", refresh_token: refreshToken });

async function token(client: OauthClient, fields: Record<string, string>): Promise<TokenOutcome> {
  const answer = await call(`${oauthBase()}/token`, 30, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams({ ...fields, token_content_type: "jwt" }).toString(),
  });
  return outcomeOf(answer);
}

function outcomeOf(answer: Answer): TokenOutcome {
  const json = answer.json ?? {};
  if (typeof json.access_token === "string") {
    const refreshToken = typeof json.refresh_token === "string" ? json.refresh_token : null;
    return { result: "pair", pair: pairOf(json.access_token, refreshToken) };
  }
  // RFC 6749 §5.2: an `error` word is a refusal of this request; F5 pages and empty bodies are nobody's verdict.
  if (typeof json.error === "string" && answer.class !== "garbage")
    return { result: "refused", message: answer.texts[0] ?? json.error };
  return { result: "unclear", message: answer.texts[0] ?? answer.raw.slice(0, 200) };
}

/** Days a token lives when it does not say so itself (ANAF.md §2.3). */
const accessDays = 90;
const refreshDays = 365;

/**
 * A pair with what its JWTs say about themselves. ANAF publishes no key to check them with; they are only read for
 * planning, ANAF decides.
 */
export function pairOf(accessToken: string, refreshToken: string | null, issuedAt = now()): TokenPair {
  const access = claims(accessToken);
  const renewal = refreshToken ? claims(refreshToken) : {};
  return {
    accessToken,
    refreshToken,
    accessExpiresAt: expiry(access, issuedAt, accessDays),
    refreshExpiresAt: refreshToken ? expiry(renewal, issuedAt, refreshDays) : null,
    serial: typeof access.serial === "string" ? access.serial : null,
  };
}

const expiry = (found: Claims, issuedAt: number, days: number): string =>
  new Date(found.exp ? found.exp * 1000 : issuedAt + days * 86_400_000).toISOString();

export interface Claims {
  readonly exp?: number;
  readonly serial?: unknown;
}

/** Seconds that JavaScript's dates still reach (ECMA-262, time values). */
const lastSecond = 8.64e12;

/** The claims of a JWT, unverified; empty for anything else. An expiry outside of time is none. */
export function claims(jwt: string): Claims {
  try {
    const part = jwt.split(".")[1] ?? "";
    const read = JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Claims;
    const expires = typeof read.exp === "number" && Math.abs(read.exp) <= lastSecond;
    return expires ? read : { serial: read.serial };
  } catch {
    return {};
  }
}
