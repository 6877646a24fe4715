import { createHash } from "node:crypto";
import { fixtureCompanies, unknownCui } from "./fixtures.ts";
import type { Company } from "./fixtures.ts";

/** Check digit of a CUI: weights 7 5 3 2 1 7 5 3 2, sum × 10 mod 11, 10 counts as 0 (ANAF.md §15.1). */
export function isValidCui(cui: string): boolean {
  if (!/^[1-9]\d{1,9}$/.test(cui)) return false;
  const digits = cui.slice(0, -1).padStart(9, "0");
  const weights = [7, 5, 3, 2, 1, 7, 5, 3, 2];
  const sum = weights.reduce((total, weight, n) => total + weight * Number(digits[n]), 0);
  return ((sum * 10) % 11) % 10 === Number(cui.at(-1));
}

const fixtures = new Map(fixtureCompanies.map((company) => [company.cui, company]));

/** The registration of a CUI: a fixture, or one made up from the number itself and therefore always the same. */
export function findCompany(cui: string): Company | undefined {
  const fixture = fixtures.get(cui);
  if (fixture) return fixture;
  return isValidCui(cui) && cui !== unknownCui ? madeUp(cui) : undefined;
}

/** Counties with their seats as the register writes them, cedillas included; Bucharest is left out on purpose. */
const seats = [
  ["AB", "Mun. Alba Iulia", "510001"],
  ["AR", "Mun. Arad", "310001"],
  ["BC", "Mun. Bacău", "600001"],
  ["BH", "Mun. Oradea", "410001"],
  ["BV", "Mun. Braşov", "500001"],
  ["CJ", "Mun. Cluj-Napoca", "400001"],
  ["CT", "Mun. Constanţa", "900001"],
  ["DJ", "Mun. Craiova", "200001"],
  ["GL", "Mun. Galaţi", "800001"],
  ["IS", "Mun. Iaşi", "700001"],
  ["MS", "Mun. Târgu Mureş", "540001"],
  ["PH", "Mun. Ploieşti", "100001"],
  ["SB", "Mun. Sibiu", "550001"],
  ["SV", "Mun. Suceava", "720001"],
  ["TM", "Mun. Timişoara", "300001"],
] as const;
const firstWords = ["ALFA", "BRAD", "CARPAT", "DELTA", "ECOU", "FAGUR", "GRANIT", "HORA", "IZVOR", "JILŢ"];
const secondWords = [
  "CONSTRUCT",
  "TRANS",
  "SOFT",
  "AGRO",
  "COMERŢ",
  "LOGISTIC",
  "CONSULT",
  "MOBILĂ",
  "TEXTIL",
];
const streets = [
  "Str. Ştefan cel Mare",
  "Str. Mihai Viteazul",
  "Bd. Unirii",
  "Str. Florilor",
  "Calea Victoriei",
];

function madeUp(cui: string): Company {
  const digest = createHash("sha256").update(`company ${cui}`).digest();
  const pick = <Item>(items: readonly [Item, ...Item[]] | readonly Item[], n: number): Item =>
    items[(digest[n] ?? 0) % items.length] as Item;
  const [county, city, postalCode] = pick(seats, 0);
  const year = 1995 + ((digest[1] ?? 0) % 28);
  return {
    cui,
    name: `${pick(firstWords, 2)} ${pick(secondWords, 3)} ${cui.slice(-4)} SRL`,
    county,
    city,
    postalCode,
    street: pick(streets, 4),
    streetNumber: String(1 + ((digest[5] ?? 0) % 120)),
    vatPayer: true,
    vatOnCash: false,
    splitVat: false,
    inactive: false,
    deregistered: false,
    publicBody: false,
    enforcementBody: false,
    registeredOn: `${year}-05-${String(1 + ((digest[6] ?? 0) % 28)).padStart(2, "0")}`,
    activityCode: pick(["4120", "4690", "6201", "7022", "4941"], 7),
    tradeRegister: `J${year}${String(digest.readUInt32BE(8) % 1_000_000).padStart(6, "0")}001`,
  };
}
