import * as z from "zod";
import { now } from "#core/lib/clock.ts";
import { sha256 } from "#core/lib/ids.ts";
import { settings } from "#core/lib/settings.ts";
import { neverLeft } from "../connection.ts";
import type { WaitReason } from "../provider.ts";

/**
 * Calls to Chorus Pro, France's platform for invoices to public bodies. Every call carries two proofs: a token of PISTE,
 * the state's gateway, for the application, and the login of a technical account of Chorus Pro for the company.
 */

/** What a company saved: its application at PISTE and its technical account at Chorus Pro. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly login: string;
  readonly password: string;
}

/** What became of a call. A `setback` certainly had no effect; after `lost` nobody knows. */
export type Reply =
  | { readonly kind: "answer"; readonly status: number; readonly json: unknown; readonly raw: string }
  | ({ readonly kind: "setback"; readonly raw: string } & Setback)
  | { readonly kind: "lost"; readonly raw: string };

interface Setback {
  readonly reason: WaitReason;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

/** One hand-over or question, with all the calls it takes, is given up after this. */
const patienceSeconds = 55;

/** The credentials of a company and the time that one hand-over or question has in all. */
export interface Line extends Credentials {
  readonly patience: AbortSignal;
}

export const openLine = (credentials: Credentials): Line => ({
  ...credentials,
  patience: AbortSignal.timeout(patienceSeconds * 1000),
});

const rawLength = 2000;

/** Tokens are renewed this long before their end, so that none runs out on its way. */
const marginMs = 60_000;
const heldAtMost = 500;

const Token = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

/** Tokens that were used here, by a hash of the application's secret; in memory only. */
const held = new Map<string, { readonly token: string; readonly endsMs: number }>();

const keyOf = ({ clientId, clientSecret }: Credentials): string =>
  sha256(`${settings.pisteLoginUrl}\n${clientId}\n${clientSecret}`);

/**
 * Calls a service by POST with JSON. A token that is no longer taken is replaced once: a gateway that says 401 has passed
 * nothing on.
 */
export async function call(line: Line, path: string, body: unknown): Promise<Reply> {
  const reply = await callOnce(line, path, body);
  if (reply.kind !== "answer" || reply.status !== 401) return settled(reply);
  held.delete(keyOf(line));
  return settled(await callOnce(line, path, body));
}

async function callOnce(line: Line, path: string, body: unknown): Promise<Reply> {
  const token = await tokenFor(line);
  if (typeof token !== "string") return token;
  const { login, password, patience } = line;
  return request(`${settings.pisteApiUrl}/cpro${path}`, patience, {
    headers: {
      authorization: `Bearer ${token}`,
      "cpro-account": Buffer.from(`${login}:${password}`, "utf8").toString("base64"),
      "content-type": "application/json;charset=utf-8",
    },
    body: JSON.stringify(body),
  });
}

/** A token of the application, or why there is none. The answer is never kept as evidence. */
async function tokenFor(line: Line): Promise<string | Reply> {
  const known = held.get(keyOf(line));
  if (known && known.endsMs - marginMs > now()) return known.token;
  const { clientId, clientSecret, patience } = line;
  const reply = await request(`${settings.pisteLoginUrl}/api/oauth/token`, patience, {
    headers: {},
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope: "openid",
    }),
  });
  if (reply.kind !== "answer")
    return { ...setback("not_sent", "PISTE gave no token: it did not answer."), raw: "" };
  const { status, json } = reply;
  const granted = Token.safeParse(json);
  if (status !== 200 || !granted.success) return { ...tokenRefusal(status), raw: `HTTP ${status}` };
  const { access_token: token, expires_in: seconds } = granted.data;
  if (held.size >= heldAtMost) held.clear();
  held.set(keyOf(line), { token, endsMs: now() + seconds * 1000 });
  return token;
}

const setback = (reason: WaitReason, message: string, retryAfterSeconds?: number) => ({
  kind: "setback" as const,
  reason,
  message,
  ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
});

const tokenRefusal = (status: number) =>
  status === 400 || status === 401 || status === 403
    ? setback("reconnect", "PISTE does not take the clientId and clientSecret.")
    : setback("not_sent", `PISTE gave no token: it answered with HTTP status ${status}.`);

async function request(
  url: string,
  signal: AbortSignal,
  { headers, body }: { headers: Record<string, string>; body: string | URLSearchParams },
): Promise<Reply> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, accept: "application/json" },
      body,
      redirect: "manual",
      signal,
    });
    const text = await response.text();
    const { status } = response;
    const raw = `${status} ${text}`.slice(0, rawLength);
    const wait = Number(response.headers.get("retry-after"));
    if (status === 429) return { ...setback("rate_minute", "", wait > 0 ? Math.ceil(wait) : undefined), raw };
    return { kind: "answer", status, json: jsonOf(text), raw };
  } catch (error) {
    const { code, message } = (error as { cause?: { code?: string; message?: string } }).cause ?? {};
    const raw = code ?? message ?? (error as Error).name;
    if (!neverLeft(code)) return { kind: "lost", raw };
    return { ...setback("not_sent", `The connection failed: ${raw}`), raw };
  }
}

/** An answer that is about the caller, not about what he asked, is a setback. */
function settled(reply: Reply): Reply {
  if (reply.kind !== "answer") return reply;
  const { status, raw } = reply;
  if (status === 401) return { ...setback("reconnect", "PISTE does not take its own token."), raw };
  if (status === 403)
    return {
      ...setback("reconnect", "Chorus Pro does not take the login and password of the technical account."),
      raw,
    };
  if (status === 404 || status === 405 || (status >= 300 && status < 400))
    return { ...setback("forbidden", `The gateway answered with HTTP status ${status}.`), raw };
  return status >= 500 || status === 408 ? { kind: "lost", raw } : reply;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
