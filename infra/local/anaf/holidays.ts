import { addDays } from "./bucharest.ts";

/** Romanian legal holidays (ANAF.md §14): fixed ones, and those that follow the Orthodox Easter. */
const fixedDays = new Set(
  "01-01 01-02 01-06 01-07 01-24 05-01 06-01 08-15 11-30 12-01 12-25 12-26".split(" "),
);

/** Whether banks work on this day, `yyyy-MM-dd`. */
export function isBankingDay(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  if (weekday === 0 || weekday === 6 || fixedDays.has(day.slice(5))) return false;
  return !easterHolidays(Number(day.slice(0, 4))).has(day);
}

const byYear = new Map<number, Set<string>>();

/** Good Friday, Easter and Pentecost with their Mondays. */
function easterHolidays(year: number): Set<string> {
  const cached = byYear.get(year);
  if (cached) return cached;
  const easter = orthodoxEaster(year);
  const days = new Set([-2, 0, 1, 49, 50].map((distance) => addDays(easter, distance)));
  byYear.set(year, days);
  return days;
}

/** Meeus' Julian computus; the Julian calendar runs 13 days behind until 2099. */
export function orthodoxEaster(year: number): string {
  const d = (19 * (year % 19) + 15) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
  const month = Math.floor((d + e + 114) / 31);
  const day = ((d + e + 114) % 31) + 1;
  const julian = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  return addDays(julian, 13);
}
