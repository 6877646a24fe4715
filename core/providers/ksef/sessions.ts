import { type Credentials, ask, withAccess } from "./access.ts";
import { encrypted, hashOf, newSessionKey, type SessionKey } from "./cipher.ts";
import { sealedFor } from "./keys.ts";
import { call, type Line } from "./line.ts";
import { Reference, SentInvoice, SessionInvoices } from "./wire.ts";

/** The calls of an interactive session, each with an access token of the company. All throw `Setback`. */

const FORM_CODE = { systemCode: "FA (3)", schemaVersion: "1-0E", value: "FA" };

/** A session of our own: its reference and the key that its invoices are encrypted with. */
export interface Session {
  readonly reference: string;
  readonly key: SessionKey;
}

const path = (session: string, rest = ""): string => `/sessions/${encodeURIComponent(session)}${rest}`;

/** Opens a session with a fresh key. It ends by itself after twelve hours. */
export function openSession(line: Line, credentials: Credentials): Promise<Session> {
  const key = newSessionKey();
  return withAccess(line, credentials, (token) =>
    sealedFor(line, "SymmetricKeyEncryption", key.key, async ({ value, publicKeyId }) => {
      const initializationVector = Buffer.from(key.iv).toString("base64");
      const encryption = { encryptedSymmetricKey: value, initializationVector, publicKeyId };
      const request = { method: "POST", token, json: { formCode: FORM_CODE, encryption } } as const;
      const { referenceNumber } = await ask(line, "/sessions/online", request, Reference);
      return { reference: referenceNumber, key };
    }),
  );
}

/** Sends one invoice; answers the reference under which it is asked for. */
export async function sendInvoice(
  line: Line,
  credentials: Credentials,
  { reference, key }: Session,
  bytes: Uint8Array,
): Promise<string> {
  const content = encrypted(key, bytes);
  const json = {
    invoiceHash: hashOf(bytes),
    invoiceSize: bytes.length,
    encryptedInvoiceHash: hashOf(content),
    encryptedInvoiceSize: content.length,
    encryptedInvoiceContent: Buffer.from(content).toString("base64"),
  };
  const target = `/sessions/online/${encodeURIComponent(reference)}/invoices`;
  const sent = await withAccess(line, credentials, (token) =>
    ask(line, target, { method: "POST", token, json }, Reference),
  );
  return sent.referenceNumber;
}

/** Takes no more invoices from here on. Asking for those it has goes on. */
export const closeSession = (line: Line, credentials: Credentials, session: string): Promise<unknown> =>
  withAccess(line, credentials, (token) =>
    call(line, `/sessions/online/${encodeURIComponent(session)}/close`, { method: "POST", token }),
  );

/** One invoice of a session with what has become of it. */
export const readInvoice = (
  line: Line,
  credentials: Credentials,
  session: string,
  invoice: string,
): Promise<SentInvoice> =>
  withAccess(line, credentials, (token) =>
    ask(line, path(session, `/invoices/${encodeURIComponent(invoice)}`), { token }, SentInvoice),
  );

/** The first invoice of a session that is the one looked for; undefined when none of them is. */
export function findInvoice(
  line: Line,
  credentials: Credentials,
  session: string,
  isIt: (invoice: SentInvoice) => boolean,
): Promise<SentInvoice | undefined> {
  return withAccess(line, credentials, async (token) => {
    let headers: Record<string, string> = {};
    for (;;) {
      const target = path(session, "/invoices?pageSize=1000");
      const page = await ask(line, target, { token, headers }, SessionInvoices);
      const found = page.invoices.find(isIt);
      if (found || !page.continuationToken) return found;
      headers = { "x-continuation-token": page.continuationToken };
    }
  });
}

/** The official confirmation (UPO) of one invoice: signed XML. */
export const readConfirmation = async (
  line: Line,
  credentials: Credentials,
  session: string,
  invoice: string,
): Promise<string> => {
  const target = path(session, `/invoices/${encodeURIComponent(invoice)}/upo`);
  const { text } = await withAccess(line, credentials, (token) => call(line, target, { token }));
  return text;
};
