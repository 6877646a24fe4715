import { createDecipheriv, createHash } from "node:crypto";
import { Cut, gatewayError, strikes } from "./faults.ts";
import { type Invoice, invoiceStatus, invoicesOf, settle } from "./invoices.ts";
import { decrypted } from "./keys.ts";
import { exception } from "./refusal.ts";
import { iso, newReference, type World } from "./world.ts";

const LIFE_MS = 12 * 3_600_000;

/** An interactive session. */
export interface Session {
  readonly reference: string;
  readonly nip: string;
  readonly login: string;
  /** Base64; null when it could not be decrypted. */
  readonly key: string | null;
  readonly iv: string;
  readonly openedAt: number;
  readonly until: number;
  readonly endedAt: number | null;
  /** Status codes of an online session (API 2.6): 100 open, 170 closed, 200 done, 415, 440 cancelled, 445. */
  readonly code: number;
}

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  100: "Sesja interaktywna otwarta",
  170: "Sesja interaktywna zamknięta",
  200: "Sesja interaktywna przetworzona pomyślnie",
  415: "Błąd odszyfrowania dostarczonego klucza",
  440: "Sesja anulowana",
  445: "Błąd weryfikacji, brak poprawnych faktur",
};

export interface Caller {
  readonly nip: string;
  readonly login: string;
}

/** The body of `POST /sessions/online`. */
export interface SessionRequest {
  readonly formCode: { readonly systemCode: string; readonly schemaVersion: string; readonly value: string };
  readonly encryption: {
    readonly encryptedSymmetricKey: string;
    readonly initializationVector: string;
    readonly publicKeyId?: string | null;
  };
}

export function open(world: World, caller: Caller, { formCode, encryption }: SessionRequest) {
  const { systemCode, schemaVersion, value: form } = formCode;
  if (systemCode !== "FA (3)" || schemaVersion !== "1-0E" || form !== "FA")
    throw exception(21405, "formCode");
  const iv = Buffer.from(encryption.initializationVector, "base64");
  if (iv.length !== 16) throw exception(21405, "initializationVector");
  const { encryptedSymmetricKey: value, publicKeyId } = encryption;
  const key = decrypted(world, "SymmetricKeyEncryption", { value, publicKeyId });
  const usable = key?.length === 32 ? key.toString("base64") : null;
  const session: Session = {
    ...caller,
    reference: newReference(world, "SO"),
    key: usable,
    iv: iv.toString("base64"),
    openedAt: world.now(),
    until: world.now() + LIFE_MS,
    endedAt: null,
    code: usable ? 100 : 415,
  };
  world.ledger.put("session", session.reference, session);
  if (strikes(world, "session.lost")) throw new Cut();
  return { referenceNumber: session.reference, validUntil: iso(session.until) };
}

/** The body of `POST /sessions/online/{reference}/invoices`. */
export interface InvoiceRequest {
  readonly invoiceHash: string;
  readonly invoiceSize: number;
  readonly encryptedInvoiceHash: string;
  readonly encryptedInvoiceSize: number;
  readonly encryptedInvoiceContent: string;
}

/** Takes an invoice in. What is wrong inside the encryption is found out later, and said in its status. */
export function receive(world: World, caller: Caller, reference: string, request: InvoiceRequest) {
  if (strikes(world, "invoice.lost-before")) throw new Cut();
  if (strikes(world, "session.ended")) end(world, sessionOf(world, caller, reference), 440);
  const session = sessionOf(world, caller, reference);
  if (session.code !== 100)
    throw exception(21180, `Status sesji ${session.code} uniemożliwia wysyłkę faktur.`);
  const content = Buffer.from(request.encryptedInvoiceContent, "base64");
  if (content.length !== request.encryptedInvoiceSize) throw exception(21402);
  if (hashOf(content) !== request.encryptedInvoiceHash) throw exception(21403);
  const xml = plain(session, content);
  const isWhole = xml?.length === request.invoiceSize && hashOf(xml) === request.invoiceHash;
  const invoice: Invoice = {
    reference: newReference(world, "EE"),
    session: reference,
    nip: caller.nip,
    hash: request.invoiceHash,
    content: xml?.toString("base64") ?? null,
    isWhole,
    ordinal: invoicesOf(world, reference).length + 1,
    receivedAt: world.now(),
    number: null,
    ksefNumber: null,
    acceptedAt: null,
    status: null,
    stuckUntil: stuckUntil(world),
  };
  world.ledger.put("invoice", invoice.reference, invoice);
  if (strikes(world, "invoice.lost-after")) throw new Cut();
  if (strikes(world, "invoice.500-after")) throw gatewayError(world);
  return { referenceNumber: invoice.reference };
}

function stuckUntil(world: World): number | null {
  const stuck = strikes(world, "invoice.stuck");
  return stuck ? world.now() + stuck.hours * 3_600_000 : null;
}

function plain({ key, iv }: Session, content: Buffer): Buffer | undefined {
  if (key === null) return undefined;
  try {
    const cipher = createDecipheriv("aes-256-cbc", Buffer.from(key, "base64"), Buffer.from(iv, "base64"));
    return Buffer.concat([cipher.update(content), cipher.final()]);
  } catch {
    return undefined;
  }
}

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");

/** Ends a session: one without invoices is cancelled. */
export function close(world: World, caller: Caller, reference: string): void {
  const session = sessionOf(world, caller, reference);
  if (session.code !== 100)
    throw exception(21180, `Status sesji ${session.code} uniemożliwia jej zamknięcie.`);
  end(world, session, invoicesOf(world, reference).length > 0 ? 170 : 440);
}

const end = (world: World, session: Session, code: number): void =>
  world.ledger.put("session", session.reference, { ...session, code, endedAt: world.now() });

/** A session of the caller's own company, as its time has left it. */
export function sessionOf(world: World, { nip }: Pick<Caller, "nip">, reference: string): Session {
  settle(world);
  const session = world.ledger.find("session", reference);
  if (session?.nip !== nip)
    throw exception(21173, `Sesja o numerze referencyjnym ${reference} nie została odnaleziona.`);
  if (session.code === 100 && session.until <= world.now()) {
    end(world, session, invoicesOf(world, reference).length > 0 ? 170 : 440);
    return sessionOf(world, { nip }, reference);
  }
  return session;
}

/** What `GET /sessions/{reference}` tells. */
export function sessionState(world: World, caller: Caller, reference: string) {
  const session = sessionOf(world, caller, reference);
  const states = invoicesOf(world, reference).map((invoice) => invoiceStatus(world, invoice).code);
  const running = states.filter((code) => code < 200).length;
  const successful = states.filter((code) => code === 200).length;
  const done = successful > 0 ? 200 : 445;
  const code = session.code === 170 && running === 0 ? done : session.code;
  return {
    status: { code, description: DESCRIPTIONS[code] ?? "" },
    dateCreated: iso(session.openedAt),
    dateUpdated: iso(session.endedAt ?? session.openedAt),
    validUntil: iso(session.until),
    invoiceCount: states.length,
    successfulInvoiceCount: successful,
    failedInvoiceCount: states.length - successful - running,
  };
}
