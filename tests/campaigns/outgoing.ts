import { AsyncLocalStorage } from "node:async_hooks";

/** A request that leaves the product: to a table, a queue, a bucket or the authority. */
export interface Outgoing {
  /** What it does and to what, without anything that differs between two runs. */
  readonly name: string;
  /** Whether it changes something out there. */
  readonly isEffect: boolean;
  readonly isQueued: boolean;
}

/** How a function ends: before the request leaves, after it was served, without its answer; or it is served twice. */
export type Mishap = "crash before" | "crash after" | "lost answer" | "twice";

interface Invocation {
  isDead: boolean;
  readonly die: () => void;
}

/** What a rule sees: the request, and answers what befalls it. */
export type Rule = (request: Outgoing) => Mishap | undefined;

const current = new AsyncLocalStorage<Invocation>();

/** Functions have at least so long; nothing else here waits for as long. */
const shortestTimeoutMs = 20_000;

/**
 * Puts a rule before every request that the product's functions make, whichever SDK client or fetch it leaves by; that
 * is how the places of a crash are found instead of listed. A function that crashes has no effect any more: all its
 * requests fail from then on, and its time-out is over at once, so that nothing it still answers is taken for success.
 * `handler` is the request handler of any SDK client: all share its prototype. Call it after fetch was led elsewhere.
 */
export function tapOutgoing(handler: object, rule: Rule): void {
  watchInvocations();
  const prototype = Object.getPrototypeOf(handler) as { handle: Handle };
  const served = prototype.handle;
  prototype.handle = function handle(request, options) {
    return befall(nameOfAws(request), rule, () => served.call(this, request, options), brokenSocket);
  };
  const fetched = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const name = `${init?.method ?? "GET"} ${pathname}`;
    const request = { name, isEffect: true, isQueued: false };
    return befall(request, rule, () => fetched(input, init), brokenFetch);
  };
}

interface AwsRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
type Handle = (this: object, request: AwsRequest, options: unknown) => Promise<unknown>;

async function befall<T>(
  request: Outgoing,
  rule: Rule,
  serve: () => Promise<T>,
  lost: () => Error,
): Promise<T> {
  const invocation = current.getStore();
  // What is not done by a function is done by the test itself.
  if (!invocation) return serve();
  if (invocation.isDead) throw new Crash();
  const mishap = rule(request);
  if (mishap === "crash before") return crash(invocation);
  const answer = await serve();
  if (invocation.isDead || mishap === "crash after") return crash(invocation);
  if (mishap === "lost answer") throw lost();
  return mishap === "twice" ? serve() : answer;
}

/** The time-out is over before anything else can be answered; what the dead function still tries leads nowhere. */
function crash(invocation: Invocation): never {
  invocation.isDead = true;
  invocation.die();
  throw new Crash();
}

class Crash extends Error {}

const brokenSocket = () => Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
const brokenFetch = () => new TypeError("fetch failed", { cause: { code: "UND_ERR_SOCKET" } });

/** An invocation begins with the timer of its time-out; that is where it gets its mark, and how it ends early. */
function watchInvocations(): void {
  const real = globalThis.setTimeout;
  const marked = (callback: () => void, ms = 0, ...rest: []) => {
    if (ms >= shortestTimeoutMs) current.enterWith({ isDead: false, die: callback });
    return real(callback, ms, ...rest);
  };
  globalThis.setTimeout = Object.assign<typeof marked, typeof setTimeout>(marked, real);
}

/** Ids, hashes, instants and numbers differ from run to run; what is left says what a request is for. */
const plain = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "*")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, "@")
    .replaceAll(/[0-9a-f]{16,}/g, "~")
    .replaceAll(/\d+/g, "9");

function nameOfAws({ method, path, headers, body }: AwsRequest): Outgoing {
  const action = headers["x-amz-target"]?.split(".").at(-1);
  if (!action) return { name: `${method} ${plain(path)}`, isEffect: method === "PUT", isQueued: false };
  const text = typeof body === "string" ? body : Buffer.from(body as Uint8Array).toString("utf8");
  const input = JSON.parse(text) as Record<string, unknown>;
  if (typeof input.QueueUrl === "string") {
    const queue = input.QueueUrl.split("/").at(-1);
    return { name: `${action} ${queue}`, isEffect: true, isQueued: true };
  }
  const keys = [...text.matchAll(/"pk":\{"S":"([^"]+)"\},"sk":\{"S":"([^"]+)"/g)].map(
    ([, pk, sk]) => `${pk} ${sk}`,
  );
  const isEffect = /^(Put|Update|Delete|BatchWrite|TransactWrite)/.test(action);
  return { name: `${action} ${plain(keys.join(" + "))}`, isEffect, isQueued: false };
}
