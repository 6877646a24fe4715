import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { counted, lowestCounter, placeOf, settled, withFound } from "./series-counter.ts";
import "../../tests/same-cases.ts";

/** A series as far as its counter goes. */
const seriesAt = (currentNumber: number, highestTaken = currentNumber) =>
  ({ currentNumber, highestTaken }) as Parameters<typeof counted>[0];

const find = (from: ReturnType<typeof seriesAt>, ...numbers: number[]) => numbers.reduce(withFound, from);

describe("a series in which another program numbers too", () => {
  it("goes on after that program when it has given no number itself, however far that is", () => {
    const moved = find(seriesAt(0), 1480, 1520, 1500);
    expect(moved).toMatchObject({ currentNumber: 1520, highestTaken: 0 });
    expect(counted(moved)).toMatchObject({ currentNumber: 1521, highestTaken: 1521 });
  });

  it("goes on after the very next number once it has given one", () => {
    expect(find(seriesAt(5), 6)).toMatchObject({ currentNumber: 6, highestTaken: 5 });
  });

  it("leaves no gap of its own before a number further on, and steps over that when it gets there", () => {
    const five = find(seriesAt(5), 8);
    expect(five.currentNumber).toBe(5);
    const seven = counted(counted(five));
    expect(seven).toMatchObject({ currentNumber: 8, highestTaken: 7 });
    expect(counted(seven).currentNumber).toBe(9);
  });

  it("closes up when the numbers between are found later", () => {
    expect(find(seriesAt(5), 8, 7, 6).currentNumber).toBe(8);
  });

  it("changes nothing for a number it has passed, or knows", () => {
    const five = find(seriesAt(5), 8);
    expect(withFound(five, 8)).toBe(five);
    expect(withFound(five, 4)).toBe(five);
  });

  it("never goes back below what was found, and steps over it when the counter is set to just before", () => {
    const moved = find(seriesAt(0), 1520);
    expect(lowestCounter(moved)).toBe(1520);
    const ahead = find(seriesAt(5), 42, 43);
    expect(settled({ ...ahead, currentNumber: 41 })).toMatchObject({ currentNumber: 43 });
    expect(lowestCounter(settled({ ...ahead, currentNumber: 100 }))).toBe(43);
  });

  it("gives no number twice and leaves out none that nobody has, whatever comes in between", () => {
    const step = fc.option(fc.integer({ min: 1, max: 40 }), { nil: "give" as const, freq: 2 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let series = seriesAt(0);
        const given: number[] = [];
        const found = new Set<number>();
        const doubled: number[] = [];
        for (const what of steps) {
          if (what === "give") {
            const next = series.currentNumber + 1;
            given.push(next);
            if (found.has(next)) doubled.push(next);
            series = counted(series);
          } else if (!given.includes(what)) {
            found.add(what);
            series = withFound(series, what);
          }
        }
        const [first = 0, last = 0] = [given[0], given.at(-1)];
        const missing = Array.from({ length: last - first }, (_, at) => first + at).filter(
          (number) => !given.includes(number) && !found.has(number),
        );
        expect({ missing, doubled }).toEqual({ missing: [], doubled: [] });
        expect(new Set(given).size).toBe(given.length);
      }),
    );
  });
});

describe("whose number it is", () => {
  const all = [{ prefix: "F" }, { prefix: "FCT" }, { prefix: "FCT2026-" }];
  it.each([
    ["FCT0042", "FCT", 42],
    ["fct42", "FCT", 42],
    [" FCT2026-0007 ", "FCT2026-", 7],
    ["F20260015", "F", 20_260_015],
  ])("%j is of %s", (number, prefix, place) => {
    expect(placeOf(all, number)).toEqual({ series: { prefix }, number: place });
  });

  it.each(["FCT-42", "FCT", "FCT0000", "G1", "42", "FCT1234567890", "FCT42A"])("%j is of none", (number) => {
    expect(placeOf(all, number)).toBeUndefined();
  });
});
