import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Exact } from "./exact.ts";
import { engineFault } from "./fault.ts";
import {
  decimalsOf,
  isBlankText,
  isNormalizedWithin,
  lengthOf,
  normalizeSpace,
  shiftedAsDouble,
  toBoolean,
  toDateMinutes,
  toDouble,
} from "./values.ts";
import "../../../tests/same-cases.ts";

const faulty = (run: () => unknown): boolean => {
  try {
    run();
    return false;
  } catch (error) {
    return error === engineFault;
  }
};

describe("Exact", () => {
  it.each(["1", "-1.50", "+0.1", ".5", "5.", " 10 ", "\n12345678901234567890.123456789\t"])(
    "reads %j",
    (text) => {
      expect(Exact.parse(text).equals(Exact.parse(text.trim()))).toBe(true);
    },
  );

  it.each(["", " ", "abc", "1e3", "1,5", ".", "+", "--1", "1.2.3", "NaN", "INF"])(
    "%j is an engine fault",
    (text) => {
      expect(faulty(() => Exact.parse(text))).toBe(true);
    },
  );

  it.each([
    ["2.5", "3"],
    ["-2.5", "-2"],
    ["-2.51", "-3"],
    ["0.5", "1"],
    ["-0.5", "0"],
    ["2.4999", "2"],
  ])("rounds %s to %s: halves go up", (value, rounded) => {
    expect(Exact.parse(value).round(0).equals(Exact.parse(rounded))).toBe(true);
  });

  it("calculates without binary error", () => {
    expect(Exact.parse("0.1").plus(Exact.parse("0.2")).equals(Exact.parse("0.3"))).toBe(true);
    expect(Exact.parse("1.005").round(2).equals(Exact.parse("1.01"))).toBe(true);
    expect(Exact.parse("19.0").key()).toBe(Exact.parse("19").key());
  });

  it("takes a double at its exact binary value, as the official test of BR-S-08 does", () => {
    expect(shiftedAsDouble("100.10", -1).compare(Exact.parse("99.1"))).toBe(-1);
    expect(shiftedAsDouble("100.5", 1).equals(Exact.parse("101.5"))).toBe(true);
  });

  it("agrees with integers", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
        (a, b) => {
          const [left, right] = [Exact.parse(String(a)), Exact.parse(String(b))];
          expect(left.plus(right).equals(Exact.parse(String(a + b)))).toBe(true);
          expect(left.times(right).equals(Exact.parse(String(a * b)))).toBe(true);
          expect(Math.sign(left.compare(right))).toBe(a < b ? -1 : a > b ? 1 : 0);
        },
      ),
    );
  });
});

describe("texts", () => {
  it("normalizes XML blanks but keeps a non-breaking space", () => {
    expect(normalizeSpace(" a \n\t b ")).toBe("a b");
    expect(normalizeSpace("\u00a0")).toBe("\u00a0");
    expect(normalizeSpace(" ")).toBe("");
    expect(normalizeSpace("a b")).toBe("a b");
  });

  it("counts code points", () => {
    expect(lengthOf("aă😀")).toBe(3);
    expect(decimalsOf("10.50")).toBe(2);
    expect(decimalsOf("10.5 ")).toBe(2);
    expect(decimalsOf("10")).toBe(0);
  });

  it("reads doubles and booleans as XPath casts them", () => {
    expect(["1", " -1.5e3 ", "INF", "-INF", ".5"].map(toDouble)).toEqual([
      1,
      -1500,
      Infinity,
      -Infinity,
      0.5,
    ]);
    expect(toDouble("NaN")).toBeNaN();
    expect(["", "abc", "1,5", "Infinity", "0x10"].every((text) => faulty(() => toDouble(text)))).toBe(true);
    expect([" true ", "1", "false", "0"].map(toBoolean)).toEqual([true, true, false, false]);
    expect(["", "TRUE", "yes"].every((text) => faulty(() => toBoolean(text)))).toBe(true);
  });

  it("knows the calendar", () => {
    expect(
      ["2024-02-29", "2026-03-02Z", "2026-03-02+02:00"].every((text) => toDateMinutes(text) !== undefined),
    ).toBe(true);
    expect(["2026-02-29", "2026-13-01", "2026-3-1", "", "2026-03-02+15:00"].map(toDateMinutes)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(toDateMinutes("2026-03-02+02:00")! < toDateMinutes("2026-03-02")!).toBe(true);
    expect(toDateMinutes("12026-01-01")! > toDateMinutes("9999-12-31")!).toBe(true);
  });
});

describe("texts of any length", () => {
  it("are normalized, measured and found blank as XPath does it", () => {
    const piece = fc.constantFrom(" ", "\t", "\n", "\r", "a", "\u00a0", "\u{1f600}", "ă");
    fc.assert(
      fc.property(fc.array(piece), fc.nat(12), (pieces, most) => {
        const text = pieces.join("");
        const normalized = text
          .split(/[ \t\r\n]+/)
          .filter((word) => word !== "")
          .join(" ");
        expect(normalizeSpace(text)).toBe(normalized);
        expect(isBlankText(text)).toBe(normalized === "");
        expect(isNormalizedWithin(text, most)).toBe(lengthOf(normalized) <= most);
      }),
    );
  });

  it("are no numbers beyond a thousand digits", () => {
    const long = "9".repeat(1001);
    expect(faulty(() => Exact.parse(long))).toBe(true);
    expect(faulty(() => toDouble(long))).toBe(true);
  });
});
