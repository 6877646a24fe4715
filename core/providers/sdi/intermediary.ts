import { now } from "#core/lib/clock.ts";
import type { Found, NetworkStatus, Parcel, SubmitOutcome, Transport } from "#core/providers/provider.ts";
import { tooEarly } from "./day.ts";
import { isDuplicate } from "./meaning.ts";
import { readNotification } from "./notification.ts";
import {
  accessProblem,
  ask,
  Entries,
  Entry,
  type Intermediary,
  rawOf,
  read,
  Refusal,
  type Reply,
} from "./rest.ts";
import { isOurs, statusIn } from "./verdict.ts";

const sendTimeoutSeconds = 40;
const readTimeoutSeconds = 15;

/** A file that an intermediary took shows in its list well before this; only then may an absent one go again. */
const resendAfterSeconds = 600;

/** Through an accredited intermediary that signs, transmits and keeps what the exchange answers. */
export const throughIntermediary = (intermediary: Intermediary): Transport => ({
  send: async (parcel) => sent(intermediary, parcel),
  find: async (parcel) => foundIn(parcel, await list(intermediary, parcel.fileName)),
  status: async (externalId, parcel) => statusOf(intermediary, externalId, parcel),
  test: () => tried(intermediary),
});

const list = (intermediary: Intermediary, filename: string): Promise<Reply> =>
  ask(intermediary, { path: "/invoices", query: { filename }, timeoutSeconds: readTimeoutSeconds });

const one = (intermediary: Intermediary, id: string): Promise<Reply> =>
  ask(intermediary, { path: `/invoices/${encodeURIComponent(id)}`, timeoutSeconds: readTimeoutSeconds });

async function sent(intermediary: Intermediary, parcel: Parcel): Promise<SubmitOutcome> {
  const retryAfterSeconds = tooEarly(parcel.bytes);
  if (retryAfterSeconds !== undefined) {
    const message = "The exchange takes no invoice before its day of issue has begun in Italy.";
    return { raw: "", result: "wait", reason: "not_sent", message, retryAfterSeconds };
  }
  const body = { filename: parcel.fileName, xml: Buffer.from(parcel.bytes).toString("utf8") };
  const reply = await ask(intermediary, { path: "/invoices", body, timeoutSeconds: sendTimeoutSeconds });
  return outcomeOf(parcel, reply);
}

/** What became of a POST. Only an answer that says so proves that it had no effect. */
export function outcomeOf(parcel: Parcel, reply: Reply): SubmitOutcome {
  const raw = rawOf(reply);
  if (reply.kind === "failure")
    return reply.left
      ? { raw, result: "unknown", resendAfterSeconds }
      : { raw, result: "wait", reason: "not_sent", message: reply.cause };
  const { status, retryAfterSeconds } = reply;
  const entry = read(Entry, reply);
  if (status >= 200 && status < 300 && entry) return { raw, result: "sent", externalId: entry.id };
  if (status === 409) return knownAlready(parcel, entry, raw);
  if (status === 429)
    return {
      raw,
      result: "wait",
      reason: "rate_minute",
      message: "",
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
  const refusal = accessProblem(reply);
  if (refusal) return { raw, result: "wait", ...refusal };
  if (status >= 400 && status < 500 && status !== 408)
    return { raw, result: "refused", errors: errorsOf(reply) };
  return { raw, result: "unknown", resendAfterSeconds };
}

/**
 * The name is taken: by an earlier copy of this document, which is as good as sent, when the hash says so. Otherwise by
 * another one, and ours needs a new name: to follow the wrong document would be worse than to be told of a duplicate.
 */
function knownAlready(parcel: Parcel, entry: Entry | undefined, raw: string): SubmitOutcome {
  if (entry?.sha256 && isOurs(entry, parcel)) return { raw, result: "sent", externalId: entry.id };
  return { raw, result: "refused", errors: [`00002: another document has the name ${parcel.fileName}.`] };
}

function errorsOf(reply: Extract<Reply, { kind: "reply" }>): string[] {
  const said = read(Refusal, reply);
  const given = said?.errors?.length
    ? said.errors
    : [said?.error ?? said?.message].filter((text) => text != null);
  return given.length > 0 ? given : [`The intermediary answered ${reply.status}.`];
}

/** A name that another document has is no trace of ours. */
function foundIn(parcel: Parcel, reply: Reply): Found {
  const entries = reply.kind === "reply" && reply.status === 200 ? read(Entries, reply) : undefined;
  if (!entries) return { result: "unclear", raw: rawOf(reply) };
  const entry = entries.find(
    (candidate) => candidate.filename === parcel.fileName && isOurs(candidate, parcel),
  );
  return entry ? { result: "found", externalId: entry.id } : { result: "absent" };
}

/**
 * What became of a document. One that was discarded as a duplicate may be the second of two copies: then the verdict on
 * the first is the document's. Without an id (a notice came, and the answer to the sending never did) the list has it.
 */
async function statusOf(
  intermediary: Intermediary,
  externalId: string,
  parcel: Parcel,
): Promise<NetworkStatus> {
  const known = externalId || (await copies(intermediary, parcel))[0]?.id;
  const status = statusIn(parcel, await one(intermediary, known ?? parcel.fileName));
  if (!isDuplicate(status)) return status;
  const first = (await copies(intermediary, parcel)).find(({ id }) => id !== known);
  if (first) return statusIn(parcel, await one(intermediary, first.id));
  const note = "The exchange has a file of this name already; it is looked for.";
  if (!isFresh(status)) return status;
  return { raw: status.raw, result: "processing", note, pollAfterSeconds: lookAgainSeconds };
}

/** How long the first of two copies may take to appear in the intermediary's list, and how often it is looked for. */
const firstCopySeconds = 2 * 3600;
const lookAgainSeconds = 600;

/** Whether the name was found taken a short while ago, by the exchange's own word. */
const isFresh = (status: NetworkStatus): boolean =>
  status.result === "rejected" &&
  status.errors.some((error) => error.startsWith("00002")) &&
  (status.receipts ?? []).some(({ bytes }) => {
    const receivedAt = readNotification(bytes)?.receivedAt;
    return receivedAt != null && Date.parse(receivedAt) > now() - firstCopySeconds * 1000;
  });

/** Every copy of a document that the intermediary has. */
async function copies(intermediary: Intermediary, parcel: Parcel): Promise<Entry[]> {
  const entries = read(Entries, await list(intermediary, parcel.fileName)) ?? [];
  return entries.filter((entry) => entry.filename === parcel.fileName && isOurs(entry, parcel));
}

/** A name no file can have: asking for it changes nothing and needs the same rights as asking for another. */
const NOBODYS = "IT00000000000_00000.xml";

async function tried(intermediary: Intermediary) {
  const reply = await list(intermediary, NOBODYS);
  if (reply.kind === "failure")
    return { success: false, error: `The intermediary cannot be reached: ${reply.cause}.` };
  if (reply.status === 200 && read(Entries, reply)) return { success: true, error: null };
  const problem = accessProblem(reply)?.message;
  return {
    success: false,
    error: problem ?? `The intermediary answered ${reply.status} in a way we do not read.`,
  };
}
