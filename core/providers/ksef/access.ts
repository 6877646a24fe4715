import { setTimeout as pause } from "node:timers/promises";
import type * as z from "zod";
import { now } from "#core/lib/clock.ts";
import { sha256 } from "#core/lib/ids.ts";
import { settings } from "#core/lib/settings.ts";
import type { WaitReason } from "../provider.ts";
import { sealedFor } from "./keys.ts";
import { type Answer, call, type Line, type Request, Setback, unreadable } from "./line.ts";
import {
  AuthenticationStarted,
  AuthenticationState,
  Challenge,
  Refreshed,
  type Status,
  Tokens,
  wordsOf,
} from "./wire.ts";

/** What a company saved: its NIP and a KSeF token made for it. */
export interface Credentials {
  readonly nip: string;
  readonly authToken: string;
}

/** Renewed this long before the end, so that none runs out on its way. */
const marginMs = 60_000;

const loginPausesMs = [150, 300, 600, 1200, 2500, 5000];

type TokenPair = z.output<typeof Tokens>;

/** Tokens of the credentials that were used here, by a hash of these; in memory only. */
const held = new Map<string, Promise<TokenPair>>();
const heldAtMost = 500;

const keyOf = ({ nip, authToken }: Credentials): string =>
  sha256(Buffer.from(`${settings.ksefApiUrl}\n${nip}\n${authToken}`));

/** Companies that KSeF told to wait, and until when: it makes whoever asks all the same wait longer. */
const hushed = new Map<string, number>();

/**
 * Does a piece of work with an access token. A token that KSeF no longer takes is replaced once, by logging in anew;
 * then `work` is done once more. Nothing is asked while KSeF wants this company to wait. Throws `Setback`.
 */
export async function withAccess<Result>(
  line: Line,
  credentials: Credentials,
  work: (token: string) => Promise<Result>,
): Promise<Result> {
  const { nip } = credentials;
  assertNotHushed(nip);
  try {
    return await withToken(line, credentials, work);
  } catch (error) {
    if (error instanceof Setback && error.status === 429 && error.retryAfterSeconds !== undefined) {
      if (hushed.size >= heldAtMost) hushed.clear();
      hushed.set(nip, now() + error.retryAfterSeconds * 1000);
    }
    throw error;
  }
}

function assertNotHushed(nip: string): void {
  const left = (hushed.get(nip) ?? 0) - now();
  if (left <= 0) return void hushed.delete(nip);
  const retryAfterSeconds = Math.ceil(left / 1000);
  throw new Setback(`KSeF asked to wait for another ${retryAfterSeconds} seconds.`, {
    reason: "rate_minute",
    status: 429,
    retryAfterSeconds,
  });
}

async function withToken<Result>(
  line: Line,
  credentials: Credentials,
  work: (token: string) => Promise<Result>,
): Promise<Result> {
  const token = await accessToken(line, credentials);
  try {
    return await work(token);
  } catch (error) {
    if (!(error instanceof Setback) || error.status !== 401) throw error;
    held.delete(keyOf(credentials));
    return work(await accessToken(line, credentials));
  }
}

/** Whoever asks while somebody else logs in waits for him, and finds his token. */
async function accessToken(line: Line, credentials: Credentials): Promise<string> {
  const key = keyOf(credentials);
  const next = current(line, credentials, held.get(key));
  if (held.size >= heldAtMost) held.clear();
  held.set(key, next);
  try {
    return (await next).accessToken.token;
  } catch (error) {
    if (held.get(key) === next) held.delete(key);
    throw error;
  }
}

const isFresh = ({ validUntil }: { validUntil: string }): boolean =>
  Date.parse(validUntil) - marginMs > now();

async function current(
  line: Line,
  credentials: Credentials,
  before: Promise<TokenPair> | undefined,
): Promise<TokenPair> {
  const pair = await before?.catch(() => undefined);
  if (!pair || !isFresh(pair.refreshToken)) return logIn(line, credentials);
  if (isFresh(pair.accessToken)) return pair;
  try {
    const { accessToken: renewed } = await refreshed(line, pair.refreshToken.token);
    return { ...pair, accessToken: renewed };
  } catch (error) {
    if (!(error instanceof Setback) || error.status < 400 || error.status === 429) throw error;
    return logIn(line, credentials);
  }
}

/** A refresh token stays good: KSeF does not trade it for another. */
const refreshed = (line: Line, token: string) =>
  ask(line, "/auth/token/refresh", { method: "POST", token }, Refreshed);

/**
 * Logs in. Tokens are handed out once only, so after an answer that was lost there is nothing left to fetch: the login
 * begins again, once.
 */
async function logIn(line: Line, credentials: Credentials): Promise<TokenPair> {
  try {
    return await redeem(line, await authenticate(line, credentials));
  } catch (error) {
    if (!(error instanceof RedeemSetback)) throw error;
    return redeem(line, await authenticate(line, credentials));
  }
}

/** The redeeming itself went wrong, in whatever way. */
class RedeemSetback extends Setback {}

async function redeem(line: Line, token: string): Promise<TokenPair> {
  try {
    return await ask(line, "/auth/token/redeem", { method: "POST", token }, Tokens);
  } catch (error) {
    if (!(error instanceof Setback) || error.status === 429) throw error;
    throw new RedeemSetback(error.message, error);
  }
}

/** Proves who we are: answers the token of a login that KSeF has accepted. Nothing else comes of it. */
export async function authenticate(line: Line, { nip, authToken }: Credentials): Promise<string> {
  const { challenge, timestampMs } = await ask(line, "/auth/challenge", { method: "POST" }, Challenge);
  const secret = Buffer.from(`${authToken}|${timestampMs}`, "utf8");
  const started = await sealedFor(line, "KsefTokenEncryption", secret, ({ value, publicKeyId }) => {
    const contextIdentifier = { type: "Nip", value: nip };
    const json = { challenge, contextIdentifier, encryptedToken: value, publicKeyId };
    return ask(line, "/auth/ksef-token", { method: "POST", json }, AuthenticationStarted);
  });
  await accepted(line, started);
  return started.authenticationToken.token;
}

async function accepted(line: Line, started: z.output<typeof AuthenticationStarted>): Promise<void> {
  const path = `/auth/${encodeURIComponent(started.referenceNumber)}`;
  for (const milliseconds of [...loginPausesMs, 0]) {
    const { status } = await ask(
      line,
      path,
      { token: started.authenticationToken.token },
      AuthenticationState,
    );
    if (status.code === 200) return;
    if (status.code !== 100) throw failed(status);
    await pause(milliseconds);
  }
  throw new Setback("KSeF has not finished the login yet.", { reason: "not_sent" });
}

/** Final codes of a login that are about the credentials; 500 and 550 are KSeF's own trouble. */
const LOGIN_REASONS: Readonly<Record<number, WaitReason>> = {
  415: "no_right",
  425: "reconnect",
  450: "reconnect",
  460: "reconnect",
  470: "no_right",
  480: "forbidden",
};

function failed(status: Status): Setback {
  const words = wordsOf(status);
  return new Setback(words, {
    reason: LOGIN_REASONS[status.code] ?? "not_sent",
    code: status.code,
    raw: words,
  });
}

/** One call whose answer has a known shape. Throws `Setback`, also when it has another one. */
export async function ask<Shape extends z.ZodType>(
  line: Line,
  path: string,
  request: Request,
  shape: Shape,
): Promise<z.output<Shape>> {
  const answer: Answer = await call(line, path, request);
  const read = shape.safeParse(answer.json);
  if (!read.success) throw unreadable(path, answer);
  return read.data;
}
