import { companies } from "#core/companies/company.ts";
import { instantIn, now } from "#core/lib/clock.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { follow } from "#core/store/due.ts";
import { listRows } from "#core/store/listing.ts";
import type { Announced, Follow } from "#core/store/out.ts";
import { type Message, messageColumns, messages } from "./messages.ts";
import { STATE, type SyncRun, type SyncStats, syncStates } from "./sync-state.ts";

/** Of whose look to count what came of it. */
export interface Counted {
  readonly organizationId: string;
  readonly companyId: string;
}

/** A document that has not been read so long after the look is counted as still to come. */
const patienceMs = 3_600_000;

/** How many messages are looked at in full, and how many of their errors are told. */
const mostMessages = 10_000;
const mostErrors = 20;

/** The message that has a look counted: after 5 and 30 seconds, 3 and 18 minutes, and an hour. */
export function followTally({ organizationId, companyId }: Counted, endedAt: string): Follow {
  const waitedSeconds = (now() - Date.parse(endedAt)) / 1000;
  const dueAt = instantIn(Math.min(2700, Math.max(5, 5 * waitedSeconds)));
  return { queue: "Sync", body: { organizationId, companyId, cause: "tally" }, dueAt };
}

/**
 * Counts what came of the last look into a mailbox once its documents have been read, writes it down and announces that
 * the look is over. A look that another one followed is counted with that one.
 */
export async function tally({ organizationId, companyId }: Counted): Promise<void> {
  const company = await companies.find(organizationId, companyId);
  const run = (await syncStates.find(companyId, STATE))?.run;
  if (!company || company.deletedAt || !isUncounted(run)) return;
  const found = await foundBy(companyId, run);
  const isPatient = now() - Date.parse(run.endedAt) < patienceMs;
  if (!found.isComplete && isPatient) return follow(followTally({ organizationId, companyId }, run.endedAt));
  const stats = statsOf(run, await messages.getMany(companyId, found.ids));
  await untilCommitted(async () => {
    const state = await syncStates.find(companyId, STATE);
    if (!isUncounted(state?.run) || state.run.startedAt !== run.startedAt) return;
    const counted = { ...state.run, stats };
    const events = [completed({ companyId, cif: company.cif }, counted, stats)];
    await commit([syncStates.replace(companyId, state, { ...state, run: counted }, { events })]);
  });
}

const isUncounted = (run: SyncRun | null | undefined): run is SyncRun =>
  run?.result === "completed" && run.stats === null;

/** The event that ends a look, with what came of it. */
export const completed = (
  { companyId, cif }: { companyId: string; cif: string },
  { newMessages }: SyncRun,
  stats: SyncStats,
): Announced => ({
  name: "sync.completed",
  data: {
    company_id: companyId,
    cif,
    invoices_synced: stats.newInvoices,
    new_messages: newMessages,
    stats,
  },
});

/** The messages that were listed first since the last look that was counted, and whether all have been read. */
async function foundBy(companyId: string, { since, endedAt, newMessages }: SyncRun) {
  let unread = 0;
  const { ids, total } = await listRows(companyId, messages, messageColumns, {
    where: ({ listedAt }) => listedAt !== null && listedAt > since && listedAt <= endedAt,
    visit: ({ status }, matches) => {
      if (matches && status === "received") unread++;
    },
    sort: "id",
    descending: false,
    page: 1,
    limit: mostMessages,
  });
  // The index lags: a message that was written may not be seen for a moment.
  return { ids, isComplete: unread === 0 && total >= newMessages };
}

/** What a look with nothing new comes to. */
export const nothingNew = (knownMessages: number): SyncStats => ({
  newInvoices: 0,
  skippedDuplicates: knownMessages,
  newClients: 0,
  newProducts: 0,
  newSeries: 0,
  errors: [],
});

function statsOf({ knownMessages }: SyncRun, found: readonly Message[]): SyncStats {
  const sum = (of: "clients" | "products" | "series"): number =>
    found.reduce((total, { made }) => total + (made?.[of] ?? 0), 0);
  const errors = found.flatMap((message) => errorOf(message) ?? []);
  const untold = errors.length - mostErrors;
  return {
    newInvoices: found.filter(({ made }) => made).length,
    skippedDuplicates: knownMessages,
    newClients: sum("clients"),
    newProducts: sum("products"),
    newSeries: sum("series"),
    errors: untold > 0 ? [...errors.slice(0, mostErrors), `… and ${untold} more`] : errors,
  };
}

function errorOf({ stage, downloadId, errorMessage }: Message): string | undefined {
  if (stage === "done") return undefined;
  const isToCome = stage === "listed" || stage === "archived";
  const reason = isToCome ? "has not been read yet" : (errorMessage ?? `is ${stage}`);
  return `Message ${downloadId}: ${reason}`;
}
