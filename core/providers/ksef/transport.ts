import { isNip } from "#core/formats/fa3/index.ts";
import type { Found, NetworkStatus, Parcel, SubmitOutcome, Transport } from "../provider.ts";
import { authenticate, type Credentials } from "./access.ts";
import { hashOf } from "./cipher.ts";
import { tooEarly } from "./day.ts";
import { type Line, openLine, Setback } from "./line.ts";
import { closeSession, findInvoice, openSession, sendInvoice, type Session } from "./sessions.ts";
import { statusOf } from "./status.ts";

/** A session that took an invoice shows it at once; a look after this that finds none is believed. */
const resendAfterSeconds = 300;

/** KSeF's exceptions that are about the file itself, and the size that its gateway refuses. */
const UNFIT_CODES: ReadonlySet<number> = new Set([21401, 21405]);
const TOO_LARGE = 413;

const NO_SUCH_SESSION = 21173;
const SESSION_NOT_OPEN = 21180;

/** The way to KSeF with one company's token: an interactive session for each invoice, so that its reference finds it. */
export const ksefTransport = (credentials: Credentials): Transport => ({
  send: (parcel) => send(credentials, parcel),
  find: (parcel) => find(credentials, parcel),
  status: (reference, parcel) => status(credentials, reference, parcel),
  test: () => test(credentials),
});

/** Opens a session, writes down which, and sends. Up to there nothing that KSeF does matters to the invoice. */
async function send(credentials: Credentials, parcel: Parcel): Promise<SubmitOutcome> {
  const early = tooEarly(parcel.bytes);
  if (early) {
    const message = `KSeF takes an invoice from its day of issue on, ${early.day} in Poland.`;
    return { result: "wait", reason: "not_sent", message, raw: "", retryAfterSeconds: early.seconds };
  }
  const line = openLine();
  const session = await orSetback(openSession(line, credentials));
  if (session instanceof Setback) return waiting(session);
  await parcel.remember({ session: session.reference });
  const outcome = await handOver(line, credentials, session, parcel.bytes);
  // It ends by itself if this fails; KSeF makes its collective confirmation when it ends.
  if (outcome.result === "sent") await orSetback(closeSession(line, credentials, session.reference));
  return outcome;
}

async function handOver(
  line: Line,
  credentials: Credentials,
  session: Session,
  bytes: Uint8Array,
): Promise<SubmitOutcome> {
  const reference = await orSetback(sendInvoice(line, credentials, session, bytes));
  if (typeof reference === "string") return { result: "sent", externalId: reference, raw: reference };
  const { raw, message, isUncertain, status: httpStatus, code } = reference;
  if (isUncertain) return { result: "unknown", resendAfterSeconds, raw };
  if (UNFIT_CODES.has(code) || httpStatus === TOO_LARGE) return { result: "refused", errors: [message], raw };
  return waiting(reference);
}

/** Looks for an invoice whose answer was lost in the session it was sent in, by its hash. */
async function find(credentials: Credentials, { memo: { session }, bytes }: Parcel): Promise<Found> {
  if (session === undefined) return { result: "absent" };
  const found = await orSetback(searched(openLine(), credentials, session, hashOf(bytes)));
  if (found === undefined) return { result: "absent" };
  if (!(found instanceof Setback)) return { result: "found", externalId: found.referenceNumber };
  return found.code === NO_SUCH_SESSION ? { result: "absent" } : { result: "unclear", raw: found.raw };
}

/** Before an invoice is called absent its session is closed, so that it cannot arrive there later, and searched again. */
async function searched(line: Line, credentials: Credentials, session: string, hash: string) {
  const search = () => findInvoice(line, credentials, session, ({ invoiceHash }) => invoiceHash === hash);
  const found = await search();
  if (found) return found;
  const closing = await orSetback(closeSession(line, credentials, session));
  if (closing instanceof Setback && closing.code !== SESSION_NOT_OPEN) throw closing;
  return search();
}

async function status(credentials: Credentials, reference: string, parcel: Parcel): Promise<NetworkStatus> {
  const { session } = parcel.memo;
  if (session === undefined)
    return { result: "wait", reason: "passing", message: "its session is not known", raw: "" };
  const answer = await orSetback(
    statusOf(openLine(), credentials, { session, reference, hash: hashOf(parcel.bytes) }),
  );
  return answer instanceof Setback ? waiting(answer) : answer;
}

/** Logs in, and no further. */
async function test(credentials: Credentials) {
  if (!isNip(credentials.nip)) return { success: false, error: `${credentials.nip} is not a NIP.` };
  const answer = await orSetback(authenticate(openLine(), credentials));
  return answer instanceof Setback
    ? { success: false, error: refusalOf(answer) }
    : { success: true, error: null };
}

function refusalOf({ reason, message }: Setback): string {
  if (reason === "reconnect") return `KSeF does not accept this token for this NIP (${message})`;
  if (reason === "no_right") return `The owner of this token has no right for this NIP (${message})`;
  return `KSeF could not be asked (${message})`;
}

const waiting = ({ reason, message, raw, retryAfterSeconds }: Setback) =>
  ({
    result: "wait",
    reason,
    message,
    raw,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }) as const;

/** What a piece of work came to, or the setback that ended it. */
async function orSetback<Result>(work: Promise<Result>): Promise<Result | Setback> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Setback) return error;
    throw error;
  }
}
