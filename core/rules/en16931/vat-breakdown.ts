import { document, under, underRoot } from "../contexts.ts";
import { Exact } from "../engine/exact.ts";
import { engineFault } from "../engine/fault.ts";
import { all, count, path } from "../engine/path.ts";
import { fatal, type Rule, type RuleSet } from "../engine/rule.ts";
import { custom, exists, twoDecimals } from "../engine/tests.ts";
import { onlyDecimal } from "../engine/vat-sums.ts";
import { codeOf, isVat } from "../engine/vat.ts";
import type { View } from "../engine/view.ts";
import { cents } from "./totals.ts";

const taxCategory = path("cac:TaxCategory");
const subtotals = path("cac:TaxSubtotal");
const taxAmount = path("cbc:TaxAmount");
const taxableAmount = path("cbc:TaxableAmount");
const percent = path("cbc:Percent");
const categoryId = path("cbc:ID");
const hundredth = Exact.parse("0.01");

/** The VAT breakdown, whatever the categories. */
export function breakdownRules(): RuleSet[] {
  return [
    { pattern: "model", context: document, rules: [hasBreakdown] },
    { pattern: "model", context: underRoot("cac:TaxTotal"), rules: [addsUp] },
    {
      pattern: "model",
      context: under("cac:TaxTotal/cac:TaxSubtotal"),
      rules: [...subtotal, ...subtotalDecimals("BR-DEC-19", "BR-DEC-20")],
    },
  ];
}

const hasBreakdown = fatal("BR-CO-18", "BG-23", exists("cac:TaxTotal/cac:TaxSubtotal"), {
  en: "The document has no VAT breakdown.",
  ro: "Documentul nu are defalcarea TVA.",
  hint: "Add one breakdown entry for each VAT category and rate used.",
});

const addsUp = fatal("BR-CO-14", "BT-110 BT-117", custom(isSumOfSubtotals, "cbc:TaxAmount"), {
  en: "The VAT total is not the sum of the VAT amounts by category.",
  ro: "Totalul TVA nu este suma valorilor TVA pe categorii.",
  hint: "Add up the VAT amounts of the breakdown and round to two decimals.",
});

function isSumOfSubtotals(view: View, node: number): boolean {
  const parts = all(view, node, subtotals);
  if (parts.length === 0) return true;
  const sum = parts.reduce(
    (before, each) => before.plus(onlyDecimal(view, each, taxAmount) ?? Exact.zero),
    Exact.zero,
  );
  return onlyDecimal(view, node, taxAmount)?.equals(cents(sum)) ?? false;
}

/** The VAT categories of a subtotal. */
const vatCategories = (view: View, node: number): number[] =>
  all(view, node, taxCategory).filter((category) => isVat(view, category));

const subtotal: readonly Rule[] = [
  fatal("BR-45", "BT-116", exists("cbc:TaxableAmount"), {
    en: "A VAT breakdown entry has no taxable amount.",
    ro: "O poziție din defalcarea TVA nu are bază de impozitare.",
    hint: "Fill in the taxable amount.",
  }),
  fatal("BR-46", "BT-117", exists("cbc:TaxAmount"), {
    en: "A VAT breakdown entry has no VAT amount.",
    ro: "O poziție din defalcarea TVA nu are valoarea TVA.",
    hint: "Fill in the VAT amount.",
  }),
  fatal(
    "BR-47",
    "BT-118",
    custom(
      (view, node) => vatCategories(view, node).some((each) => count(view, each, categoryId) > 0),
      "cac:TaxCategory/cbc:ID",
    ),
    {
      en: "A VAT breakdown entry has no VAT category.",
      ro: "O poziție din defalcarea TVA nu are categorie de TVA.",
      hint: "Fill in the VAT category code.",
    },
  ),
  fatal("BR-48", "BT-119", custom(hasRate, "cac:TaxCategory/cbc:Percent"), {
    en: "A VAT breakdown entry has no rate.",
    ro: "O poziție din defalcarea TVA nu are cotă.",
    hint: "Fill in the VAT rate; only what is outside the scope of VAT (O) has none.",
  }),
  fatal("BR-CO-17", "BT-117 BT-116 BT-119", custom(isTaxOfBase, "cbc:TaxAmount"), {
    en: "The VAT amount of a category is not its taxable amount times its rate.",
    ro: "Valoarea TVA a unei categorii nu este baza de impozitare înmulțită cu cota.",
    hint: "Compute the VAT amount as taxable amount × rate / 100, rounded to two decimals.",
  }),
];

/** RO_CIUS asks the same again under other ids. */
export const subtotalDecimals = (taxable: string, tax: string): Rule[] => [
  fatal(taxable, "BT-116", twoDecimals("cbc:TaxableAmount"), {
    en: "A taxable amount has more than two decimals.",
    ro: "O bază de impozitare are mai mult de două zecimale.",
    hint: "Round the taxable amount to two decimals.",
  }),
  fatal(tax, "BT-117", twoDecimals("cbc:TaxAmount"), {
    en: "The VAT amount of a category has more than two decimals.",
    ro: "Valoarea TVA a unei categorii are mai mult de două zecimale.",
    hint: "Round the VAT amount to two decimals.",
  }),
];

function hasRate(view: View, node: number): boolean {
  const categories = vatCategories(view, node);
  return (
    categories.some((each) => count(view, each, percent) > 0) ||
    categories.some((each) => codeOf(view, each) === "O")
  );
}

/** Strictly less than one unit may lie between the VAT amount and base × rate. A rate that rounds to zero asks for no tax. */
function isTaxOfBase(view: View, node: number): boolean {
  const rates = vatCategories(view, node).flatMap((each) => onlyDecimal(view, each, percent) ?? []);
  if (rates.length > 1) throw engineFault;
  const tax = onlyDecimal(view, node, taxAmount);
  const rate = rates[0];
  if (rate === undefined || rate.round(0).isZero) return tax?.round(0).isZero ?? false;
  return isWithinOne(tax, onlyDecimal(view, node, taxableAmount), rate);
}

/** Whether a VAT amount is less than one unit away from base × rate / 100, signs aside. */
export function isWithinOne(
  tax: Exact | undefined,
  base: Exact | undefined,
  rate: Exact | undefined,
): boolean {
  if (!tax || !base || !rate) return false;
  const expected = cents(base.abs().times(rate.times(hundredth)));
  const size = tax.abs();
  return size.minus(Exact.one).compare(expected) < 0 && size.plus(Exact.one).compare(expected) > 0;
}
