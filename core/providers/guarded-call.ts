import { lookup } from "node:dns/promises";
import { type IncomingHttpHeaders, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { settings } from "#core/lib/settings.ts";

/** Calls to addresses that users typed in: webhooks and intermediaries. Public hosts only, and no redirects. */

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/** Private, link-local, metadata, multicast and reserved ranges (IANA special-purpose registries). */
const unroutable = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  unroutable.addSubnet(net, bits);
for (const [net, bits] of [
  ["::", 128],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  unroutable.addSubnet(net, bits, "ipv6");

/** Whether we may connect to an address; loopback only where the stage allows it (DECISIONS 12, 30). */
function isAllowed(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (/^::ffff:/i.test(address) && !mapped) return false;
  const plain = mapped ?? address;
  const family = isIP(plain) === 6 ? "ipv6" : "ipv4";
  if (loopback.check(plain, family)) return settings.loopbackWebhooks;
  return !unroutable.check(plain, family);
}

/** What is wrong with an address that somebody typed in. */
export type Unreachable = "not a URL" | "carries credentials" | "not https" | "not public";

/**
 * Why a URL may not be called: it must be https on a public host, without a password. Where the stage allows loopback,
 * plain http to it is fine as well. A name that does not resolve yet passes; each call looks again.
 */
export async function unreachable(text: string): Promise<Unreachable | undefined> {
  const url = URL.parse(text);
  if (!url) return "not a URL";
  if (url.username || url.password) return "carries credentials";
  const addresses = await addressesOf(url);
  const local = settings.loopbackWebhooks && addresses.length > 0 && addresses.every(isLoopback);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && local)) return "not https";
  return addresses.every(isAllowed) ? undefined : "not public";
}

const isLoopback = (address: string): boolean =>
  loopback.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

async function addressesOf(url: URL): Promise<string[]> {
  const host = hostOf(url);
  if (isIP(host)) return [host];
  return lookup(host, { all: true }).then(
    (found) => found.map(({ address }) => address),
    () => [],
  );
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");

const forbidden = (message: string): Error => Object.assign(new Error(message), { code: "EFORBIDDEN" });

/**
 * Connects only to what the check allows: it sits inside name resolution, so that a name that changes its address
 * between check and connection gains nothing.
 */
const guardedLookup: LookupFunction = (host, options, done) => {
  lookup(host, { all: true, ...(options.family ? { family: options.family } : {}) } as { all: true }).then(
    (found) => {
      const allowed = found.filter(({ address }) => isAllowed(address));
      const first = allowed[0];
      if (!first) return done(forbidden("The host resolves to an address that may not be called."), "", 4);
      if (options.all) return done(null, allowed);
      return done(null, first.address, first.family);
    },
    (error: Error) => done(error, "", 4),
  );
};

export interface GuardedRequest {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutSeconds: number;
  /** How much of the answer is kept; the rest is read and dropped. */
  readonly keptBytes: number;
}

export interface GuardedReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * One request, redirects not followed. Rejects with the error of the connection; its `code` is EFORBIDDEN when the
 * guard did not let it happen. Whoever takes an address from a user asks `unreachable` first.
 */
export async function guardedCall(url: URL, request: GuardedRequest): Promise<GuardedReply> {
  const host = hostOf(url);
  if (isIP(host) && !isAllowed(host)) throw forbidden("The address may not be called.");
  const { method, headers, body, timeoutSeconds, keptBytes } = request;
  const { promise, resolve, reject } = Promise.withResolvers<GuardedReply>();
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const sized = body === undefined ? headers : { ...headers, "Content-Length": Buffer.byteLength(body) };
  const outgoing = send(
    url,
    { method, headers: sized, lookup: guardedLookup, agent: false, signal },
    (answer) => {
      const kept: Buffer[] = [];
      let size = 0;
      answer.on("data", (chunk: Buffer) => {
        if (size < keptBytes) kept.push(chunk.subarray(0, keptBytes - size));
        size += chunk.length;
      });
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(kept) }),
      );
      answer.on("error", reject);
    },
  );
  outgoing.on("error", (error) =>
    reject(signal.aborted ? new Error(`No answer within ${timeoutSeconds} seconds.`) : error),
  );
  outgoing.end(body);
  return promise;
}
