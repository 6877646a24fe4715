import { describe, expect, it } from "vitest";
import { decimalTextOf } from "#core/lib/decimal.ts";
import {
  applyVatRules,
  defaultVatRates,
  destinationRates,
  repairVat,
  romanianRates,
  type VatParties,
} from "./vat.ts";
import { EU_COUNTRIES } from "./places.ts";

const vat = (category: "S" | "Z" | "AE" | "E" | "O", rate: number) => ({
  category,
  rate: decimalTextOf(rate),
});

describe("VAT of a line as written", () => {
  it.each([
    [undefined, undefined, vat("S", 21)],
    [undefined, 11, vat("S", 11)],
    [undefined, 0, vat("Z", 0)],
    ["S", undefined, vat("S", 21)],
    ["S", 0, vat("Z", 0)],
    ["AE", undefined, vat("AE", 0)],
    ["E", 0, vat("E", 0)],
    ["E", 19, vat("S", 19)],
  ] as const)("category %s with rate %s becomes %j", (category, rate, expected) =>
    expect(repairVat(category, rate === undefined ? undefined : decimalTextOf(rate), vat("S", 21))).toEqual(
      expected,
    ),
  );

  it("of a non-payer is out of scope unless it says otherwise", () => {
    expect(repairVat(undefined, undefined, vat("O", 0))).toEqual(vat("O", 0));
    expect(repairVat(undefined, decimalTextOf(0), vat("O", 0))).toEqual(vat("O", 0));
  });
});

describe("VAT rates", () => {
  it("changed on 1 August 2025", () => {
    expect(romanianRates("2025-07-31")).toEqual([19, 9, 5]);
    expect(romanianRates("2025-08-01")).toEqual([21, 11]);
  });

  it("of a new company are 21, 11 and 0, and only out of scope for a non-payer", () => {
    expect(defaultVatRates(true, "2026-01-01")).toEqual([vat("S", 21), vat("S", 11), vat("Z", 0)]);
    expect(defaultVatRates(false, "2026-01-01")).toEqual([vat("O", 0)]);
  });

  it("are known for every other member state, the standard one first", () => {
    for (const country of [...EU_COUNTRIES].filter((one) => one !== "RO"))
      expect(destinationRates(country)[0], country).toBe(Math.max(...destinationRates(country)));
    expect(destinationRates("US")).toEqual([]);
  });
});

describe("automatic VAT rules", () => {
  const parties = (country: string, buyer: Partial<VatParties["buyer"]> = {}, oss = true): VatParties => ({
    buyer: { country, isVatPayer: false, viesValid: null, ...buyer },
    seller: { euVatNumber: "RO9000000011", oss },
  });

  it.each([
    ["a Romanian client changes nothing", parties("RO", { isVatPayer: true }), vat("S", 21), vat("S", 21)],
    ["a business abroad is reverse charged", parties("DE", { viesValid: true }), vat("S", 21), vat("AE", 0)],
    ["untaxed lines stay as they are", parties("DE", { viesValid: true }), vat("E", 0), vat("E", 0)],
    ["a consumer in the Union pays the rate of the destination", parties("HU"), vat("S", 21), vat("S", 27)],
    ["a rate of the destination is kept", parties("FR"), vat("S", 10), vat("S", 10)],
    ["without the one-stop shop nothing changes", parties("HU", {}, false), vat("S", 21), vat("S", 21)],
    ["outside the Union every line is at zero", parties("US"), vat("S", 21), vat("Z", 0)],
  ])("%s", (_name, given, line, expected) => expect(applyVatRules(line, given)).toEqual(expected));

  it("no reverse charge for a company without an EU VAT number", () => {
    const given = parties("DE", { isVatPayer: true }, false);
    expect(applyVatRules(vat("S", 21), { ...given, seller: { euVatNumber: null, oss: false } })).toEqual(
      vat("S", 21),
    );
  });
});
