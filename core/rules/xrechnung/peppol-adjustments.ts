import { nameNumber } from "../names.ts";
import { where } from "../contexts.ts";
import { Exact } from "../engine/exact.ts";
import { first, only, path } from "../engine/path.ts";
import { fatal, type Context, type Rule, type RuleSet } from "../engine/rule.ts";
import { custom } from "../engine/tests.ts";
import { normalizeSpace } from "../engine/values.ts";
import { onlyDecimal } from "../engine/vat-sums.ts";
import type { View } from "../engine/view.ts";
import { creditNoteRoot, invoiceRoot } from "../structure/models.ts";
import { oneText, slackOf } from "./values.ts";

const multiplier = path("cbc:MultiplierFactorNumeric");
const baseAmount = path("cbc:BaseAmount");
const amount = path("cbc:Amount");
const indicator = path("cbc:ChargeIndicator");

const places = [
  [invoiceRoot],
  [nameNumber("cac:InvoiceLine"), invoiceRoot],
  [creditNoteRoot],
  [nameNumber("cac:CreditNoteLine"), creditNoteRoot],
];

/** Allowances and charges of documents and lines, those of prices left out. */
const adjustments: Context = {
  title: "allowances and charges of document and lines",
  names: [nameNumber("cac:AllowanceCharge")],
  matches: (view, node) => places.some((around) => view.isInside(node, around)),
};

const set = (context: Context, ...rules: Rule[]): RuleSet => ({ pattern: "Peppol", context, rules });
const has = (view: View, node: number, what: readonly number[]): boolean => first(view, node, what) >= 0;

/** Allowances and charges are a percentage of a base, or neither is given. */
export function peppolAdjustmentRules(): RuleSet[] {
  const baseless = where(
    adjustments,
    (view, node) => has(view, node, multiplier) && !has(view, node, baseAmount),
    " [percentage without base]",
  );
  const percentless = where(
    adjustments,
    (view, node) => !has(view, node, multiplier) && has(view, node, baseAmount),
    " [base without percentage]",
  );
  return [set(baseless, noBase), set(percentless, noPercentage), set(adjustments, fits, hasKind)];
}

const never = custom(() => false);

const noBase = fatal("PEPPOL-EN16931-R041", "BT-93 BT-94 BT-137 BT-138", never, {
  en: "An allowance or charge has a percentage but no base amount.",
  ro: "O reducere sau taxă are procent, dar nu are valoare de bază.",
  hint: "Give the amount that the percentage is taken of.",
});

const noPercentage = fatal("PEPPOL-EN16931-R042", "BT-93 BT-94 BT-137 BT-138", never, {
  en: "An allowance or charge has a base amount but no percentage.",
  ro: "O reducere sau taxă are valoare de bază, dar nu are procent.",
  hint: "Give the percentage or leave the base amount out.",
});

const fits = fatal("PEPPOL-EN16931-R040", "BT-92 BT-99 BT-136 BT-141", custom(isPercentage, "cbc:Amount"), {
  en: "An allowance or charge is not its percentage of the base amount.",
  ro: "O reducere sau taxă nu este procentul ei din valoarea de bază.",
  hint: "Compute it as base amount × percentage / 100.",
});

const hundred = new Exact(100n, 0);

function isPercentage(view: View, node: number): boolean {
  if (!has(view, node, multiplier) || !has(view, node, baseAmount)) return true;
  const given = onlyDecimal(view, node, amount) ?? Exact.zero;
  const base = onlyDecimal(view, node, baseAmount)!;
  const percent = onlyDecimal(view, node, multiplier)!;
  const off = given.times(hundred).minus(base.times(percent)).abs();
  return off.compare(slackOf(view).times(hundred)) <= 0;
}

const hasKind = fatal(
  "PEPPOL-EN16931-R043",
  "BG-20 BG-21 BG-27 BG-28",
  custom(isKind, "cbc:ChargeIndicator"),
  {
    en: "It is not said whether something is an allowance or a charge.",
    ro: "Nu se spune dacă este o reducere sau o taxă.",
    hint: "Write true for a charge and false for an allowance.",
  },
);

function isKind(view: View, node: number): boolean {
  const word = normalizeSpace(oneText(view, only(view, node, indicator)));
  return word === "true" || word === "false";
}
