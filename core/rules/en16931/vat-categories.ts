import { chargedCategory, document, ofVatCategory, underAnyRoot, underLine } from "../contexts.ts";
import { fatal, type Rule, type RuleSet } from "../engine/rule.ts";
import type { Edition } from "./edition.ts";
import { categories, type Category } from "./vat-category.ts";
import * as Use from "./vat-category-use.ts";
import * as Amounts from "./vat-category-amounts.ts";

/**
 * The rules of the VAT categories. Nine categories ask the same ten questions (is it broken down, are the parties
 * identified, is the rate right, do the sums agree, is there a reason), so each question is written once and a table
 * says how each category answers it.
 */
export function vatCategoryRules(edition: Edition): RuleSet[] {
  const perCategory = categories(edition);
  const inBreakdown = underAnyRoot("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory");
  const inLine = underLine("cac:Item/cac:ClassifiedTaxCategory");
  const set = (context: RuleSet["context"], rules: Rule[]): RuleSet => ({ pattern: "model", context, rules });
  return [
    set(document, [
      ...perCategory.flatMap((category) => documentLevel(category)),
      ...Use.extraRules(),
      ...Use.splitPayment(edition),
    ]),
    ...perCategory.flatMap((category) => [
      set(ofVatCategory(inBreakdown, category.code), breakdown(category)),
      set(ofVatCategory(chargedCategory(false), category.code), [
        rate(category, "06", "BT-96", "an allowance", "o reducere"),
      ]),
      set(ofVatCategory(chargedCategory(true), category.code), [
        rate(category, "07", "BT-103", "a charge", "o taxare suplimentară"),
      ]),
      set(ofVatCategory(inLine, category.code), [rate(category, "05", "BT-152", "a line", "o linie")]),
    ]),
  ];
}

function documentLevel(category: Category): Rule[] {
  const { key, en, ro } = category;
  const parties = (number: string, terms: string, place: Use.Place, where: string, unde: string): Rule =>
    fatal(`BR-${key}-${number}`, `${terms} BT-31 BT-32 BT-63`, Use.partiesFor(category, place), {
      en: `${where} is ${en}, but ${category.partiesEn}.`,
      ro: `${unde} are categoria „${ro}”, dar ${category.partiesRo}.`,
      hint: category.partiesHint,
    });
  return [
    fatal(`BR-${key}-01`, "BG-23 BT-118 BT-151 BT-95 BT-102", Use.isBrokenDown(category), {
      en: `What is ${en} and the VAT breakdown do not match: each category used needs ${category.entries} there, an unused one none.`,
      ro: `Categoria „${ro}” și defalcarea TVA nu corespund: fiecare categorie folosită trebuie să apară acolo, una nefolosită nu.`,
      hint: `Make the VAT breakdown contain category ${category.code} exactly when lines, allowances or charges use it.`,
    }),
    parties("02", "BT-151", "line", "A line", "O linie"),
    parties("03", "BT-95", "allowance", "An allowance", "O reducere"),
    parties("04", "BT-102", "charge", "A charge", "O taxare suplimentară"),
  ];
}

function rate(category: Category, number: string, term: string, where: string, unde: string): Rule {
  return fatal(`BR-${category.key}-${number}`, `${term} BT-118`, Amounts.rateOf(category), {
    en: `The VAT rate of ${where} that is ${category.en} must ${category.rateEn}.`,
    ro: `Cota TVA pentru ${unde} cu categoria „${category.ro}” trebuie să ${category.rateRo}.`,
    hint: category.rateHint,
  });
}

function breakdown(category: Category): Rule[] {
  const { key, en, ro, code } = category;
  return [
    fatal(`BR-${key}-08`, "BT-116 BT-131 BT-92 BT-99", Amounts.baseOf(category), {
      en: `The taxable amount of what is ${en} is not the sum of its lines and charges less allowances.`,
      ro: `Baza de impozitare pentru „${ro}” nu este suma liniilor și taxelor minus reducerile.`,
      hint: `Add up lines and charges of category ${code}${category.byRate ? " and this rate" : ""} and deduct its allowances.`,
    }),
    fatal(`BR-${key}-09`, "BT-117", Amounts.taxOf(category), {
      en: category.byRate
        ? `The VAT amount of what is ${en} is not its taxable amount times the rate.`
        : `The VAT amount of what is ${en} must be zero.`,
      ro: category.byRate
        ? `Valoarea TVA pentru „${ro}” nu este baza de impozitare înmulțită cu cota.`
        : `Valoarea TVA pentru „${ro}” trebuie să fie zero.`,
      hint: category.byRate
        ? "Compute the VAT amount as taxable amount × rate / 100."
        : "Set the VAT amount to 0.",
    }),
    fatal(`BR-${key}-10`, "BT-120 BT-121", Amounts.reasonOf(category), {
      en: category.needsReason
        ? `The breakdown of what is ${en} has no exemption reason.`
        : `The breakdown of what is ${en} must not have an exemption reason.`,
      ro: category.needsReason
        ? `Defalcarea pentru „${ro}” nu are motivul scutirii.`
        : `Defalcarea pentru „${ro}” nu trebuie să aibă motiv de scutire.`,
      hint: category.needsReason
        ? "Add a reason as text or as a VATEX code."
        : "Remove the exemption reason and its code.",
    }),
  ];
}
