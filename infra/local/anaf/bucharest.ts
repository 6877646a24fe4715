/**
 * Romanian wall-clock time. ANAF writes local time without an offset and resets its day counters at midnight
 * Europe/Bucharest (ANAF.md §9 "Time"). Instants are epoch milliseconds throughout the simulator.
 */
const formatter = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Bucharest",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

interface WallTime {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

/** Formatting is the dearest thing a request does; Bucharest's offset only changes on a full UTC hour. */
const offsetByHour = new Map<number, number>();

function offsetMs(instant: number): number {
  const hour = Math.floor(instant / 3_600_000);
  const known = offsetByHour.get(hour);
  if (known !== undefined) return known;
  const at = hour * 3_600_000;
  const part = Object.fromEntries(
    formatter.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
  );
  const local = Date.UTC(
    part["year"] ?? 0,
    (part["month"] ?? 1) - 1,
    part["day"] ?? 1,
    part["hour"] ?? 0,
    part["minute"] ?? 0,
  );
  if (offsetByHour.size > 50_000) offsetByHour.clear();
  offsetByHour.set(hour, local - at);
  return local - at;
}

function wallTime(instant: number): WallTime {
  const iso = new Date(instant + offsetMs(instant)).toISOString();
  return {
    year: iso.slice(0, 4),
    month: iso.slice(5, 7),
    day: iso.slice(8, 10),
    hour: iso.slice(11, 13),
    minute: iso.slice(14, 16),
    second: iso.slice(17, 19),
  };
}

/** `yyyyMMddHHmm`, the form of dateResponse and data_creare (ANAF.md §3, §5.1). */
export function compactMinute(instant: number): string {
  const t = wallTime(instant);
  return t.year + t.month + t.day + t.hour + t.minute;
}

/** `dd-MM-yyyy HH:mm:ss`, the form of error envelopes and of interval titles (ANAF.md §3, §5.2). */
export function romanianDateTime(instant: number): string {
  const t = wallTime(instant);
  return `${t.day}-${t.month}-${t.year} ${t.hour}:${t.minute}:${t.second}`;
}

/** `yyyy-MM-dd` of the Romanian day that contains the instant. */
export function bucharestDay(instant: number): string {
  const t = wallTime(instant);
  return `${t.year}-${t.month}-${t.day}`;
}

/** Hour of the Romanian wall clock, 0–23. */
export function bucharestHour(instant: number): number {
  return Number(wallTime(instant).hour);
}

/** The instant at which the Romanian wall clock shows this day and time (`HH:mm`). */
export function bucharestInstant(day: string, time: string): number {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  return asUtc - offsetMs(asUtc - offsetMs(asUtc));
}

/** The next instant after `from` at which the Romanian offset changes (last Sundays of March and October). */
export function nextOffsetChange(from: number): number {
  let hour = Math.floor(from / 3_600_000) * 3_600_000;
  const before = offsetMs(hour);
  while (offsetMs(hour) === before) hour += 3_600_000;
  return hour;
}

/** The day that is `days` later than `day`, both `yyyy-MM-dd`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
