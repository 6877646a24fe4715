import { fold } from "./fold.ts";
import { isUnitCode } from "./unit-codes.ts";
import type { VatCategory } from "./words.ts";

/** UN/ECE code of each unit as people write it in Romania or in English; words are folded. */
const UNITS: Readonly<Record<string, string>> = {
  ...Object.fromEntries("buc bucata bucati piece pieces pcs pc".split(" ").map((word) => [word, "H87"])),
  ...Object.fromEntries("ora ore h hour hours".split(" ").map((word) => [word, "HUR"])),
  ...Object.fromEntries("zi zile day days".split(" ").map((word) => [word, "DAY"])),
  ...Object.fromEntries("luna luni month months".split(" ").map((word) => [word, "MON"])),
  ...Object.fromEntries("an ani year years".split(" ").map((word) => [word, "ANN"])),
  ...Object.fromEntries("minut minute min minutes".split(" ").map((word) => [word, "MIN"])),
  ...Object.fromEntries("saptamana saptamani week weeks".split(" ").map((word) => [word, "WEE"])),
  ...Object.fromEntries("pachet pachete pack pk".split(" ").map((word) => [word, "XPK"])),
  ...Object.fromEntries("cutie cutii box".split(" ").map((word) => [word, "XBX"])),
  ...Object.fromEntries("serviciu servicii serv service".split(" ").map((word) => [word, "E48"])),
  ...Object.fromEntries("pereche perechi pair".split(" ").map((word) => [word, "PR"])),
  ...Object.fromEntries("t tona tone".split(" ").map((word) => [word, "TNE"])),
  ...Object.fromEntries("l litru litri litre liter".split(" ").map((word) => [word, "LTR"])),
  ...Object.fromEntries("m metru metri ml".split(" ").map((word) => [word, "MTR"])),
  ...Object.fromEntries("set seturi".split(" ").map((word) => [word, "SET"])),
  ...Object.fromEntries("mp m2 m²".split(" ").map((word) => [word, "MTK"])),
  ...Object.fromEntries("mc m3 m³".split(" ").map((word) => [word, "MTQ"])),
  kg: "KGM",
  kilogram: "KGM",
  kilograme: "KGM",
  g: "GRM",
  gram: "GRM",
  grame: "GRM",
  km: "KMT",
  kwh: "KWH",
  mwh: "MWH",
  cm: "CMT",
  mm: "MMT",
  palet: "XPX",
  sac: "XSA",
  bax: "XCT",
  rola: "XRO",
  "suma globala": "LS",
  global: "LS",
  forfetar: "LS",
};

/** The UN/ECE unit code (BT-130) of a unit as written; a code is taken as it is, an unknown word is a piece (H87). */
export function unitCode(written: string): string {
  const word = UNITS[written] ?? UNITS[fold(written)];
  if (word) return word;
  const code = written.trim().toUpperCase();
  return isUnitCode(code) ? code : "H87";
}

const unitNames = new Map<string, string>();
for (const [word, code] of Object.entries(UNITS)) if (!unitNames.has(code)) unitNames.set(code, word);

/** How people write a unit that a document gives by its code (`H87` → `buc`); a code without a word stays a code. */
export const unitName = (code: string): string => unitNames.get(code) ?? code;

const PAYMENT_MEANS: Readonly<Record<string, string>> = {
  cash: "10",
  cheque: "20",
  check: "20",
  bank_transfer: "30",
  card: "48",
  stripe: "48",
  paypal: "68",
  mobilpay: "68",
  netopia: "68",
};

/** UNTDID 4461 code (BT-81) of a payment method. A transfer must name the account it goes to (BR-61), else it is ZZZ. */
export function paymentMeansCode(method: string | null, hasAccount: boolean): string {
  const code = PAYMENT_MEANS[method ?? "bank_transfer"] ?? "ZZZ";
  return code === "30" && !hasAccount ? "ZZZ" : code;
}

/** VATEX codes the Romanian validator accepts (BR-CL-22). */
const VATEX_CODES: ReadonlySet<string> = new Set(
  (
    "79-C 132 132-1A 132-1B 132-1C 132-1D 132-1E 132-1F 132-1G 132-1H 132-1I 132-1J 132-1K 132-1L 132-1M 132-1N 132-1O " +
    "132-1P 132-1Q 143 143-1A 143-1B 143-1C 143-1D 143-1E 143-1F 143-1FA 143-1G 143-1H 143-1I 143-1J 143-1K 143-1L 148 " +
    "148-A 148-B 148-C 148-D 148-E 148-F 148-G 151 151-1A 151-1AA 151-1B 151-1C 151-1D 151-1E 309 AE D F G I IC J O"
  )
    .split(" ")
    .map((code) => `VATEX-EU-${code}`),
);

export const isVatexCode = (code: string): boolean => VATEX_CODES.has(code);

export interface Exemption {
  code: string | null; // BT-121
  reason: string | null; // BT-120
}

/**
 * Why a category carries no VAT, when the line does not say it itself. E has a text only: which article exempts is
 * something only the seller knows (DECISIONS 25). S and Z have no reason at all.
 */
export const EXEMPTIONS: Readonly<Record<VatCategory, Exemption>> = {
  S: { code: null, reason: null },
  Z: { code: null, reason: null },
  E: { code: null, reason: "Scutit de TVA" },
  AE: { code: "VATEX-EU-AE", reason: "Taxare inversă" },
  K: { code: "VATEX-EU-IC", reason: "Livrare intracomunitară" },
  G: { code: "VATEX-EU-G", reason: "Export în afara Uniunii Europene" },
  O: { code: "VATEX-EU-O", reason: "Nu intră sub incidența TVA" },
};
