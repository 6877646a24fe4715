import { anywhere, lines, underLine } from "../contexts.ts";
import { all, path, some } from "../engine/path.ts";
import { fatal, type Rule, type RuleSet } from "../engine/rule.ts";
import { custom, exists, hasAttribute, oneExists, someNumber, twoDecimals } from "../engine/tests.ts";
import { toDouble } from "../engine/values.ts";
import { isVat } from "../engine/vat.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";
import type { Edition } from "./edition.ts";

/** What every line must say. */
export function lineRules(edition: Edition): RuleSet[] {
  const set = (context: RuleSet["context"], ...rules: Rule[]): RuleSet => ({
    pattern: "model",
    context,
    rules,
  });
  return [
    set(
      lines,
      ...basics(edition),
      ...pricing,
      ...(edition.isOlder ? [] : [netPrice("cac:Price/cbc:PriceAmount")]),
    ),
    set(anywhere("cac:AdditionalItemProperty"), itemProperty),
    set(underLine("cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode"), classificationScheme),
    set(underLine("cac:Item/cac:StandardItemIdentification/cbc:ID"), standardItemScheme),
  ];
}

const basics = ({ given }: Edition): Rule[] => [
  fatal("BR-21", "BT-126", given("cbc:ID"), {
    en: "A line has no number.",
    ro: "O linie nu are număr.",
    hint: "Number the lines.",
  }),
  fatal("BR-22", "BT-129", oneExists("cbc:InvoicedQuantity", "cbc:CreditedQuantity"), {
    en: "A line has no quantity.",
    ro: "O linie nu are cantitate.",
    hint: "Fill in the quantity of the line.",
  }),
  fatal("BR-23", "BT-130", custom(hasUnit, "cbc:InvoicedQuantity/@unitCode"), {
    en: "The quantity of a line has no unit.",
    ro: "Cantitatea unei linii nu are unitate de măsură.",
    hint: "Choose a unit of measure, for example H87 for pieces.",
  }),
  fatal("BR-24", "BT-131", exists("cbc:LineExtensionAmount"), {
    en: "A line has no net amount.",
    ro: "O linie nu are valoare netă.",
    hint: "Fill in the net amount of the line.",
  }),
  fatal("BR-25", "BT-153", given("cac:Item/cbc:Name"), {
    en: "A line does not name its item.",
    ro: "O linie nu are denumirea articolului.",
    hint: "Fill in the name of the item.",
  }),
  fatal("BR-26", "BT-146", exists("cac:Price/cbc:PriceAmount"), {
    en: "A line has no unit price.",
    ro: "O linie nu are preț unitar.",
    hint: "Fill in the net unit price.",
  }),
];

const vatCategory = path("cac:Item/cac:ClassifiedTaxCategory");
const id = nameNumber("cbc:ID");

const pricing: readonly Rule[] = [
  fatal("BR-28", "BT-148", custom(isGrossPricePositive, "cac:Price/cac:AllowanceCharge/cbc:BaseAmount"), {
    en: "The gross price of an item is negative.",
    ro: "Prețul brut al unui articol este negativ.",
    hint: "Make the gross price zero or more; to cancel, use a negative quantity.",
  }),
  fatal(
    "BR-CO-04",
    "BT-151",
    custom(
      (view, node) => some(view, node, vatCategory, (each) => isVat(view, each) && view.child(each, id) >= 0),
      "cac:Item/cac:ClassifiedTaxCategory",
    ),
    {
      en: "A line has no VAT category.",
      ro: "O linie nu are categorie de TVA.",
      hint: "Choose a VAT category for the line, for example S for the standard rate.",
    },
  ),
  fatal("BR-DEC-23", "BT-131", twoDecimals("cbc:LineExtensionAmount"), {
    en: "The net amount of a line has more than two decimals.",
    ro: "Valoarea netă a unei linii are mai mult de două zecimale.",
    hint: "Round the net amount of the line to two decimals.",
  }),
];

/** RO_CIUS asks this of every price in the document, EN 16931 of the line. */
export const netPrice = (at: string): Rule =>
  fatal(
    "BR-27",
    "BT-146",
    someNumber(at, (price) => price >= 0),
    {
      en: "The net unit price of an item is negative.",
      ro: "Prețul unitar net al unui articol este negativ.",
      hint: "Make the price zero or more; to cancel, use a negative quantity.",
    },
  );

const itemProperty = fatal("BR-54", "BT-160 BT-161", custom(hasNameAndValue, "cbc:Value"), {
  en: "An item attribute lacks its name or its value.",
  ro: "Un atribut al articolului nu are nume sau valoare.",
  hint: "Give every item attribute a name and a value.",
});

const classificationScheme = fatal("BR-65", "BT-158", hasAttribute("listID"), {
  en: "An item classification code does not say from which list it is.",
  ro: "Un cod de clasificare a articolului nu indică lista din care provine.",
  hint: "Give the list of the classification code, for example STI for CPV.",
});

const standardItemScheme = fatal("BR-64", "BT-157", hasAttribute("schemeID"), {
  en: "A standard item identifier does not say which scheme it follows.",
  ro: "Un identificator standard de articol nu indică schema.",
  hint: "Give the scheme of the identifier, for example 0160 for GTIN.",
});

const quantities = [path("cbc:InvoicedQuantity"), path("cbc:CreditedQuantity")];
const unitCode = nameNumber("unitCode");
const name = nameNumber("cbc:Name");
const value = nameNumber("cbc:Value");
const grossPrice = path("cac:Price/cac:AllowanceCharge/cbc:BaseAmount");

function hasUnit(view: View, node: number): boolean {
  return quantities.some((steps) =>
    some(view, node, steps, (quantity) => view.attribute(quantity, unitCode) >= 0),
  );
}

function hasNameAndValue(view: View, node: number): boolean {
  return view.child(node, name) >= 0 && view.child(node, value) >= 0;
}

function isGrossPricePositive(view: View, node: number): boolean {
  const prices = all(view, node, grossPrice);
  return prices.length === 0 || prices.some((price) => toDouble(view.text(price)) >= 0);
}
