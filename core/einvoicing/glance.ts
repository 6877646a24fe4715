import { instant, now } from "#core/lib/clock.ts";
import { commit, untilCommittedFrom } from "#core/store/commit.ts";
import type { Mailbox } from "./mailbox.ts";
import { STATE, syncStates, untouched } from "./sync-state.ts";
import { arrivals, OLDEST_MS, type Walk, walk } from "./walk.ts";

/** ANAF lists a message up to fifteen minutes after it made it. */
const overlapMs = 20 * 60_000;
/** A mailbox nobody synchronizes is looked at this far back when a submission waits. */
const aloneMs = 10 * 86_400_000;
/** A glance is good for everybody who asks within so many seconds. */
const goodForMs = 10_000;

const underWay = new Map<string, Promise<Walk | undefined>>();

/**
 * A short look into a mailbox for verdicts and lost uploads: one list call serves every submission of the company that
 * waits. Answers undefined when somebody had just looked.
 */
export function glance(mailbox: Mailbox): Promise<Walk | undefined> {
  const { companyId } = mailbox;
  const running = underWay.get(companyId);
  if (running) return running;
  const look = lookNow(mailbox).finally(() => underWay.delete(companyId));
  underWay.set(companyId, look);
  return look;
}

async function lookNow(mailbox: Mailbox): Promise<Walk | undefined> {
  const { companyId, cif } = mailbox;
  const read = () => syncStates.find(companyId, STATE);
  const state = await read();
  if (state?.glancedAt && now() - Date.parse(state.glancedAt) < goodForMs) return undefined;
  if (state?.parkedUntil && state.parkedUntil > instant()) return undefined;
  const fromMs = Math.max(
    now() - OLDEST_MS,
    state?.provenTo ? Date.parse(state.provenTo) - overlapMs : now() - aloneMs,
  );
  const result = await walk(mailbox, fromMs);
  const glancedAt = instant();
  const reached = new Date(result.provenToMs).toISOString();
  await untilCommittedFrom(state, read, async (current) => {
    const events = arrivals(mailbox, result);
    if (!current) return commit([syncStates.insert(companyId, { ...untouched(cif), glancedAt }, { events })]);
    // Only a stretch that begins where the known one ends makes more of the mailbox known.
    const known = current.provenTo;
    const isMore = known !== null && new Date(fromMs).toISOString() <= known && reached > known;
    const provenTo = isMore ? reached : known;
    return commit([syncStates.replace(companyId, current, { ...current, glancedAt, provenTo }, { events })]);
  });
  return result;
}
