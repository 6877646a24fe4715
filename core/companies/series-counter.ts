import type { Series } from "./document-series.ts";

/** Numbers of a series that documents of other programs hold: two programs may be numbering in it. */
export interface FoundNumbers {
  /** The highest one that the counter has passed; the counter never goes below it either. */
  readonly passed: number;
  /** Those it has not reached, ascending: it steps over each when its turn comes. */
  readonly ahead: readonly number[];
}

/** So many are remembered; of more than these the nearest matter. */
const MOST_AHEAD = 1000;

/** The lowest value the counter may be given: no number that a document has is given again (DECISIONS 9). */
export const lowestCounter = ({ highestTaken, found }: Pick<Series, "highestTaken" | "found">): number =>
  Math.max(highestTaken, found?.passed ?? 0);

/** A series after its next number was given to a document. */
export function counted<S extends Series>(series: S): S {
  const currentNumber = series.currentNumber + 1;
  const highestTaken = Math.max(series.highestTaken, currentNumber);
  return settled({ ...series, currentNumber, highestTaken });
}

/** A series whose next number is one that nobody holds, whatever its counter was set to. */
export function settled<S extends Series>(series: S): S {
  if (!series.found) return series;
  let { currentNumber } = series;
  let { passed } = series.found;
  const ahead: number[] = [];
  for (const number of series.found.ahead) {
    if (number === currentNumber + 1) currentNumber = number;
    if (number <= currentNumber) passed = Math.max(passed, number);
    else ahead.push(number);
  }
  return { ...series, currentNumber, found: { passed, ahead } };
}

/**
 * A series after a document of another program was found to hold one of its numbers; the same object when nothing is
 * new. A series that has given no number goes on after that program, wherever it is. One that has keeps its own sequence
 * without a gap: it goes on after the number only when that is the very next one, and otherwise remembers to step over it.
 */
export function withFound<S extends Series>(series: S, number: number): S {
  const found = series.found ?? { passed: 0, ahead: [] };
  if (number <= lowestCounter(series) || found.ahead.includes(number)) return series;
  if (series.highestTaken === 0) {
    const currentNumber = Math.max(series.currentNumber, number);
    return { ...series, currentNumber, found: { ...found, passed: number } };
  }
  const ahead = [...found.ahead, number].toSorted((one, other) => one - other).slice(0, MOST_AHEAD);
  return settled({ ...series, found: { ...found, ahead } });
}

/** The series a printed number is of, and its place there; the longest prefix decides. */
export function placeOf<S extends Pick<Series, "prefix">>(
  all: readonly S[],
  number: string,
): { series: S; number: number } | undefined {
  const printed = number.trim().toUpperCase();
  const [longest] = all
    .filter(({ prefix }) => isNumberOf(prefix.toUpperCase(), printed))
    .toSorted((one, other) => other.prefix.length - one.prefix.length);
  return longest && { series: longest, number: Number(printed.slice(longest.prefix.length)) };
}

/** Nine digits are the most a counter has. */
const isNumberOf = (prefix: string, printed: string): boolean =>
  printed.startsWith(prefix) && /^(?!0+$)\d{1,9}$/.test(printed.slice(prefix.length));
