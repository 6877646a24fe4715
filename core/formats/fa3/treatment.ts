import { Decimal } from "#core/lib/decimal.ts";
import { EU_COUNTRIES } from "#core/model/places.ts";
import type { VatCategory } from "#core/model/words.ts";

/** How FA(3) shows one VAT treatment: the suffix of its sum (`P_13_1`) and the word on its lines (`P_12`). */
export interface Treatment {
  readonly sum: (typeof SUMS)[number];
  readonly rate: string;
}

/** The sums of the net amounts in the order of the schema. Up to 4 they are followed by one of the tax (`P_14_…`). */
export const SUMS = ["1", "2", "3", "4", "6_1", "6_2", "6_3", "7", "8", "9", "10"] as const;
export const TAXED_SUMS: ReadonlySet<string> = new Set(["1", "2", "3", "4"]);

/** Polish rates: the standard one, the reduced ones, and the flat rate of taxis; each with what it was before. */
const RATES: readonly { sum: Treatment["sum"]; rates: readonly string[] }[] = [
  { sum: "1", rates: ["23", "22"] },
  { sum: "2", rates: ["8", "7"] },
  { sum: "3", rates: ["5"] },
  { sum: "4", rates: ["4", "3"] },
];

const UNTAXED: Readonly<Record<Exclude<VatCategory, "S" | "AE">, Treatment>> = {
  Z: { sum: "6_1", rate: "0 KR" },
  K: { sum: "6_2", rate: "0 WDT" },
  G: { sum: "6_3", rate: "0 EX" },
  E: { sum: "7", rate: "zw" },
  O: { sum: "8", rate: "np I" },
};

/**
 * The treatment of a VAT category and rate; undefined for a rate that Poland does not have. A reverse charge is a
 * domestic one towards Poland, a service of art. 100 ust. 1 pkt 4 ustawy o VAT towards the Union, and outside its scope
 * beyond.
 */
export function treatmentOf(
  category: VatCategory,
  rate: Decimal | string,
  buyerCountry: string,
): Treatment | undefined {
  if (category === "S") return taxed(Decimal.from(rate));
  if (category !== "AE") return UNTAXED[category];
  if (buyerCountry === "PL") return { sum: "10", rate: "oo" };
  return EU_COUNTRIES.has(buyerCountry) ? { sum: "9", rate: "np II" } : UNTAXED.O;
}

function taxed(rate: Decimal): Treatment | undefined {
  for (const { sum, rates } of RATES)
    for (const known of rates) if (rate.equals(known)) return { sum, rate: known };
  return undefined;
}
