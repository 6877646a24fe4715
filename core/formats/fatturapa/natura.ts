import type { VatCategory } from "#core/model/words.ts";

/** What the Natura of an operation depends on beside its VAT category. */
export interface Trade {
  readonly isSellerItalian: boolean;
  readonly isBuyerItalian: boolean;
}

/** The codes in force since 2021 (error 00445 refuses the bare N2, N3 and N6) and the article most of them rest on. */
const ARTICLES: Readonly<Record<string, string>> = {
  N1: "Art. 15 D.P.R. 633/1972",
  "N2.1": "Artt. 7-7-septies D.P.R. 633/1972",
  "N2.2": "Operazione non soggetta a IVA",
  "N3.1": "Art. 8 D.P.R. 633/1972",
  "N3.2": "Art. 41 D.L. 331/1993",
  "N3.3": "Art. 71 D.P.R. 633/1972",
  "N3.4": "Art. 8-bis D.P.R. 633/1972",
  "N3.5": "Art. 8, c. 1, lett. c D.P.R. 633/1972",
  "N3.6": "Operazione non imponibile",
  N4: "Art. 10 D.P.R. 633/1972",
  N5: "Art. 36 D.L. 41/1995",
  "N6.1": "Art. 74, c. 7-8 D.P.R. 633/1972",
  "N6.2": "Art. 17, c. 5 D.P.R. 633/1972",
  "N6.3": "Art. 17, c. 6, lett. a D.P.R. 633/1972",
  "N6.4": "Art. 17, c. 6, lett. a-bis D.P.R. 633/1972",
  "N6.5": "Art. 17, c. 6, lett. b D.P.R. 633/1972",
  "N6.6": "Art. 17, c. 6, lett. c D.P.R. 633/1972",
  "N6.7": "Art. 17, c. 6, lett. a-ter D.P.R. 633/1972",
  "N6.8": "Art. 17, c. 6, lett. d-bis D.P.R. 633/1972",
  "N6.9": "Inversione contabile",
  N7: "Art. 7-octies D.P.R. 633/1972",
};

const NAMED = /^\s*(N\d(?:\.\d)?)\b[\s:,–-]*(.*)$/su;

/** Natura of an untaxed operation and the law it rests on, in the words of the document when it has any. */
export interface Untaxed {
  readonly natura: string;
  readonly law: string;
}

/**
 * Why an operation carries no Italian VAT. A reason that begins with a code (`N3.5 dichiarazione d'intento 12/2026`)
 * decides; else the category does. Undefined for category Z without such a reason: Italy has no rate of zero.
 */
export function untaxed(category: VatCategory, reason: string | null, trade: Trade): Untaxed | undefined {
  const [, code = "", rest = ""] = NAMED.exec(reason ?? "") ?? [];
  const isNamed = Object.hasOwn(ARTICLES, code);
  const natura = isNamed ? code : implied(category, trade);
  if (natura === undefined) return undefined;
  const words = isNamed ? rest.trim() : (reason ?? "").trim();
  return { natura, law: words || ARTICLES[natura]! };
}

/** The code most operations of a category have. */
const IMPLIED: Readonly<Partial<Record<VatCategory, string>>> = {
  E: "N4",
  K: "N3.2",
  G: "N3.1",
  O: "N2.2",
  AE: "N6.9",
};

/** Services to a business in another member state (AE) are outside Italian VAT by art. 7-ter: N2.1, not N6. */
const implied = (category: VatCategory, trade: Trade): string | undefined =>
  category === "AE" && trade.isSellerItalian && !trade.isBuyerItalian ? "N2.1" : IMPLIED[category];

/** What counts towards stamp duty (D.P.R. 642/1972, tariff art. 13; the list the revenue agency works with). */
export const STAMPED: ReadonlySet<string> = new Set(["N2.1", "N2.2", "N3.5", "N3.6", "N4"]);
