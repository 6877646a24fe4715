import { fold } from "./fold.ts";

/** Romanian counties: car plate code, which is also the ISO 3166-2 suffix, and name. */
const COUNTIES =
  "AB Alba|AG Argeș|AR Arad|B București|BC Bacău|BH Bihor|BN Bistrița-Năsăud|BR Brăila|BT Botoșani|BV Brașov|BZ Buzău|" +
  "CJ Cluj|CL Călărași|CS Caraș-Severin|CT Constanța|CV Covasna|DB Dâmbovița|DJ Dolj|GJ Gorj|GL Galați|GR Giurgiu|" +
  "HD Hunedoara|HR Harghita|IF Ilfov|IL Ialomița|IS Iași|MH Mehedinți|MM Maramureș|MS Mureș|NT Neamț|OT Olt|PH Prahova|" +
  "SB Sibiu|SJ Sălaj|SM Satu Mare|SV Suceava|TL Tulcea|TM Timiș|TR Teleorman|VL Vâlcea|VN Vrancea|VS Vaslui";

/** County code → name with its diacritics. */
export const COUNTY_NAMES: ReadonlyMap<string, string> = new Map(
  COUNTIES.split("|").map((entry): [string, string] => {
    const blank = entry.indexOf(" ");
    return [entry.slice(0, blank), entry.slice(blank + 1)];
  }),
);

const codeByFoldedName = new Map([...COUNTY_NAMES].map(([code, name]) => [fold(name), code]));

const NOISE = /\b(judetul|jud|municipiul|mun|orasul|oras|county|of)\b/g;
const SECTOR = /\b(?:sectorul|sector|sect|s)\s*([1-6])\b/;

/**
 * The county code (`CJ`, `B`) behind what people write: `RO-CJ`, `cj`, `Cluj`, `jud. Cluj`, `Municipiul Bucureşti`,
 * `Sector 3`. Undefined when it names no Romanian county.
 */
export function countyCode(written: string | null | undefined): string | undefined {
  if (!written) return undefined;
  const folded = fold(written).replace(NOISE, " ").replace(/\s+/g, " ").trim();
  const code = folded.toUpperCase().replace(/^RO /, "");
  if (COUNTY_NAMES.has(code)) return code;
  const known = codeByFoldedName.get(folded);
  if (known) return known;
  return /\bbucuresti\b|\bbucharest\b/.test(folded) || sectorOf(written) ? "B" : undefined;
}

/** The Bucharest sector (1–6) a text names: `Sectorul 3`, `sect.3`, `SECTOR3`, `București Sector 3`. */
export function sectorOf(...written: readonly (string | null | undefined)[]): number | undefined {
  for (const text of written) {
    const found = text ? SECTOR.exec(fold(text)) : null;
    if (found) return Number(found[1]);
  }
  return undefined;
}

/** The members of the European Union, by ISO 3166 code. */
export const EU_COUNTRIES: ReadonlySet<string> = new Set(
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" "),
);

/** The prefix of a country's VAT ids: its ISO code, but `EL` for Greece. */
export const vatPrefix = (country: string): string => (country === "GR" ? "EL" : country);
