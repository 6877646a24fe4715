import { companies, type Company } from "#core/companies/company.ts";
import { followPlan } from "#core/companies/plan.ts";
import { instant, now } from "#core/lib/clock.ts";
import type { Answer } from "#core/providers/anaf/classify.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import type { Announced, Announcement, Follow } from "#core/store/out.ts";
import { afterDayLimit, afterMinuteLimit } from "./budget.ts";
import { type Mailbox, mailboxOf } from "./mailbox.ts";
import { STATE, type SyncRun, type SyncState, syncStates, untouched } from "./sync-state.ts";
import { completed, followTally, nothingNew, tally } from "./tally.ts";
import { arrivals, OLDEST_MS, type Walk, walk } from "./walk.ts";

/** The body of a message to the Sync queue: look into this company's mailbox. */
export interface SyncMessage {
  readonly organizationId: string;
  readonly companyId: string;
  /**
   * Who asked: a schedule or a person, who may want to go back further than the cursor; a look that goes on where it
   * stopped; or (`tally`) one whose documents should have been read by now.
   */
  readonly cause: "schedule" | "manual" | "continuation" | "tally";
  readonly days?: number | undefined;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** ANAF lists a message up to fifteen minutes after it made it, and now and then much later: every look goes back. */
const overlapMs = 6 * hourMs;
/** Once a day ten days, once a week all that ANAF still shows; it is one call more for most companies. */
const deepMs = 10 * dayMs;

/**
 * Looks into a company's mailbox: from where it was proven to be known, with an overlap, to now. Whatever is found is
 * written down and downloaded by its own message; the cursor moves only over what was read completely. Doing it twice
 * changes nothing.
 */
export async function synchronize(message: SyncMessage): Promise<void> {
  const { organizationId, companyId, cause } = message;
  if (cause === "tally") return tally(message);
  // A plan can end by itself, as a trial does: the schedule that still finds the company is who notices.
  if (cause === "schedule") await followPlan(organizationId);
  const company = await companies.find(organizationId, companyId);
  if (!company || company.deletedAt || !(cause === "manual" || mayRun(company))) return;
  const before = (await syncStates.find(companyId, STATE)) ?? undefined;
  if (before?.parkedUntil && before.parkedUntil > instant() && cause !== "manual") return;
  const mailbox = mailboxOf(company);
  const startedAt = instant();
  if (cause !== "continuation") await announceStart(companyId, company.cif);
  const reach = reachOf(before, message, company);
  const result = await walk(mailbox, reach.fromMs);
  await conclude(mailbox, { startedAt, reach, result, message });
}

const mayRun = (company: Company): boolean =>
  company.syncEnabled && !company.isReadOnly && company.spvAccessError === null;

/** How far back a look goes, and which of the deeper looks it therefore is. */
interface Reach {
  readonly fromMs: number;
  readonly isDeep: boolean;
  readonly isFull: boolean;
}

function reachOf(state: SyncState | undefined, { days, cause }: SyncMessage, company: Company): Reach {
  const oldest = now() - OLDEST_MS;
  const first = Math.max(oldest, now() - company.syncDaysBack * dayMs);
  if (!state?.provenTo) return { fromMs: first, isDeep: true, isFull: true };
  const cursor = Date.parse(state.provenTo);
  const isFull = since(state.fullAt) > 7 * dayMs;
  const isDeep = isFull || since(state.deepAt) > dayMs - hourMs;
  const back = Math.min(cursor - overlapMs, isDeep ? now() - deepMs : Infinity, isFull ? first : Infinity);
  const asked = days === undefined ? Infinity : now() - days * dayMs;
  // A walk that could not finish goes on where it stopped.
  const fromMs = cause === "continuation" ? cursor - overlapMs : Math.min(back, asked);
  return { fromMs: Math.max(oldest, fromMs), isDeep, isFull };
}

const since = (at: string | null): number => (at === null ? Infinity : now() - Date.parse(at));

async function announceStart(companyId: string, cif: string): Promise<void> {
  await untilCommitted(async () => {
    const state = await syncStates.find(companyId, STATE);
    const events: Announced[] = [{ name: "sync.started", data: { company_id: companyId, cif } }];
    await commit([
      state
        ? syncStates.replace(companyId, state, state, { events })
        : syncStates.insert(companyId, untouched(cif), { events }),
    ]);
  });
}

interface Ending {
  readonly startedAt: string;
  readonly reach: Reach;
  readonly result: Walk;
  readonly message: SyncMessage;
}

/** Writes down what the look came to: the cursor, the run, what the company shows, and what follows. */
async function conclude(mailbox: Mailbox, ending: Ending): Promise<void> {
  const { companyId, organizationId, cif } = mailbox;
  await untilCommitted(async () => {
    const state = (await syncStates.find(companyId, STATE)) ?? { ...untouched(cif), rev: 0 };
    const next = stateAfter(state, ending);
    const announcement = announcementOf(mailbox, next, ending);
    const write =
      state.rev === 0
        ? syncStates.insert(companyId, next, announcement)
        : syncStates.replace(companyId, state, next, announcement);
    const company = await companies.find(organizationId, companyId);
    const isOver = ending.result.isComplete && company;
    await commit([
      write,
      ...(isOver
        ? [companies.replace(organizationId, company, { ...company, lastSyncedAt: next.run!.endedAt })]
        : []),
    ]);
  });
}

function stateAfter(state: SyncState, { startedAt, reach, result }: Ending): SyncState {
  const { stoppedBy, fresh, known, calls, isComplete } = result;
  const countedTo = countedUntil(state.run);
  // What a glance found in between is counted with this look.
  const isGlanced = state.glancedAt !== null && state.glancedAt > countedTo;
  return {
    ...state,
    ...proven(state, reach.fromMs, result.provenToMs),
    ...(isComplete && reach.isDeep ? { deepAt: instant() } : {}),
    ...(isComplete && reach.isFull ? { fullAt: instant() } : {}),
    run: {
      startedAt,
      endedAt: instant(),
      result: stoppedBy ? "failed" : "completed",
      error: stoppedBy ? reasonOf(stoppedBy) : null,
      newMessages: fresh.length,
      knownMessages: known,
      calls,
      since: countedTo,
      stats: isComplete && fresh.length === 0 && !isGlanced ? nothingNew(known) : null,
    },
    parkedUntil: stoppedBy ? parkedUntil(stoppedBy, state.id + state.cif) : null,
    failures: stoppedBy ? state.failures + 1 : 0,
  };
}

const countedUntil = (run: SyncRun | null): string =>
  run === null ? "" : run.stats === null ? run.since : run.endedAt;

/** The proven stretch with a newly read one: joined when they touch; when they cannot, the hole is written down. */
function proven(state: SyncState, fromMs: number, toMs: number) {
  const from = new Date(fromMs).toISOString();
  const to = new Date(toMs).toISOString();
  if (toMs <= fromMs) return {};
  if (!state.provenFrom || !state.provenTo) return { provenFrom: from, provenTo: to };
  const gaps = from > state.provenTo ? [...state.gaps, { from: state.provenTo, to: from }] : state.gaps;
  return {
    provenFrom: from < state.provenFrom ? from : state.provenFrom,
    provenTo: to > state.provenTo ? to : state.provenTo,
    gaps,
  };
}

/** Why a look stopped, in words for the company's people. */
export function reasonOf({ class: kind, texts, raw }: Answer): string {
  if (texts[0]) return texts[0];
  const words: Partial<Record<Answer["class"], string>> = {
    auth: "There is no ANAF connection that can be used for this company; connect again.",
    rate_minute: "The limit of calls per minute is reached.",
    not_sent: "ANAF cannot be reached.",
    interrupted: "ANAF did not answer in time.",
    garbage: "ANAF's answer cannot be read; it is probably out of service.",
    forbidden: "ANAF's gateway refuses the application.",
    waf: "ANAF's firewall refused the request.",
  };
  return words[kind] ?? raw.slice(0, 200);
}

function parkedUntil({ class: kind }: Answer, name: string): string | null {
  if (kind === "rate_day") return afterDayLimit(name);
  return kind === "rate_minute" ? afterMinuteLimit(name) : null;
}

function announcementOf(mailbox: Mailbox, state: SyncState, ending: Ending): Announcement {
  const { organizationId, companyId, cif } = mailbox;
  const { result, message } = ending;
  const about = { company_id: companyId, cif };
  const again = (dueAt?: string): Follow => ({
    queue: "Sync",
    body: { organizationId, companyId, cause: "continuation" satisfies SyncMessage["cause"] },
    ...(dueAt ? { dueAt, key: `${companyId} ${dueAt}` } : {}),
  });
  if (result.stoppedBy) {
    const failed = { name: "sync.failed", data: { ...about, error: state.run!.error } } as const;
    // Its people are told of the first failure in a row alone; each of the others goes to webhooks.
    const events: Announced[] = [
      state.failures === 1 ? { ...failed, organizationId } : failed,
      ...arrivals(mailbox, result),
    ];
    const isWorthRepeating = message.cause !== "manual" && state.failures < 4;
    return { events, follow: isWorthRepeating ? [again(state.parkedUntil ?? retryAt(state.failures))] : [] };
  }
  if (!result.isComplete) return { events: arrivals(mailbox, result), follow: [again()] };
  const run = state.run!;
  if (run.stats === null)
    return { events: arrivals(mailbox, result), follow: [followTally(mailbox, run.endedAt)] };
  return { events: [completed(mailbox, run, run.stats)] };
}

/** A failed look is repeated after 2, 4, 8 minutes; then the schedule's next tick does. */
const retryAt = (failures: number): string => new Date(now() + 60_000 * 2 ** failures).toISOString();
