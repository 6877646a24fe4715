import { strikes } from "./faults.ts";
import { judge, semantic, type Verdict } from "./judge.ts";
import { exception } from "./refusal.ts";
import { iso, polishDay, type World } from "./world.ts";

/** From the arrival of an invoice to its verdict. */
const PROCESSING_MS = 1000;

/** An invoice that arrived. */
export interface Invoice {
  readonly reference: string;
  readonly session: string;
  /** Whose session it came in. */
  readonly nip: string;
  /** SHA-256 as its sender declared it, base64. */
  readonly hash: string;
  /** What was in the encryption, base64; null when that could not be opened. */
  readonly content: string | null;
  /** Size and hash are what the sender declared. */
  readonly isWhole: boolean;
  readonly ordinal: number;
  readonly receivedAt: number;
  /** The seller's own number of it (P_2). */
  readonly number: string | null;
  readonly ksefNumber: string | null;
  readonly acceptedAt: number | null;
  /** Null until it is judged. */
  readonly status: Status | null;
  readonly stuckUntil: number | null;
}

export interface Status {
  readonly code: number;
  readonly description: string;
  readonly details?: readonly string[];
  readonly extensions?: Readonly<Record<string, string>>;
}

const RUNNING: Status = { code: 150, description: "Trwa przetwarzanie" };
const ACCEPTED: Status = { code: 200, description: "Sukces" };

export const invoicesOf = ({ ledger }: World, session: string): Invoice[] =>
  ledger.all("invoice").filter((invoice) => invoice.session === session);

export const invoiceStatus = (_world: World, { status }: Invoice): Status => status ?? RUNNING;

/** Judges what is due, in the order in which it came. */
export function settle(world: World): void {
  const { ledger, now } = world;
  for (const invoice of ledger.all("invoice")) {
    const due = invoice.stuckUntil ?? invoice.receivedAt + PROCESSING_MS;
    if (invoice.status === null && due <= now()) conclude(world, invoice, due);
  }
}

function conclude(world: World, invoice: Invoice, at: number): void {
  const fault = faultOf(world, invoice);
  if (fault) return keep(world, { ...invoice, status: fault });
  const verdict = verdictOf(world, invoice);
  if ("fault" in verdict) return keep(world, { ...invoice, status: verdict.fault });
  const { seller, kind, number } = verdict;
  const key = `${seller} ${kind} ${number}`;
  const first = world.ledger.find("taken", key);
  if (first) return keep(world, { ...invoice, number, status: duplicateOf(world, first.reference) });
  world.ledger.put("taken", key, { reference: invoice.reference });
  const ksefNumber = newNumber(world, seller, at);
  keep(world, { ...invoice, number, ksefNumber, acceptedAt: at, status: ACCEPTED });
}

const keep = ({ ledger }: World, invoice: Invoice): void => ledger.put("invoice", invoice.reference, invoice);

function faultOf(world: World, { content, isWhole }: Invoice): Status | undefined {
  if (strikes(world, "invoice.cancelled"))
    return {
      code: 550,
      description: "Operacja została anulowana przez system",
      details: ["Spróbuj ponownie"],
    };
  if (content === null) return { code: 435, description: "Błąd odszyfrowania pliku" };
  if (!isWhole)
    return {
      code: 430,
      description: "Błąd weryfikacji pliku faktury",
      details: ["Skrót lub rozmiar niezgodny"],
    };
  return undefined;
}

function verdictOf(world: World, { content, nip, receivedAt }: Invoice): Verdict {
  if (strikes(world, "invoice.semantic")) return semantic("Element 'Fa' jest niepoprawny (symulator).");
  return judge(Buffer.from(content!, "base64"), nip, receivedAt);
}

function duplicateOf({ ledger }: World, reference: string): Status {
  const { ksefNumber, session } = ledger.find("invoice", reference)!;
  return {
    code: 440,
    description: "Duplikat faktury",
    details: [`Duplikat faktury. Faktura o numerze KSeF: ${ksefNumber} została już prawidłowo przesłana.`],
    extensions: { originalKsefNumber: ksefNumber!, originalSessionReferenceNumber: session },
  };
}

function newNumber(world: World, seller: string, at: number): string {
  const technical = `0100${world.ledger.next("number").toString(16).toUpperCase().padStart(8, "0")}`;
  const whole = `${seller}-${polishDay(at).replaceAll("-", "")}-${technical}`;
  const damage = strikes(world, "number.damaged") ? 1 : 0;
  return `${whole}-${((crc8(whole) + damage) % 256).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** CRC-8: polynomial x⁸ + x² + x + 1, from zero, bit by bit. */
function crc8(text: string): number {
  let register = 0;
  for (const byte of Buffer.from(text, "latin1"))
    for (let bit = 7; bit >= 0; bit--) {
      const carry = (register >> 7) ^ ((byte >> bit) & 1);
      register = ((register << 1) & 0xff) ^ (carry ? 0x07 : 0);
    }
  return register;
}

/** An invoice of a session. */
export function invoiceOf({ ledger }: World, session: string, reference: string): Invoice {
  const invoice = ledger.find("invoice", reference);
  if (invoice?.session !== session) throw exception(21164, reference);
  return invoice;
}

/** What `GET /sessions/{session}/invoices/{reference}` tells. */
export function invoiceView(world: World, invoice: Invoice) {
  const { ordinal, number, ksefNumber, reference, hash, receivedAt, acceptedAt } = invoice;
  return {
    ordinalNumber: ordinal,
    invoiceNumber: number,
    ksefNumber,
    referenceNumber: reference,
    invoiceHash: hash,
    invoicingDate: iso(receivedAt),
    acquisitionDate: acceptedAt === null ? null : iso(acceptedAt),
    permanentStorageDate: acceptedAt === null ? null : iso(acceptedAt),
    upoDownloadUrl: null,
    invoicingMode: "Online",
    status: invoiceStatus(world, invoice),
  };
}
