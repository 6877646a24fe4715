import { refused } from "#core/lib/error.ts";
import { guardedCall, unreachable } from "#core/providers/guarded-call.ts";

/** A receiver has ten seconds for its whole answer, and we keep the first 4 096 characters of it. */
const timeoutSeconds = 10;
const keptBytes = 4096;

/** What came back from a receiver, or why nothing did. */
export interface CallOutcome {
  readonly statusCode: number | null;
  readonly headers: Record<string, string> | null;
  readonly body: string | null;
  readonly durationMs: number;
  readonly error: string | null;
}

/**
 * Throws `invalid` unless the URL may be called: https, a public host, no credentials in it. Where the stage allows
 * loopback, plain http to it as well. A name that does not resolve yet is accepted; each call looks again.
 */
export async function assertReachable(text: string): Promise<void> {
  switch (await unreachable(text)) {
    case undefined:
      return;
    case "not a URL":
      throw refused("The URL is not valid.", { url: "is not a URL" });
    case "carries credentials":
      throw refused("The URL must not carry a password.", { url: "carries credentials" });
    case "not https":
      throw refused("A webhook URL must use https.", { url: "must start with https://" });
    case "not public":
      throw refused("The URL points at a private, loopback or reserved address.", {
        url: "is not a public address",
      });
  }
}

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

async function exchange(url: URL, body: string, headers: Record<string, string>) {
  const answer = await guardedCall(url, { method: "POST", headers, body, timeoutSeconds, keptBytes });
  return {
    statusCode: answer.status || null,
    headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])),
    body: answer.body.toString("utf8"),
    error: null,
  };
}
