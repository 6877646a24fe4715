import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amount, Decimal, sum } from "./decimal.ts";
import "../../tests/same-cases.ts";

const text = (value: string | number) => Decimal.from(value).text();

describe("Decimal", () => {
  it("reads numbers by their shortest text, so a tenth is a tenth", () => {
    expect(Decimal.from(0.1).plus(0.2).text()).toBe("0.3");
    expect(text(1e-7)).toBe("0.0000001");
    expect(text(1e21)).toBe("1000000000000000000000");
    expect(text(-0)).toBe("0");
  });

  it.each([
    ["+1.500", "1.5"],
    ["-.5", "-0.5"],
    ["7.", "7"],
    [" 12e-3 ", "0.012"],
    ["1.25E2", "125"],
    ["-0.00", "0"],
  ])("writes %s canonically as %s", (given, expected) => expect(text(given)).toBe(expected));

  it.each(["", ".", "1,5", "1.2.3", "0x10", "Infinity", "NaN", "e5", "1e99999", "9".repeat(101)])(
    "refuses %j as a number",
    (given) => expect(() => Decimal.from(given)).toThrow(RangeError),
  );

  it("refuses NaN and infinities given as numbers", () => {
    for (const value of [Number.NaN, Infinity, -Infinity])
      expect(() => Decimal.from(value)).toThrow(RangeError);
  });

  it.each([
    ["2.345", 2, "2.35"],
    ["-2.345", 2, "-2.35"],
    ["2.344999", 2, "2.34"],
    ["0.5", 0, "1"],
    ["-0.5", 0, "-1"],
    ["1.005", 2, "1.01"],
  ])("rounds %s to %i decimals half away from zero: %s", (given, scale, expected) =>
    expect(Decimal.from(given).round(scale).text()).toBe(expected),
  );

  it("divides to a given number of decimals, whatever the signs", () => {
    expect(Decimal.from(10).dividedBy(3, 4).text()).toBe("3.3333");
    expect(Decimal.from(-1).dividedBy(8, 2).text()).toBe("-0.13");
    expect(Decimal.from("0.01").dividedBy("-0.003", 0).text()).toBe("-3");
    expect(() => Decimal.from(1).dividedBy(0, 2)).toThrow(RangeError);
  });

  it("pads to a minimum of decimals without cutting any", () => {
    expect(Decimal.from("1.5").text(2)).toBe("1.50");
    expect(Decimal.from("3").text(2)).toBe("3.00");
    expect(Decimal.from("0.123456").text(2)).toBe("0.123456");
  });

  it("adds and multiplies like integers of a smaller unit", () => {
    const cents = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    const asDecimal = (units: bigint) => Decimal.from(`${units}e-2`);
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        expect(asDecimal(a).plus(asDecimal(b)).text()).toBe(asDecimal(a + b).text());
        expect(asDecimal(a).times(asDecimal(b)).text()).toBe(Decimal.from(`${a * b}e-4`).text());
        expect(asDecimal(a).compare(asDecimal(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it("sums nothing to zero", () => {
    expect(sum([]).text()).toBe("0");
    expect(sum(["0.1", "0.2", "-0.3"]).isZero).toBe(true);
  });
});

describe("amount", () => {
  const complaint = (rules: Parameters<typeof amount>[0], value: unknown) =>
    amount(rules).safeParse(value).error?.issues[0]?.message;

  it("takes numbers and numeric text alike and gives canonical text", () => {
    expect(amount({ maxDecimals: 2 }).parse(10.5)).toBe("10.5");
    expect(amount({ maxDecimals: 2 }).parse("10.50")).toBe("10.5");
  });

  it("refuses more decimals than allowed instead of rounding", () => {
    expect(complaint({ maxDecimals: 2 }, "1.001")).toBe("must have at most 2 decimals");
    expect(complaint({ maxDecimals: 2 }, 0.1 + 0.2)).toBe("must have at most 2 decimals");
    expect(complaint({ maxDecimals: 2 }, "1.0010000")).toBe("must have at most 2 decimals");
    expect(complaint({ maxDecimals: 2 }, "1.500000")).toBeUndefined();
  });

  it("refuses what is not a number, too long, or outside its bounds", () => {
    expect(complaint({ maxDecimals: 2 }, "ten")).toBe("must be a number");
    expect(complaint({ maxDecimals: 2 }, true)).toBe("must be a number");
    expect(complaint({ maxDecimals: 2 }, null)).toBe("must be a number");
    expect(complaint({ maxDecimals: 2 }, "1000000000000")).toContain("12 digits");
    expect(complaint({ maxDecimals: 6, min: 0 }, -1)).toBe("must be at least 0");
    expect(complaint({ maxDecimals: 2, max: 100 }, 100.01)).toBe("must be at most 100");
    expect(complaint({ maxDecimals: 6, nonZero: true }, "0.000")).toBe("must not be zero");
  });
});
