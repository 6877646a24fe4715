import type { RuleSet } from "../engine/rule.ts";
import { extensionRules } from "./extension.ts";
import { germanRules } from "./german.ts";
import { peppolRules } from "./peppol.ts";
import { vehicleRules } from "./vehicles.ts";

/** What XRechnung 3.0 asks beyond EN 16931. */
export const xRechnungRules = (): RuleSet[] => [
  ...peppolRules(),
  ...germanRules(),
  ...extensionRules(),
  ...vehicleRules(),
];
