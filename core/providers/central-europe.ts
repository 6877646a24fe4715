import { now } from "#core/lib/clock.ts";
import type { Day } from "#core/lib/dates.ts";

/** Italy and Poland share it. */
const zone = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Rome", dateStyle: "short" });

/**
 * Seconds until a day has certainly begun in central Europe; undefined when it has. Networks there refuse documents of
 * a day to come, and Romania is an hour ahead.
 */
export function secondsUntil(day: Day): number | undefined {
  if (day <= zone.format(now())) return undefined;
  // In summer midnight comes an hour sooner.
  return Math.ceil((Date.parse(`${day}T00:00:00+01:00`) - now()) / 1000);
}
