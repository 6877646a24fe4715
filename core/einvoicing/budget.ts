import { instant, now } from "#core/lib/clock.ts";
import { addDays, startOfDay, today } from "#core/lib/dates.ts";
import { sha256 } from "#core/lib/ids.ts";
import { spend } from "#core/store/counters.ts";

/**
 * ANAF takes 1 000 calls a minute from one application (ANAF.md §9). All functions together stay below; what is left
 * is for calls that are counted in ANAF's minute and not in ours.
 */
const callsPerMinute = 960;

/** Permits are fetched in twenties, so that no counter is written for every call. */
const atOnce = 20;

let stash = { minute: "", permits: 0 };

/** Takes one permit for a call to ANAF; false when this minute's are used up. */
export async function takePermit(): Promise<boolean> {
  const minute = instant().slice(0, 16);
  if (stash.minute === minute && stash.permits > 0) {
    stash.permits--;
    return true;
  }
  const limit = { most: callsPerMinute, expiresInSeconds: 300 };
  if (!(await spend({ name: "anaf#calls", window: minute }, atOnce, limit))) return false;
  stash = { minute, permits: (stash.minute === minute ? stash.permits : 0) + atOnce - 1 };
  return true;
}

/** A moment in the next minute or two, spread by name, for a call that found no permit or met ANAF's own limit. */
export const afterMinuteLimit = (name: string): string =>
  new Date(now() + 60_000 + spread(name, 60_000)).toISOString();

/** A moment five to fifteen minutes into the next Romanian day, spread by name, for what met a limit per day. */
export const afterDayLimit = (name: string): string =>
  new Date(Date.parse(startOfDay(addDays(today(), 1))) + 300_000 + spread(name, 600_000)).toISOString();

/** A number below `most` that is always the same for a name, so that many do not come back at once. */
export const spread = (name: string, most: number): number =>
  Number.parseInt(sha256(name).slice(0, 8), 16) % most;
