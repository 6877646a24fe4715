import {
  child,
  children,
  descend,
  localName,
  namespaceOf,
  parseXml,
  root,
  text,
  type XmlDocument,
  type XmlNode,
} from "#core/lib/xml/index.ts";

/**
 * What the Sistema di Interscambio says about a file, read from its own messages: those to suppliers of the state
 * (namespace fatturapa.gov.it/sdi/messaggi) and those between private parties (ivaservizi…/fattura/messaggi) differ in
 * the names of two roots and in nothing else that matters here.
 */
export type NotificationKind = "RC" | "NS" | "MC" | "NE" | "DT" | "AT";

export interface Notification {
  readonly kind: NotificationKind;
  /** IdentificativoSdI, the exchange's number of the file. */
  readonly sdiId: string | null;
  /** NomeFile as it was transmitted; a signature added `.p7m`. */
  readonly fileName: string;
  /** When the exchange got the file, by its own clock. */
  readonly receivedAt: string | null;
  /** Codes with their descriptions, of a discard (NS); the buyer's words, of a refusal (NE). */
  readonly errors: readonly string[];
  /** EC01 accepted, EC02 refused: what an office of the state said (NE). */
  readonly outcome: string | null;
  /** Whether the message itself is one of those to suppliers of the state. */
  readonly isToOffice: boolean;
}

const KINDS: Readonly<Record<string, NotificationKind>> = {
  RicevutaConsegna: "RC",
  NotificaScarto: "NS",
  RicevutaScarto: "NS",
  NotificaMancataConsegna: "MC",
  RicevutaImpossibilitaRecapito: "MC",
  NotificaEsito: "NE",
  NotificaDecorrenzaTermini: "DT",
  AttestazioneTrasmissioneFattura: "AT",
};

/** The notification in a file; undefined when it is none: no XML, another root, or no file it speaks of. */
export function readNotification(bytes: Uint8Array): Notification | undefined {
  const doc = parsed(bytes);
  const kind = doc && KINDS[localName(doc, root(doc))];
  if (!doc || !kind) return undefined;
  const top = root(doc);
  const word = (...path: string[]) => text(doc, descend(doc, top, ...path))?.trim() || null;
  const fileName = word("NomeFile");
  if (!fileName) return undefined;
  const refusal = word("EsitoCommittente", "Descrizione");
  return {
    kind,
    sdiId: word("IdentificativoSdI"),
    fileName,
    receivedAt: word("DataOraRicezione"),
    errors: kind === "NE" ? (refusal ? [refusal] : []) : discards(doc, top),
    outcome: word("EsitoCommittente", "Esito"),
    isToOffice: isToOffice(namespaceOf(doc, top), word("Destinatario", "Codice")),
  };
}

/** An office has six characters; a channel of a private buyer seven, whatever namespace the message came in. */
const isToOffice = (namespace: string, recipient: string | null): boolean =>
  recipient ? recipient.length === 6 : namespace.includes("www.fatturapa.gov.it/sdi/messaggi");

function parsed(bytes: Uint8Array): XmlDocument | undefined {
  try {
    return parseXml(bytes);
  } catch {
    return undefined;
  }
}

/** The errors of a discard; private messages add a suggestion, which helps whoever has to mend the invoice. */
function discards(doc: XmlDocument, top: XmlNode): string[] {
  const list = child(doc, top, "ListaErrori");
  if (list === undefined) return [];
  return children(doc, list, "Errore").map((error) => {
    const word = (name: string) => text(doc, child(doc, error, name))?.trim();
    const said = [word("Codice"), word("Descrizione")].filter(Boolean).join(": ");
    const advice = word("Suggerimento");
    return advice ? `${said} (${advice})` : said;
  });
}

/** Whether a notification speaks of a document: it travelled under that name, signed or not. */
export const isAbout = ({ fileName }: Notification, travelledUnder: string): boolean =>
  fileName === travelledUnder || fileName === `${travelledUnder}.p7m`;
