import type { Edition } from "./edition.ts";

/** Who must be identified for a category: any tax number of the seller will do, or it must be for VAT. */
export type Parties = "seller" | "seller-vat" | "seller-and-buyer" | "seller-vat-and-buyer-vat" | "nobody";

/** How a VAT category answers the questions all categories are asked. */
export interface Category {
  /** The letters in the rule ids. */
  readonly key: string;
  /** The code of UNTDID 5305. */
  readonly code: string;
  readonly parties: Parties;
  /** Sums are compared rate by rate with a tolerance; otherwise exactly, and there is no tax. */
  readonly byRate: boolean;
  readonly rate: "positive" | "not-negative" | "zero" | "none";
  readonly needsReason: boolean;
  /** How the match of use and breakdown is asked, see vat-category-use.ts. */
  readonly match: "exactly-one" | "some" | "some-vat" | "some-any-scheme";
  readonly en: string;
  readonly ro: string;
  readonly entries: string;
  readonly partiesEn: string;
  readonly partiesRo: string;
  readonly partiesHint: string;
  readonly rateEn: string;
  readonly rateRo: string;
  readonly rateHint: string;
}

const partyWords: Record<Parties, Pick<Category, "partiesEn" | "partiesRo" | "partiesHint">> = {
  seller: {
    partiesEn: "neither the seller nor a tax representative has a tax identifier",
    partiesRo: "nici vânzătorul, nici reprezentantul fiscal nu are cod fiscal",
    partiesHint:
      "Give the seller's VAT identifier or tax registration, or the tax representative's VAT identifier.",
  },
  "seller-vat": {
    partiesEn: "neither the seller nor a tax representative has a VAT identifier",
    partiesRo: "nici vânzătorul, nici reprezentantul fiscal nu are cod de TVA",
    partiesHint: "Give the VAT identifier of the seller or of the tax representative.",
  },
  "seller-and-buyer": {
    partiesEn: "a tax identifier of the seller or an identifier of the buyer is missing",
    partiesRo: "lipsește codul fiscal al vânzătorului sau un identificator al cumpărătorului",
    partiesHint: "Give the seller's tax identifier and the buyer's VAT identifier or registration number.",
  },
  "seller-vat-and-buyer-vat": {
    partiesEn: "the VAT identifier of the seller or of the buyer is missing",
    partiesRo: "lipsește codul de TVA al vânzătorului sau al cumpărătorului",
    partiesHint: "Give the VAT identifiers of both the seller and the buyer.",
  },
  nobody: {
    partiesEn: "a VAT identifier is given, which what is outside the scope of VAT excludes",
    partiesRo: "este indicat un cod de TVA, exclus pentru ce este în afara sferei TVA",
    partiesHint:
      "Remove the VAT identifiers of seller, buyer and tax representative, or choose another category.",
  },
};

const rateWords: Record<Category["rate"], Pick<Category, "rateEn" | "rateRo" | "rateHint">> = {
  positive: {
    rateEn: "be greater than zero",
    rateRo: "fie mai mare decât zero",
    rateHint: "Fill in the rate, or choose another category.",
  },
  "not-negative": {
    rateEn: "be given and not be negative",
    rateRo: "fie dată și să nu fie negativă",
    rateHint: "Fill in a rate of zero or more.",
  },
  zero: { rateEn: "be zero", rateRo: "fie zero", rateHint: "Set the rate to 0." },
  none: { rateEn: "be left out", rateRo: "lipsească", rateHint: "Remove the rate." },
};

type Answers = Omit<
  Category,
  keyof (typeof partyWords)["seller"] | keyof (typeof rateWords)["zero"] | "entries"
>;

/** Standard answers of a category without tax. */
const untaxed = { byRate: false, rate: "zero", needsReason: true, match: "exactly-one" } as const;

const answers = ({ igic, ipsi }: Edition): Answers[] => [
  {
    key: "S",
    code: "S",
    parties: "seller",
    byRate: true,
    rate: "positive",
    needsReason: false,
    match: "some-any-scheme",
    en: "standard rated (S)",
    ro: "cotă normală sau redusă (S)",
  },
  {
    key: "Z",
    code: "Z",
    parties: "seller",
    ...untaxed,
    needsReason: false,
    en: "zero rated (Z)",
    ro: "cotă zero (Z)",
  },
  { key: "E", code: "E", parties: "seller", ...untaxed, en: "exempt from VAT (E)", ro: "scutit de TVA (E)" },
  {
    key: "AE",
    code: "AE",
    parties: "seller-and-buyer",
    ...untaxed,
    en: "under reverse charge (AE)",
    ro: "taxare inversă (AE)",
  },
  {
    key: "IC",
    code: "K",
    parties: "seller-vat-and-buyer-vat",
    ...untaxed,
    en: "an intra-community supply (K)",
    ro: "livrare intracomunitară (K)",
  },
  {
    key: "G",
    code: "G",
    parties: "seller-vat",
    ...untaxed,
    en: "an export outside the EU (G)",
    ro: "export în afara UE (G)",
  },
  {
    key: "O",
    code: "O",
    parties: "nobody",
    ...untaxed,
    rate: "none",
    en: "outside the scope of VAT (O)",
    ro: "în afara sferei TVA (O)",
  },
  {
    key: igic,
    code: "L",
    parties: "seller",
    byRate: true,
    rate: "not-negative",
    needsReason: false,
    match: "some",
    en: "under IGIC of the Canary Islands (L)",
    ro: "IGIC, Insulele Canare (L)",
  },
  {
    key: ipsi,
    code: "M",
    parties: "seller",
    byRate: true,
    rate: "not-negative",
    needsReason: false,
    match: "some-vat",
    en: "under IPSI of Ceuta and Melilla (M)",
    ro: "IPSI, Ceuta și Melilla (M)",
  },
];

export const categories = (edition: Edition): Category[] =>
  answers(edition).map((answer) => ({
    ...answer,
    ...partyWords[answer.parties],
    ...rateWords[answer.rate],
    entries: answer.match === "exactly-one" ? "exactly one entry" : "an entry",
  }));
