import { roAddressRules } from "./cius-ro/addresses.ts";
import { roDateRules } from "./cius-ro/dates.ts";
import { roDocumentRules } from "./cius-ro/document.ts";
import { roLimitRules } from "./cius-ro/limits.ts";
import { adjustmentRules } from "./en16931/adjustments.ts";
import { codeAttributeRules, codeRules } from "./en16931/codes.ts";
import { dataTypeRules } from "./en16931/data-types.ts";
import { documentRules } from "./en16931/document.ts";
import { newer, older, type Edition } from "./en16931/edition.ts";
import { lineRules } from "./en16931/lines.ts";
import { partyRules } from "./en16931/parties.ts";
import { paymentRules } from "./en16931/payment.ts";
import { syntaxRules } from "./en16931/syntax.ts";
import { totalRules } from "./en16931/totals.ts";
import { unusedInBoth, unusedInEn16931, unusedInRoCius } from "./en16931/unused-elements.ts";
import { unusedRules } from "./en16931/unused.ts";
import { breakdownRules } from "./en16931/vat-breakdown.ts";
import { vatCategoryRules } from "./en16931/vat-categories.ts";
import type { AttributeRuleSet, RuleSet } from "./engine/rule.ts";

/** Profiles that are at hand at once, and those that are loaded when first asked for. */
export type LoadedProfile = "ro" | "en-ubl";
export type ProfileName = LoadedProfile | "xr-ubl";

export const profileNames: readonly ProfileName[] = ["ro", "en-ubl", "xr-ubl"];

/** What a document is judged by: sets of rules. Another national profile is another list. */
export interface Profile {
  readonly name: ProfileName;
  readonly title: string;
  /** Within a pattern the first matching context takes an element, so the order matters. */
  readonly sets: () => readonly RuleSet[];
  readonly attributeSets: () => readonly AttributeRuleSet[];
  /** Tables of UBL elements that may not be used, see en16931/unused-elements.ts. */
  readonly unused: readonly string[];
}

const en16931 = (edition: Edition): RuleSet[] => [
  ...documentRules(edition),
  ...partyRules(edition),
  ...totalRules(edition),
  ...adjustmentRules(),
  ...breakdownRules(),
  ...vatCategoryRules(edition),
  ...lineRules(edition),
  ...paymentRules(edition),
  ...syntaxRules(edition),
  ...dataTypeRules(),
  ...unusedRules(edition),
  ...codeRules(edition),
];

export const profiles: Readonly<Record<LoadedProfile, Profile>> = {
  ro: {
    name: "ro",
    title: "RO_CIUS 1.0.9 on UBL 2.1",
    sets: () => [
      ...en16931(older),
      ...roDateRules(),
      ...roDocumentRules(),
      ...roAddressRules(),
      ...roLimitRules(),
    ],
    attributeSets: () => codeAttributeRules(older),
    unused: [unusedInBoth, unusedInRoCius],
  },
  "en-ubl": {
    name: "en-ubl",
    title: "EN 16931 (CEN artefacts 1.3.16) on UBL 2.1",
    sets: () => en16931(newer),
    attributeSets: () => codeAttributeRules(newer),
    unused: [unusedInBoth, unusedInEn16931],
  },
};

let xRechnung: Profile | undefined;

/** A profile by name. What only other countries need is loaded here, so that nobody else waits for it. */
export async function profileNamed(name: ProfileName): Promise<Profile> {
  if (name !== "xr-ubl") return profiles[name];
  const { xRechnungRules } = await import("./xrechnung/index.ts");
  return (xRechnung ??= {
    ...profiles["en-ubl"],
    name,
    title: "XRechnung 3.0.2 on UBL 2.1",
    sets: () => [...en16931(newer), ...xRechnungRules()],
  });
}
