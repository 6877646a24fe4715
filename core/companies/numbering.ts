import { instant } from "#core/lib/clock.ts";
import { malformed, refused } from "#core/lib/error.ts";
import type { Change } from "#core/store/collection.ts";
import type { Write } from "#core/store/write.ts";
import { numberOf, readDefaults, series, type Series, type SeriesType } from "./document-series.ts";

/** Types that take another type's series when they have none of their own. */
const fallback: Partial<Record<SeriesType, SeriesType>> = { credit_note: "invoice" };

/**
 * The series a document takes its number from: the one it names, else the default of its type, else the oldest active
 * one. Throws `malformed` naming `documentSeriesId` when the company has no such series, `invalid` when it has none of
 * the type at all.
 */
export async function seriesFor(companyId: string, type: SeriesType, named?: string | null): Promise<Series> {
  const found = named ? await series.find(companyId, named) : await findDefaultSeries(companyId, type);
  if (!found && named) throw malformed({ documentSeriesId: "is not a series of this company" });
  if (!found) throw refused(`There is no active series for documents of type ${type}; create one first.`);
  return found;
}

/** The series documents of a type take by themselves, if there is any. */
export async function findDefaultSeries(companyId: string, type: SeriesType): Promise<Series | undefined> {
  const [all, { byType }] = await Promise.all([series.all(companyId), readDefaults(companyId)]);
  const active = all.filter((one) => one.active);
  const chosen = (wanted: SeriesType) =>
    active.find((one) => one.id === byType[wanted] && one.type === wanted) ??
    active.find((one) => one.type === wanted);
  const other = fallback[type];
  return chosen(type) ?? (other && chosen(other));
}

/** Numbers taken from a series: they are the document's only once `write` is committed together with it. */
export interface TakenNumbers {
  readonly numbers: readonly string[];
  readonly write: Change<Series>;
}

/**
 * The next `count` numbers of a series as it was read. The write fails as `Stale` when somebody took one since, so a
 * number goes to exactly one document and none is lost: read the series and try again (`untilCommitted`).
 * Throws `invalid` for a series out of use.
 */
export function takeNumbers(companyId: string, from: Series, count: number): TakenNumbers {
  if (!from.active) throw refused(`Series ${from.prefix} is not active.`);
  const last = from.currentNumber + count;
  return {
    numbers: Array.from({ length: count }, (_, i) => numberOf(from.prefix, from.currentNumber + 1 + i)),
    write: series.replace(companyId, from, {
      ...from,
      currentNumber: last,
      highestTaken: last,
      updatedAt: instant(),
    }),
  };
}

/** The next number of a series; see `takeNumbers`. */
export function takeNumber(companyId: string, from: Series): { number: string; write: Change<Series> } {
  const { numbers, write } = takeNumbers(companyId, from, 1);
  return { number: numbers[0]!, write };
}

/**
 * The write that gives a number back, when it is the last one of its series (DECISIONS 10); undefined when later
 * numbers exist, and the gap stays. For documents that never left us only.
 */
export function giveBack(companyId: string, to: Series, number: string): Write | undefined {
  const last = to.currentNumber;
  if (last === 0 || number !== numberOf(to.prefix, last)) return undefined;
  return series.replace(companyId, to, {
    ...to,
    currentNumber: last - 1,
    highestTaken: Math.min(to.highestTaken, last - 1),
    updatedAt: instant(),
  });
}
