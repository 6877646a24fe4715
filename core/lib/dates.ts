import { now } from "./clock.ts";

/** A calendar day, `YYYY-MM-DD`. Days never become Date objects outside this file. */
export type Day = string;
/** An instant, ISO 8601 in UTC. */
export type Instant = string;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const toMs = (day: Day): number => Date.UTC(+day.slice(0, 4), +day.slice(5, 7) - 1, +day.slice(8, 10));
const toDay = (ms: number): Day => new Date(ms).toISOString().slice(0, 10);

/** Whether the text is a day that exists in the calendar (`2026-02-30` does not). */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && toDay(toMs(text)) === text;

export const addDays = (day: Day, days: number): Day => toDay(toMs(day) + days * DAY_MS);

/** The same day of the month `months` later, or that month's last day when it is shorter. */
export function addMonths(day: Day, months: number): Day {
  const first = new Date(Date.UTC(+day.slice(0, 4), +day.slice(5, 7) - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return toDay(first.getTime() + (Math.min(+day.slice(8, 10), last) - 1) * DAY_MS);
}

/** Days from one day to another; negative when `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number => Math.round((toMs(to) - toMs(from)) / DAY_MS);

/** 0 for Sunday to 6 for Saturday. */
export const weekday = (day: Day): number => new Date(toMs(day)).getUTCDay();

/** Moment (UTC) at which European clocks change in a month: its last Sunday, 01:00 (Directive 2000/84/EC). */
function clockChange(year: number, month: number): number {
  const last = Date.UTC(year, month, 0);
  return last - new Date(last).getUTCDay() * DAY_MS + HOUR_MS;
}

/** How far Bucharest is ahead of UTC at an instant: 3 hours in summer, else 2. Holds for every year since 1997. */
function bucharestOffsetMs(ms: number): number {
  const year = new Date(ms).getUTCFullYear();
  return ms >= clockChange(year, 3) && ms < clockChange(year, 10) ? 3 * HOUR_MS : 2 * HOUR_MS;
}

/** The time on a wall in Bucharest at an instant, `YYYY-MM-DDTHH:mm:ss`. */
export function bucharestTime(instant: Instant): string {
  const ms = Date.parse(instant);
  return new Date(ms + bucharestOffsetMs(ms)).toISOString().slice(0, 19);
}

/** The legal day of an instant: the one in Bucharest. */
export const bucharestDay = (instant: Instant): Day => bucharestTime(instant).slice(0, 10);

/**
 * The instant of a wall time in Bucharest (`YYYY-MM-DDTHH:mm:ss`). An hour that happens twice in October means the
 * first one; an hour that is skipped in March is read as if clocks had not moved yet.
 */
export function fromBucharest(wallTime: string): Instant {
  const ms = Date.parse(`${wallTime}Z`);
  const inSummer = ms - 3 * HOUR_MS;
  const offset = bucharestOffsetMs(inSummer) === 3 * HOUR_MS ? 3 : 2;
  return new Date(ms - offset * HOUR_MS).toISOString();
}

/** The instant at which a legal day begins. */
export const startOfDay = (day: Day): Instant => fromBucharest(`${day}T00:00:00`);

/** The legal day now. */
export const today = (): Day => bucharestDay(new Date(now()).toISOString());

/** An ANAF timestamp, `yyyyMMddHHmm` on a Romanian clock, as an instant; undefined when the text is not one. */
export function instantOfAnaf(text: string): Instant | undefined {
  const found = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text.trim());
  if (!found) return undefined;
  const [, year, month, date, hour, minute] = found;
  const day = `${year}-${month}-${date}`;
  if (!isDay(day) || +hour! > 23 || +minute! > 59) return undefined;
  return fromBucharest(`${day}T${hour}:${minute}:00`);
}

/** Orthodox Easter Sunday by Meeus' Julian computus, moved to the Gregorian calendar (13 days until 2099). */
export function orthodoxEaster(year: number): Day {
  const moon = (19 * (year % 19) + 15) % 30;
  const sunday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7;
  return toDay(Date.UTC(year, 2, 22 + moon + sunday + 13));
}

const FIXED_HOLIDAYS = "01-01 01-02 01-06 01-07 01-24 05-01 06-01 08-15 11-30 12-01 12-25 12-26".split(" ");

const holidaysByYear = new Map<number, ReadonlySet<Day>>();

/** The legal holidays of a year (Codul muncii, art. 139): fixed ones, Good Friday, Easter, Pentecost. */
export function legalHolidays(year: number): ReadonlySet<Day> {
  const known = holidaysByYear.get(year);
  if (known) return known;
  const easter = orthodoxEaster(year);
  const movable = [-2, 0, 1, 49, 50].map((days) => addDays(easter, days));
  const holidays = new Set([...FIXED_HOLIDAYS.map((monthDay) => `${year}-${monthDay}`), ...movable]);
  holidaysByYear.set(year, holidays);
  return holidays;
}

export const isWorkingDay = (day: Day): boolean =>
  weekday(day) !== 0 && weekday(day) !== 6 && !legalHolidays(+day.slice(0, 4)).has(day);

/** The n-th working day after a day, which itself is not counted (Regulation 1182/71). */
export function workingDaysAfter(day: Day, count: number): Day {
  let reached = day;
  for (let left = count; left > 0;) {
    reached = addDays(reached, 1);
    if (isWorkingDay(reached)) left -= 1;
  }
  return reached;
}

/** The last working day before a day. */
export function workingDayBefore(day: Day): Day {
  let reached = addDays(day, -1);
  while (!isWorkingDay(reached)) reached = addDays(reached, -1);
  return reached;
}

/**
 * Last day on which an invoice may still be sent to e-Factura (OUG 120/2021 art. 10(7), as changed by OUG 89/2025):
 * five working days after issue from 2026 on, and at most five working days after the legal limit for issuing, the
 * 15th of the month after the taxable event; five calendar days for invoices issued before 2026.
 */
export function submissionDeadline(issueDate: Day, taxPointDate: Day = issueDate): Day {
  if (issueDate < "2026-01-01") return addDays(issueDate, 5);
  const afterIssue = workingDaysAfter(issueDate, 5);
  const issuingLimit = `${addMonths(taxPointDate, 1).slice(0, 7)}-15`;
  const afterLimit = workingDaysAfter(issuingLimit, 5);
  return afterLimit < afterIssue ? afterLimit : afterIssue;
}
