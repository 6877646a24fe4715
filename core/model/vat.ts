import type { Day } from "#core/lib/dates.ts";
import { Decimal, ZERO, decimalTextOf } from "#core/lib/decimal.ts";
import type { DecimalText } from "#core/lib/decimal.ts";
import { EU_COUNTRIES } from "./places.ts";
import type { VatCategory } from "./words.ts";

/** A VAT treatment: category and rate in percent. */
export interface Vat {
  category: VatCategory;
  rate: DecimalText;
}

const vat = (category: VatCategory, rate: number): Vat => ({ category, rate: decimalTextOf(rate) });

/** Romanian rates by the day of the taxable event, newest first (Legea 141/2025 from August 2025). */
const ROMANIAN_RATES: readonly { from: Day; rates: readonly number[] }[] = [
  { from: "2025-08-01", rates: [21, 11] },
  { from: "2017-01-01", rates: [19, 9, 5] },
];

/**
 * The standard and reduced rates in force on a day, the standard one first. The 9 % that some housing contracts keep
 * until 2026-07-31 is a transition for those contracts and not listed.
 */
export const romanianRates = (day: Day): readonly number[] =>
  ROMANIAN_RATES.find((period) => day >= period.from)?.rates ?? [19, 9, 5];

/** VAT rates a new company starts with (DECISIONS 25); the first is the default. */
export function defaultVatRates(isVatPayer: boolean, day: Day): readonly Vat[] {
  if (!isVatPayer) return [vat("O", 0)];
  return [...romanianRates(day).map((rate) => vat("S", rate)), vat("Z", 0)];
}

/**
 * Makes category and rate agree, taking what is missing from `otherwise`: a zero category without a rate is 0 %, S at
 * 0 % is Z, and a zero category with a rate is S.
 */
export function repairVat(
  category: VatCategory | null | undefined,
  rate: DecimalText | null | undefined,
  otherwise: Vat,
): Vat {
  if (category == null && rate == null) return otherwise;
  if (category == null) {
    if (Decimal.from(rate!).equals(otherwise.rate)) return otherwise;
    return repairVat("S", rate, otherwise);
  }
  if (category === "S") {
    const standard = rate ?? (otherwise.category === "S" ? otherwise.rate : decimalTextOf(21));
    return Decimal.from(standard).isZero ? { category: "Z", rate: ZERO } : { category, rate: standard };
  }
  return rate == null || Decimal.from(rate).isZero ? { category, rate: ZERO } : { category: "S", rate };
}

/** Rates of the other member states, the standard one first; as in force in 2026 (European Commission, TEDB). */
const EU_RATES: Readonly<Record<string, readonly number[]>> = {
  AT: [20, 13, 10],
  BE: [21, 12, 6],
  BG: [20, 9],
  CY: [19, 9, 5, 3],
  CZ: [21, 12],
  DE: [19, 7],
  DK: [25],
  EE: [24, 13, 9],
  ES: [21, 10, 4],
  FI: [25.5, 13.5, 10],
  FR: [20, 10, 5.5, 2.1],
  GR: [24, 13, 6],
  HR: [25, 13, 5],
  HU: [27, 18, 5],
  IE: [23, 13.5, 9, 4.8],
  IT: [22, 10, 5, 4],
  LT: [21, 12, 5],
  LU: [17, 14, 8, 3],
  LV: [21, 12, 5],
  MT: [18, 12, 7, 5],
  NL: [21, 9],
  PL: [23, 8, 5],
  PT: [23, 13, 6],
  SE: [25, 12, 6],
  SI: [22, 9.5, 5],
  SK: [23, 19, 5],
};

/** Rates a sale under the one-stop shop may carry in a member state, the standard one first; empty elsewhere. */
export const destinationRates = (country: string): readonly number[] => EU_RATES[country] ?? [];

export interface VatParties {
  buyer: { country: string; isVatPayer: boolean; viesValid: boolean | null };
  /** The company's number for intra-community trade and whether it uses the one-stop shop. */
  seller: { euVatNumber: string | null; oss: boolean };
}

/** Which of the automatic rules applies to a sale, if any; a Romanian buyer changes nothing. */
function ruleFor({ buyer, seller }: VatParties): "reverse_charge" | "oss" | "export" | undefined {
  if (buyer.country === "RO") return undefined;
  if ((buyer.viesValid === true || buyer.isVatPayer) && seller.euVatNumber) return "reverse_charge";
  if (!EU_COUNTRIES.has(buyer.country)) return "export";
  return seller.oss && buyer.viesValid !== true ? "oss" : undefined;
}

/**
 * The VAT of a line under `autoApplyVatRules`: reverse charge for businesses abroad, the destination's standard rate
 * under the one-stop shop, zero outside the Union. Only S lines change, except outside the Union where all do.
 */
export function applyVatRules(line: Vat, parties: VatParties): Vat {
  const rule = ruleFor(parties);
  if (rule === "export") return vat("Z", 0);
  if (line.category !== "S" || rule === undefined) return line;
  if (rule === "reverse_charge") return vat("AE", 0);
  const rates = destinationRates(parties.buyer.country);
  const isAllowed = rates.some((rate) => Decimal.from(line.rate).equals(rate));
  return isAllowed || rates[0] === undefined ? line : vat("S", rates[0]);
}
