import { lookup } from "node:dns/promises";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { refused } from "#core/lib/error.ts";
import { settings } from "#core/lib/settings.ts";

/** A receiver has ten seconds for its whole answer, and we keep the first 4 096 characters of it. */
const timeoutMs = 10_000;
const keptBytes = 4096;

/** What came back from a receiver, or why nothing did. */
export interface CallOutcome {
  readonly statusCode: number | null;
  readonly headers: Record<string, string> | null;
  readonly body: string | null;
  readonly durationMs: number;
  readonly error: string | null;
}

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

/**
 * Throws `invalid` unless the URL may be called: https, a public host, no credentials in it. Where the stage allows
 * loopback, plain http to it as well. A name that does not resolve yet is accepted; each call looks again.
 */
export async function assertReachable(text: string): Promise<void> {
  const url = URL.parse(text);
  if (!url) throw refused("The URL is not valid.", { url: "is not a URL" });
  if (url.username || url.password)
    throw refused("The URL must not carry a password.", { url: "carries credentials" });
  const addresses = await addressesOf(url);
  const local = settings.loopbackWebhooks && addresses.length > 0 && addresses.every(isLoopback);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && local))
    throw refused("A webhook URL must use https.", { url: "must start with https://" });
  if (!addresses.every(isAllowed))
    throw refused("The URL points at a private, loopback or reserved address.", {
      url: "is not a public address",
    });
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

/**
 * Connects only to what the check allows: it sits inside name resolution, so that a name that changes its address
 * between check and connection gains nothing.
 */
const guardedLookup: LookupFunction = (host, options, done) => {
  lookup(host, { all: true, ...(options.family ? { family: options.family } : {}) } as { all: true }).then(
    (found) => {
      const allowed = found.filter(({ address }) => isAllowed(address));
      const first = allowed[0];
      if (!first) return done(new Error("The host resolves to an address that may not be called."), "", 4);
      if (options.all) return done(null, allowed);
      return done(null, first.address, first.family);
    },
    (error: Error) => done(error, "", 4),
  );
};

/** POSTs a signed body. Never throws: a receiver's failure is an outcome. Redirects are not followed. */
export async function callWebhook(
  target: string,
  body: string,
  headers: Record<string, string>,
): Promise<CallOutcome> {
  const started = performance.now();
  const outcome = await exchange(new URL(target), body, headers).catch((error: Error) => ({
    statusCode: null,
    headers: null,
    body: null,
    error: error.message || error.name,
  }));
  return { ...outcome, durationMs: Math.round(performance.now() - started) };
}

function exchange(
  url: URL,
  body: string,
  headers: Record<string, string>,
): Promise<Omit<CallOutcome, "durationMs">> {
  const host = hostOf(url);
  if (isIP(host) && !isAllowed(host)) throw new Error("The address may not be called.");
  const { promise, resolve, reject } = Promise.withResolvers<Omit<CallOutcome, "durationMs">>();
  const signal = AbortSignal.timeout(timeoutMs);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const outgoing = send(
    url,
    {
      method: "POST",
      headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
      lookup: guardedLookup,
      agent: false,
      signal,
    },
    (answer) => {
      let kept = Buffer.alloc(0);
      answer.on("data", (chunk: Buffer) => {
        if (kept.length < keptBytes) kept = Buffer.concat([kept, chunk]).subarray(0, keptBytes);
      });
      answer.on("end", () =>
        resolve({
          statusCode: answer.statusCode ?? null,
          headers: Object.fromEntries(
            Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
          ),
          body: kept.toString("utf8"),
          error: null,
        }),
      );
      answer.on("error", reject);
    },
  );
  outgoing.on("error", (error) =>
    reject(signal.aborted ? new Error(`No answer within ${timeoutMs / 1000} seconds.`) : error),
  );
  outgoing.end(body);
  return promise;
}
