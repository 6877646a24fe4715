import { now } from "#core/lib/clock.ts";
import type { NetworkStatus, Receipt } from "../provider.ts";
import type { Credentials } from "./access.ts";
import { type Line, Setback } from "./line.ts";
import { isKsefNumber } from "./number.ts";
import { findInvoice, readConfirmation, readInvoice } from "./sessions.ts";
import { type SentInvoice, wordsOf } from "./wire.ts";

/** Codes of an invoice (API 2.6). All others are final refusals. */
const ACCEPTED = 200;
const DUPLICATE = 440;
const RUNNING: ReadonlySet<number> = new Set([100, 150]);

/** A confirmation that does not come within a day does not hold up what KSeF accepted. */
const confirmationPatienceMs = 24 * 3_600_000;

/** Where an invoice is, and what its bytes hash to (base64). */
export interface Whereabouts {
  readonly session: string;
  readonly reference: string;
  readonly hash: string;
}

/** What KSeF says about an invoice, with its confirmation when it was accepted. Throws `Setback`. */
export async function statusOf(
  line: Line,
  credentials: Credentials,
  { session, reference, hash }: Whereabouts,
): Promise<NetworkStatus> {
  const invoice = await readInvoice(line, credentials, session, reference);
  const { status } = invoice;
  const raw = JSON.stringify(invoice).slice(0, 2000);
  if (RUNNING.has(status.code)) return { result: "processing", note: wordsOf(status), raw };
  if (status.code === ACCEPTED) return acceptance(line, credentials, session, invoice, hash);
  if (status.code === DUPLICATE) return duplicate(line, credentials, invoice, hash);
  return { result: "rejected", errors: [wordsOf(status)], raw };
}

async function acceptance(
  line: Line,
  credentials: Credentials,
  session: string,
  invoice: SentInvoice,
  hash: string,
): Promise<NetworkStatus> {
  const { ksefNumber: number, referenceNumber, invoiceHash, acquisitionDate } = invoice;
  const raw = JSON.stringify(invoice).slice(0, 2000);
  if (!number || !isKsefNumber(number) || invoiceHash !== hash) {
    const message = "KSeF accepted it, but its number or hash is damaged in the answer.";
    return { result: "wait", reason: "passing", message, raw };
  }
  const receipt = await confirmation(
    line,
    credentials,
    { session, reference: referenceNumber, hash },
    number,
  );
  if (receipt) return { result: "accepted", officialId: number, receipts: [receipt], raw };
  const isOld = acquisitionDate != null && Date.parse(acquisitionDate) + confirmationPatienceMs < now();
  return isOld
    ? { result: "accepted", officialId: number, note: "KSeF gave no confirmation (UPO) within a day.", raw }
    : { result: "processing", note: `Accepted as ${number}; the confirmation (UPO) is not ready yet.`, raw };
}

/** The confirmation of this very invoice; undefined while there is none, or when it is about something else. */
async function confirmation(
  line: Line,
  credentials: Credentials,
  { session, reference, hash }: Whereabouts,
  number: string,
): Promise<Receipt | undefined> {
  try {
    const xml = await readConfirmation(line, credentials, session, reference);
    if (!xml.includes(number) || !xml.includes(hash)) return undefined;
    return { fileName: `UPO-${number}.xml`, contentType: "application/xml", bytes: Buffer.from(xml, "utf8") };
  } catch (error) {
    if (error instanceof Setback && error.status === 400) return undefined;
    throw error;
  }
}

/**
 * KSeF has an invoice of this seller, kind and number already. With our hash it is ours, sent when an answer was lost:
 * then that one's number and confirmation are the invoice's. With any other it is a collision that people must solve.
 */
async function duplicate(
  line: Line,
  credentials: Credentials,
  { status, ...rest }: SentInvoice,
  hash: string,
): Promise<NetworkStatus> {
  const { originalKsefNumber: number, originalSessionReferenceNumber: session } = status.extensions ?? {};
  const raw = JSON.stringify({ ...rest, status }).slice(0, 2000);
  const collision: NetworkStatus = {
    result: "rejected",
    errors: [`${wordsOf(status)}${number ? `: KSeF has another invoice with this number, ${number}` : ""}`],
    raw,
  };
  if (!number || !session) return collision;
  const original = await originalOf(line, credentials, session, number);
  if (!original || original.invoiceHash !== hash) return collision;
  return acceptance(line, credentials, session, original, hash);
}

/** The original invoice in its session; undefined when that session is not ours to see. */
async function originalOf(
  line: Line,
  credentials: Credentials,
  session: string,
  number: string,
): Promise<SentInvoice | undefined> {
  try {
    return await findInvoice(line, credentials, session, ({ ksefNumber }) => ksefNumber === number);
  } catch (error) {
    if (error instanceof Setback && (error.status === 400 || error.status === 403)) return undefined;
    throw error;
  }
}
