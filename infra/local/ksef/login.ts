import { createHash, randomBytes } from "node:crypto";
import { strikes, Cut } from "./faults.ts";
import { decrypted } from "./keys.ts";
import { exception, unauthorized } from "./refusal.ts";
import { iso, newReference, type World } from "./world.ts";

const MINUTE_MS = 60_000;
const CHALLENGE_MS = 10 * MINUTE_MS;
const ACCESS_MS = 15 * MINUTE_MS;
const REFRESH_MS = 7 * 24 * 60 * MINUTE_MS;

export interface Challenge {
  readonly timestampMs: number;
}

type State = { readonly code: number; readonly description: string; readonly details?: string[] };

export interface Login {
  readonly reference: string;
  readonly nip: string;
  /** Of the KSeF token, which is never kept. */
  readonly tokenHash: string;
  readonly state: State;
  readonly startedAt: number;
  readonly isRedeemed: boolean;
}

export interface Bearer {
  readonly kind: "authentication" | "access" | "refresh";
  readonly login: string;
  readonly until: number;
}

const fail = (code: number, description: string, detail: string): State => ({
  code,
  description,
  details: [detail],
});
const BAD_TOKEN = "Uwierzytelnianie zakończone niepowodzeniem z powodu błędnego tokenu";
const SUCCESS: State = { code: 200, description: "Uwierzytelnianie zakończone sukcesem" };
const RUNNING: State = { code: 100, description: "Uwierzytelnianie w toku" };

export function challenge({ ledger, now }: World) {
  const timestampMs = now();
  const hex = randomBytes(12).toString("hex").toUpperCase();
  const text = `${iso(timestampMs).slice(0, 10).replaceAll("-", "")}-CR-${hex.slice(0, 10)}-${hex.slice(10, 20)}-${hex.slice(20, 22)}`;
  ledger.put("challenge", text, { timestampMs });
  return { challenge: text, timestamp: iso(timestampMs), timestampMs, clientIp: "127.0.0.1" };
}

/** The body of `POST /auth/ksef-token`. */
export interface LoginRequest {
  readonly challenge: string;
  readonly contextIdentifier: { readonly type: string; readonly value: string };
  readonly encryptedToken: string;
  readonly publicKeyId?: string | null;
}

/** Begins a login. A challenge is good for one; a token that is wrong is found out when the login is asked for. */
export function logIn(world: World, request: LoginRequest) {
  const { ledger, now } = world;
  const { challenge: text, contextIdentifier, encryptedToken: value, publicKeyId } = request;
  const issued = ledger.find("challenge", text);
  if (!issued || issued.timestampMs + CHALLENGE_MS < now()) throw exception(21111);
  if (contextIdentifier.type !== "Nip" || !/^\d{10}$/.test(contextIdentifier.value))
    throw exception(21405, "contextIdentifier");
  const secret = decrypted(world, "KsefTokenEncryption", { value, publicKeyId });
  ledger.remove("challenge", text);
  const reference = newReference(world, "AU");
  const [token, stamp] = splitAtLast(secret?.toString("utf8") ?? "", "|");
  const login: Login = {
    reference,
    nip: contextIdentifier.value,
    tokenHash: hash(token),
    state: judged(world, token, stamp === String(issued.timestampMs), contextIdentifier.value),
    startedAt: now(),
    isRedeemed: false,
  };
  ledger.put("login", reference, login);
  return {
    referenceNumber: reference,
    authenticationToken: bearer(world, "authentication", reference, 10 * MINUTE_MS),
  };
}

/** A KSeF token says whose it is: `<reference>|nip-<NIP>|<secret>`. Any secret will do, until it is revoked. */
function judged({ ledger }: World, token: string, isOurs: boolean, nip: string): State {
  const owner = /^[^|]+\|nip-(\d{10})\|[^|]+$/.exec(token)?.[1];
  if (!owner) return fail(450, BAD_TOKEN, "Nieprawidłowy token");
  if (!isOurs) return fail(450, BAD_TOKEN, "Nieprawidłowy czas tokena");
  if (ledger.find("revoked", hash(token))) return fail(450, BAD_TOKEN, "Token unieważniony");
  if (owner !== nip)
    return fail(415, "Uwierzytelnianie zakończone niepowodzeniem", "Brak przypisanych uprawnień");
  return SUCCESS;
}

/** Makes a token worthless, and what was handed out for it. */
export const revoke = ({ ledger }: World, token: string): void => ledger.put("revoked", hash(token), {});

export function loginState(world: World, authorization: string | undefined, reference: string) {
  const login = loginOf(world, authorization, "authentication");
  if (login.reference !== reference) throw exception(21304, `Operacja ${reference} nie została znaleziona.`);
  const status = strikes(world, "auth.slow") ? RUNNING : login.state;
  return {
    startDate: iso(login.startedAt),
    authenticationMethod: "Token",
    status,
    isTokenRedeemed: login.isRedeemed,
  };
}

/** Hands the tokens out, once. */
export function redeem(world: World, authorization: string | undefined) {
  const login = loginOf(world, authorization, "authentication");
  const { reference, state, isRedeemed } = login;
  if (state.code !== 200)
    throw exception(21301, `Status uwierzytelniania (${state.code}) nie pozwala na pobranie tokenów.`);
  if (isRedeemed)
    throw exception(21301, `Tokeny dla operacji uwierzytelniania ${reference} zostały już pobrane.`);
  world.ledger.put("login", reference, { ...login, isRedeemed: true });
  const tokens = {
    accessToken: bearer(world, "access", reference, ACCESS_MS),
    refreshToken: bearer(world, "refresh", reference, REFRESH_MS),
  };
  if (strikes(world, "redeem.lost")) throw new Cut();
  return tokens;
}

export function refresh(world: World, authorization: string | undefined) {
  const { reference } = loginOf(world, authorization, "refresh");
  return { accessToken: bearer(world, "access", reference, ACCESS_MS) };
}

/** Whose access token this is. */
export function contextOf(world: World, authorization: string | undefined): { nip: string; login: string } {
  if (strikes(world, "access.expired")) throw unauthorized("Token expired");
  const { nip, reference } = loginOf(world, authorization, "access");
  return { nip, login: reference };
}

function loginOf({ ledger, now }: World, authorization: string | undefined, kind: Bearer["kind"]): Login {
  const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1] ?? "";
  const known = ledger.find("bearer", hash(token));
  if (!known || known.kind !== kind || known.until <= now()) throw unauthorized("Token expired or unknown");
  const login = ledger.find("login", known.login)!;
  const isRevoked = kind !== "authentication" && ledger.find("revoked", login.tokenHash);
  if (isRevoked) throw unauthorized("Token revoked");
  return login;
}

function bearer({ ledger, now }: World, kind: Bearer["kind"], login: string, lifeMs: number) {
  const token = randomBytes(32).toString("base64url");
  const until = now() + lifeMs;
  ledger.put("bearer", hash(token), { kind, login, until });
  return { token, validUntil: iso(until) };
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

function splitAtLast(text: string, separator: string): [string, string] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
