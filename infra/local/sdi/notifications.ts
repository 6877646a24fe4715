import type { Fault } from "./checks.ts";
import { escaped } from "./xml.ts";

/** One message of the exchange in the life of a file. */
export interface Step {
  readonly kind: "RC" | "NS" | "MC" | "NE" | "DT" | "AT";
  /** From the file's receipt. */
  readonly afterSeconds: number;
  /** EC01 or EC02, of an NE. */
  readonly outcome?: "EC01" | "EC02";
  readonly faults?: readonly Fault[];
}

/** The file a message is about. */
export interface Subject {
  readonly sdiId: string;
  readonly name: string;
  readonly receivedAt: string;
  readonly sha256: string;
  readonly isPublic: boolean;
  readonly recipient: string;
  readonly number: string;
  readonly year: string;
}

const PUBLIC = {
  namespace: "http://www.fatturapa.gov.it/sdi/messaggi/v1.0",
  NS: "NotificaScarto",
  MC: "NotificaMancataConsegna",
};
const PRIVATE = {
  namespace: "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fattura/messaggi/v1.0",
  NS: "RicevutaScarto",
  MC: "RicevutaImpossibilitaRecapito",
};
const ROOTS = {
  RC: "RicevutaConsegna",
  NE: "NotificaEsito",
  DT: "NotificaDecorrenzaTermini",
  AT: "AttestazioneTrasmissioneFattura",
};

const element = (name: string, text: string): string => `<${name}>${escaped(text)}</${name}>`;

/** The message as the exchange writes it: to suppliers of the state in one dialect, between private parties in another. */
export function notificationXml(step: Step, subject: Subject, at: string): string {
  const dialect = subject.isPublic ? PUBLIC : PRIVATE;
  const root = step.kind === "NS" || step.kind === "MC" ? dialect[step.kind] : ROOTS[step.kind];
  const start = `<types:${root} xmlns:types="${dialect.namespace}" versione="1.0">`;
  const about = element("IdentificativoSdI", subject.sdiId) + element("NomeFile", subject.name);
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n${start}${about}${CONTENT[step.kind](step, subject, at)}` +
    `${element("MessageId", `${subject.sdiId}${step.kind}`)}</types:${root}>\n`
  );
}

type Content = (step: Step, subject: Subject, at: string) => string;

const received = ({ receivedAt }: Subject): string => element("DataOraRicezione", receivedAt);

const recipient = ({ recipient: code }: Subject): string =>
  `<Destinatario>${element("Codice", code)}${element("Descrizione", "Destinatario simulato")}</Destinatario>`;

const CONTENT: Readonly<Record<Step["kind"], Content>> = {
  RC: (_step, subject, at) => received(subject) + element("DataOraConsegna", at) + recipient(subject),
  NS: ({ faults = [] }, subject) =>
    `${received(subject)}<ListaErrori>${faults.map(faultXml).join("")}</ListaErrori>`,
  MC: (_step, subject) =>
    received(subject) + element("Descrizione", "Il canale del destinatario non risponde"),
  NE: (step, subject) => outcomeXml(step, subject),
  DT: (_step, subject) => referenceXml(subject) + element("Descrizione", "Nessun esito entro 15 giorni"),
  AT: (_step, subject) =>
    received(subject) + recipient(subject) + element("HashFileOriginale", subject.sha256),
};

const faultXml = ({ code, description }: Fault): string =>
  `<Errore>${element("Codice", code)}${element("Descrizione", description)}</Errore>`;

const referenceXml = ({ number, year }: Subject): string =>
  `<RiferimentoFattura>${element("NumeroFattura", number)}${element("AnnoFattura", year)}</RiferimentoFattura>`;

const outcomeXml = ({ outcome = "EC01" }: Step, subject: Subject): string =>
  `<EsitoCommittente versione="1.0">${element("IdentificativoSdI", subject.sdiId)}${referenceXml(subject)}` +
  `${element("Esito", outcome)}${element("Descrizione", outcome === "EC01" ? "Accettata" : "Importo non concordato")}</EsitoCommittente>`;
