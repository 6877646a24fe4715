import { createHash } from "node:crypto";
import { contentFaults, type Fault } from "./checks.ts";
import type { Ledger } from "./ledger.ts";
import { notificationXml, type Step } from "./notifications.ts";
import { structureFault } from "./structure.ts";
import { all, type Element, parse, textAt } from "./xml.ts";

/** How the exchange behaves until told otherwise. */
export interface Manners {
  /** From receipt to the first message. */
  processingSeconds: number;
  /** What becomes of documents by their number; others are delivered, and accepted by offices a day later. */
  readonly scripts: Map<string, readonly Step[]>;
  /** CodiceDestinatario that nobody has. */
  readonly unknownRecipients: Set<string>;
}

/** How a file came in: what of the road may go wrong. */
export interface Arrival {
  /** The file appears in the intermediary's list so much later. */
  readonly unlistedSeconds: number;
  /** The exchange's messages come so much later. */
  readonly lateSeconds: number;
}

const LARGEST_BYTES = 5 * 1024 * 1024;
const NAME = /^[A-Z]{2}[A-Za-z0-9]{2,28}_[A-Za-z0-9]{1,5}\.xml$/;
const DAY_SECONDS = 86_400;

const rome = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Rome", dateStyle: "short" });

const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

/** The exchange itself: looks a file over once, and plans what it will say about it and when. Answers the file's id. */
export function receive(
  ledger: Ledger,
  manners: Manners,
  file: { name: string; xml: string; nowMs: number },
  arrival: Arrival,
): number {
  const { name, xml, nowMs } = file;
  const root = parse(xml);
  const faults = faultsOf(ledger, manners, file, root);
  const about = subjectOf(root);
  const sha256 = createHash("sha256").update(xml, "utf8").digest("hex");
  const id = ledger.addFile({
    name,
    sha256,
    number: about.number,
    invoice: about.invoice,
    receivedMs: nowMs,
    listedMs: nowMs + arrival.unlistedSeconds * 1000,
    isDiscarded: Number(faults.length > 0),
  });
  const subject = { ...about, sdiId: sdiIdOf(id), name, sha256, receivedAt: iso(nowMs) };
  for (const [at, step] of planOf(manners, about, faults).entries()) {
    const atMs = nowMs + (step.afterSeconds + arrival.lateSeconds) * 1000;
    ledger.addNotification({
      file: id,
      kind: step.kind,
      outcome: step.kind === "NE" ? (step.outcome ?? "EC01") : null,
      name: name.replace(/\.xml$/, `_${step.kind}_${String(at + 1).padStart(3, "0")}.xml`),
      xml: notificationXml(step, subject, iso(atMs)),
      atMs,
    });
  }
  return id;
}

/** The exchange's number of a file, twelve digits at most. */
export const sdiIdOf = (id: number): string => String(7_000_000_000 + id);

function faultsOf(
  ledger: Ledger,
  manners: Manners,
  { name, xml, nowMs }: { name: string; xml: string; nowMs: number },
  root: Element | undefined,
): Fault[] {
  if (!NAME.test(name)) return [{ code: "00001", description: `Nome file non valido: ${name}` }];
  if (ledger.byName(name).length > 0) return [{ code: "00002", description: `Nome file duplicato: ${name}` }];
  if (Buffer.byteLength(xml) > LARGEST_BYTES)
    return [{ code: "00003", description: "Le dimensioni del file superano quelle ammesse" }];
  const structure = root ? structureFault(root) : "the file is not well-formed";
  if (!root || structure)
    return [{ code: "00200", description: `File non conforme al formato (${structure})` }];
  const faults = contentFaults(root, {
    today: rome.format(nowMs),
    isUnknownRecipient: (code) => manners.unknownRecipients.has(code),
  });
  const { invoice, number } = subjectOf(root);
  const [copy] = ledger.copiesOf(invoice);
  return copy
    ? [...faults, { code: "00404", description: `Fattura duplicata: ${number} (${sdiIdOf(copy.id)})` }]
    : faults;
}

/** What the exchange reads out of a file before it believes any of it. */
function subjectOf(root: Element | undefined) {
  const text = (path: string) => (root ? textAt(root, path) : "");
  const body = root && all(root, "FatturaElettronicaBody")[0];
  const general = (name: string) => (body ? textAt(body, `DatiGenerali/DatiGeneraliDocumento/${name}`) : "");
  const seller = "FatturaElettronicaHeader/CedentePrestatore/DatiAnagrafici/IdFiscaleIVA";
  const number = general("Numero");
  const year = general("Data").slice(0, 4);
  const isCredit = general("TipoDocumento") === "TD04";
  return {
    number,
    year,
    invoice: `${text(`${seller}/IdPaese`)}${text(`${seller}/IdCodice`)} ${year} ${number}${isCredit ? " credit" : ""}`,
    recipient: text("FatturaElettronicaHeader/DatiTrasmissione/CodiceDestinatario"),
    certifiedMail: text("FatturaElettronicaHeader/DatiTrasmissione/PECDestinatario"),
    isPublic: root?.attributes["versione"] === "FPA12",
  };
}

function planOf(
  manners: Manners,
  about: ReturnType<typeof subjectOf>,
  faults: readonly Fault[],
): readonly Step[] {
  const afterSeconds = manners.processingSeconds;
  if (faults.length > 0) return [{ kind: "NS", afterSeconds, faults }];
  const script = manners.scripts.get(about.number);
  if (script) return script;
  if (about.isPublic)
    return [
      { kind: "RC", afterSeconds },
      { kind: "NE", afterSeconds: afterSeconds + DAY_SECONDS, outcome: "EC01" },
    ];
  // Nobody is told where to deliver it: the invoice waits in the buyer's tax drawer.
  const isAddressed = about.recipient !== "0000000" || about.certifiedMail !== "";
  return [{ kind: isAddressed ? "RC" : "MC", afterSeconds }];
}
