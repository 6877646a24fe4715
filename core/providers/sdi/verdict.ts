import { attribute, parseXml, root } from "#core/lib/xml/index.ts";
import type { NetworkStatus, Parcel, Receipt } from "#core/providers/provider.ts";
import { decisive, meaningOf, type Word } from "./meaning.ts";
import { isAbout, type Notification, readNotification } from "./notification.ts";
import { accessProblem, rawOf, read, type Reply, Said } from "./rest.ts";

/** Whether what is said is about this document and not another one that got its name first. */
export const isOurs = ({ filename, sha256 }: Said, parcel: Parcel): boolean =>
  (!filename || filename === parcel.fileName) && (!sha256 || sha256 === parcel.sha256);

/** What an intermediary's answer about one file says of a document. */
export function statusIn(parcel: Parcel, reply: Reply): NetworkStatus {
  const raw = rawOf(reply);
  const wait = (message: string, retryAfterSeconds?: number): NetworkStatus => ({
    raw,
    result: "wait",
    reason: "passing",
    message,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
  if (reply.kind === "failure") return wait(reply.cause);
  if (reply.status === 404) return wait("The intermediary does not know the document.");
  if (reply.status !== 200)
    return wait(
      accessProblem(reply)?.message ?? `The intermediary answered ${reply.status}.`,
      reply.retryAfterSeconds,
    );
  const said = read(Said, reply);
  if (!said) return wait("The intermediary's answer cannot be read.");
  if (!isOurs(said, parcel)) return wait("The intermediary answered about another document.");
  return verdictOf(said, parcel, raw);
}

/** The exchange's own messages count; the intermediary's word only where it hands out none. */
function verdictOf(said: Said, parcel: Parcel, raw: string): NetworkStatus {
  const kept = (said.notifications ?? []).flatMap((given) => notificationOf(given, parcel));
  const word = decisive(kept.map(({ notification }) => notification)) ?? wordOf(said);
  const receipts = kept.map(({ receipt }) => receipt);
  const status: NetworkStatus = word
    ? meaningOf(word, isForOffice(parcel), raw)
    : {
        raw,
        result: "processing",
        ...(said.status ? { note: `The intermediary says: ${said.status}.` } : {}),
      };
  return status.result === "wait" || receipts.length === 0 ? status : { ...status, receipts };
}

/** A message of the exchange about this document, with the file to be kept; text or base 64. */
function notificationOf(
  { filename, xml }: { filename: string; xml: string },
  parcel: Parcel,
): { notification: Notification; receipt: Receipt }[] {
  const bytes = xml.trimStart().startsWith("<") ? Buffer.from(xml, "utf8") : Buffer.from(xml, "base64");
  const notification = readNotification(bytes);
  if (!notification || !isAbout(notification, parcel.fileName)) return [];
  return [{ notification, receipt: { fileName: filename, contentType: "application/xml", bytes } }];
}

/** States of an intermediary that are as good as a notification, by name or by the exchange's abbreviation. */
const STATES: Readonly<Record<string, Pick<Word, "kind" | "outcome">>> = {
  delivered: { kind: "RC", outcome: null },
  rc: { kind: "RC", outcome: null },
  rejected: { kind: "NS", outcome: null },
  ns: { kind: "NS", outcome: null },
  undelivered: { kind: "MC", outcome: null },
  mc: { kind: "MC", outcome: null },
  accepted: { kind: "NE", outcome: "EC01" },
  refused: { kind: "NE", outcome: "EC02" },
  expired: { kind: "DT", outcome: null },
  dt: { kind: "DT", outcome: null },
  attested: { kind: "AT", outcome: null },
  at: { kind: "AT", outcome: null },
};

function wordOf({ status, sdiId, errors }: Said): Word | undefined {
  const state = STATES[status?.toLowerCase() ?? ""];
  return state && { ...state, sdiId: sdiId ?? null, errors: errors ?? [] };
}

const isForOffice = ({ bytes }: Parcel): boolean => {
  const doc = parseXml(bytes);
  return attribute(doc, root(doc), "versione") === "FPA12";
};
