import type { UploadRoute } from "#core/providers/anaf/wire.ts";
import type { AnafEnvironment } from "#core/providers/anaf/wire.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { lookUp, take } from "#core/store/names.ts";
import type { Write } from "#core/store/write.ts";

/**
 * Where one upload of one document is. Before `sending` nothing can have left; from `sending` on ANAF may have it.
 *
 *     prepared → sending → sent → accepted | rejected | unreadable
 *         ↑         ├→ unknown → sent (found) | lost (not found: sent again as the next attempt)
 *         └─────────┤ (certainly without effect: waits)
 *                   └→ refused
 */
export type AttemptState =
  | "prepared"
  | "sending"
  | "unknown"
  | "sent"
  | "accepted"
  | "rejected"
  | "unreadable"
  | "refused"
  /** Nobody knows of it after the time in which it would have shown; the next attempt took its place. */
  | "lost"
  /** Never left, because another attempt of the same document was accepted first. */
  | "superseded";

/** States after which nothing more happens to an attempt. */
const FINAL: ReadonlySet<AttemptState> = new Set([
  "accepted",
  "rejected",
  "unreadable",
  "refused",
  "lost",
  "superseded",
]);

export const isFinal = ({ state }: Pick<Attempt, "state">): boolean => FINAL.has(state);

/** One possible upload: its intent and frozen bytes are stored before anything leaves. Kept for good. */
export interface Attempt extends Stored {
  readonly invoiceId: string;
  /** Which submission of the invoice it belongs to, and the how-manieth upload of the same bytes it is. */
  readonly submission: number;
  readonly upload: number;
  readonly number: string;
  readonly state: AttemptState;
  readonly environment: AnafEnvironment;
  readonly cif: string;
  readonly route: UploadRoute;
  /** Of the bytes, which lie under their own hash and so cannot change. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly preparedAt: string;
  readonly sendingAt: string | null;
  readonly sentAt: string | null;
  /** `index_incarcare`. */
  readonly externalId: string | null;
  /** Other indexes the same bytes were registered under. */
  readonly otherIds: readonly string[];
  readonly downloadId: string | null;
  /** When nothing was found by then, the same bytes may be sent again. */
  readonly resendAt: string | null;
  /** ANAF says the document is known under this index; believed once its bytes are seen to be ours. */
  readonly suspect: { readonly index: string; readonly texts: readonly string[] } | null;
  readonly errors: readonly string[];
  /** Uploads tried, looks for it made and states asked for. */
  readonly tries: number;
  readonly looks: number;
  readonly polls: number;
  /** The beginning of ANAF's last answer. */
  readonly raw: string | null;
  /** Before this nothing is to be done; a message is due then. */
  readonly nextAt: string | null;
  readonly endedAt: string | null;
}

/** Attempts, under their company; those of one invoice lie side by side, and open ones are found by name. */
export const attempts = collection<Attempt>({
  kind: "try",
  what: "Submission",
  lookup: (attempt, companyId) =>
    isFinal(attempt) ? undefined : { name: openAttempts(companyId), sort: attempt.id },
});

/** Name under which a company's open attempts are found. */
export const openAttempts = (companyId: string): string => `${companyId}#open`;

export const attemptId = (invoiceId: string, submission: number, upload: number): string =>
  `${invoiceId}.${String(submission).padStart(3, "0")}.${String(upload).padStart(3, "0")}`;

/** Every attempt of an invoice, oldest first. */
export const attemptsOf = (companyId: string, invoiceId: string): Promise<Attempt[]> =>
  attempts.some(companyId, { from: `${invoiceId}.`, to: `${invoiceId}.~`, limit: 500 });

/** Where an attempt's bytes lie: under their hash, so that no later version can take their place. */
export const bytesKey = (companyId: string, sha256: string): string =>
  `${companyId}/submissions/${sha256}.xml`;

interface Meaning extends Record<string, unknown> {
  readonly attemptId: string;
}

const indexName = (companyId: string, environment: AnafEnvironment, index: string): string =>
  `${companyId}#upload#${environment}#${index}`;
const hashName = (companyId: string, sha256: string): string => `${companyId}#sent#${sha256}`;

/** The write that makes an upload index known as an attempt's. */
export const claimIndex = (
  companyId: string,
  { id, environment }: Pick<Attempt, "id" | "environment">,
  index: string,
): Write => take(indexName(companyId, environment, index), { attemptId: id });

/** The write that makes bytes known as an attempt's; the first attempt that sends them holds the name. */
export const claimHash = (companyId: string, { id, sha256 }: Pick<Attempt, "id" | "sha256">): Write =>
  take(hashName(companyId, sha256), { attemptId: id });

/** The attempt that was given an upload index. Strongly consistent: its absence counts. */
export async function findByIndex(
  companyId: string,
  environment: AnafEnvironment,
  index: string,
): Promise<Attempt | undefined> {
  const meaning = await lookUp<Meaning>(indexName(companyId, environment, index));
  return meaning && attempts.find(companyId, meaning.attemptId);
}

/** The first attempt that sent exactly these bytes. Strongly consistent: its absence counts. */
export async function findByHash(companyId: string, sha256: string): Promise<Attempt | undefined> {
  const meaning = await lookUp<Meaning>(hashName(companyId, sha256));
  return meaning && attempts.find(companyId, meaning.attemptId);
}

/** What nothing has happened to yet. */
export const untried = {
  sendingAt: null,
  sentAt: null,
  externalId: null,
  otherIds: [],
  downloadId: null,
  resendAt: null,
  suspect: null,
  errors: [],
  tries: 0,
  looks: 0,
  polls: 0,
  raw: null,
  nextAt: null,
  endedAt: null,
} as const;
