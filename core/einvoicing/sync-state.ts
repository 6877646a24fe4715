import { collection, type Stored } from "#core/store/collection.ts";

/** How the last look at a mailbox went. */
export interface SyncRun {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly result: "completed" | "failed";
  readonly error: string | null;
  /** Messages seen for the first time, and those that were in the ledger already. */
  readonly newMessages: number;
  readonly knownMessages: number;
  /** Calls to ANAF's lists. */
  readonly calls: number;
  /** What was listed after this instant and until the end belongs to it: since the last run that was counted. */
  readonly since: string;
  /** What came of it; null until its documents have been read, and for a run that failed. */
  readonly stats: SyncStats | null;
}

/** What came of a look, in the words of the API. Suppliers count as clients do: both are the other party. */
export interface SyncStats {
  readonly newInvoices: number;
  /** Messages that ANAF listed and we had already. */
  readonly skippedDuplicates: number;
  readonly newClients: number;
  readonly newProducts: number;
  readonly newSeries: number;
  readonly errors: readonly string[];
}

/**
 * How far a company's mailbox is known. Between `provenFrom` and `provenTo` every message ANAF had is in the ledger,
 * because every page of every window was read; `gaps` are stretches that were too old to be read when we came.
 */
export interface SyncState extends Stored {
  readonly cif: string;
  readonly provenFrom: string | null;
  readonly provenTo: string | null;
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
  /** The last short look for verdicts, shared by all submissions that wait for one. */
  readonly glancedAt: string | null;
  /** The last looks that went back ten days, and as far as ANAF allows. */
  readonly deepAt: string | null;
  readonly fullAt: string | null;
  readonly run: SyncRun | null;
  /** No list is asked for before this: a limit of ANAF's was reached. */
  readonly parkedUntil: string | null;
  /** Looks in a row that failed. */
  readonly failures: number;
}

/** The one row of a company. */
export const STATE = "state";

export const syncStates = collection<SyncState>({ kind: "sync", what: "Sync state" });

/** What is known about a mailbox nobody has looked into. */
export const untouched = (cif: string): Omit<SyncState, "rev"> => ({
  id: STATE,
  cif,
  provenFrom: null,
  provenTo: null,
  gaps: [],
  glancedAt: null,
  deepAt: null,
  fullAt: null,
  run: null,
  parkedUntil: null,
  failures: 0,
});
