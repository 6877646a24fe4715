import { one, parseAmount, percentOf, roundToCents } from "./amounts.ts";
import type { Issue } from "./settings.ts";
import { unitCodes } from "./unit-codes.ts";
import { attributeOf, descendants, elementsAt, textAt, textOf } from "./xml.ts";
import type { Element } from "./xml.ts";

/** EN 16931 arithmetic and code checks of the simulator's subset (SIMULATOR.md §5.2, ANAF.md §15.6). */
export function sumIssues(name: string, root: Element): Issue[] {
  return [...unreadable(root), ...totals(name, root), ...taxes(root), ...codes(root)];
}

function issue(code: string, message: string): Issue {
  return { code, message };
}

/** An amount that is no decimal breaks the schema before any sum is looked at. */
function unreadable(root: Element): Issue[] {
  const [total = {}] = elementsAt(root, "LegalMonetaryTotal");
  return Object.keys(total)
    .filter((name) => name.endsWith("Amount") && parseAmount(textAt(total, name)) === undefined)
    .map((name) => issue("XSD", `${name} nu este un numar zecimal #${name} is not a decimal`));
}

/** A missing amount counts as zero, as the optional ones do in the formulas. */
function amountAt(element: Element, path: string): bigint {
  return parseAmount(textAt(element, path)) ?? 0n;
}

function totals(name: string, root: Element): Issue[] {
  const [total] = elementsAt(root, "LegalMonetaryTotal");
  if (!total) return [];
  const issues: Issue[] = [];
  const at = (field: string): bigint => amountAt(total, `${field}Amount`);
  const lines = elementsAt(root, `${name}Line/LineExtensionAmount`).map(
    (line) => parseAmount(textOf(line)) ?? 0n,
  );
  if (at("LineExtension") !== roundToCents(lines.reduce((sum, line) => sum + line, 0n))) {
    issues.push(issue("BR-CO-10", "Suma liniilor (BT-106) nu corespunde #Sum of lines does not match"));
  }
  const net = at("LineExtension") + at("ChargeTotal") - at("AllowanceTotal");
  if (at("TaxExclusive") !== roundToCents(net)) {
    issues.push(
      issue("BR-CO-13", "Totalul fara TVA (BT-109) nu corespunde #Total without VAT does not match"),
    );
  }
  const currency = textAt(root, "DocumentCurrencyCode");
  const stated = elementsAt(root, "TaxTotal/TaxAmount").filter(
    (tax) => attributeOf(tax, "currencyID") === currency,
  );
  const tax = stated[0] ? (parseAmount(textOf(stated[0])) ?? 0n) : 0n;
  if (stated.length !== 1 || at("TaxInclusive") !== roundToCents(at("TaxExclusive") + tax)) {
    issues.push(issue("BR-CO-15", "Totalul cu TVA (BT-112) nu corespunde #Total with VAT does not match"));
  }
  const due = at("TaxInclusive") - at("Prepaid");
  if (roundToCents(at("Payable") - at("PayableRounding")) !== roundToCents(due)) {
    issues.push(issue("BR-CO-16", "Suma de plata (BT-115) nu corespunde #Amount due does not match"));
  }
  return issues;
}

function taxes(root: Element): Issue[] {
  const issues: Issue[] = [];
  for (const total of elementsAt(root, "TaxTotal")) {
    const groups = elementsAt(total, "TaxSubtotal");
    const sum = groups.reduce((amount, group) => amount + amountAt(group, "TaxAmount"), 0n);
    if (groups.length > 0 && amountAt(total, "TaxAmount") !== roundToCents(sum)) {
      issues.push(issue("BR-CO-14", "Totalul TVA (BT-110) nu este suma grupelor #VAT total is not the sum"));
    }
    if (groups.some((group) => !isTaxPlausible(group))) {
      issues.push(issue("BR-CO-17", "TVA pe cota (BT-117) nu corespunde #VAT per rate does not match"));
    }
  }
  return issues;
}

/** The rule tolerates less than one unit of currency (ANAF.md §15.6). */
function isTaxPlausible(group: Element): boolean {
  const percent = parseAmount(textAt(group, "TaxCategory/Percent")) ?? 0n;
  const tax = magnitude(amountAt(group, "TaxAmount"));
  const expected = roundToCents(percentOf(magnitude(amountAt(group, "TaxableAmount")), percent));
  return magnitude(tax - expected) < one;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function codes(root: Element): Issue[] {
  const issues: Issue[] = [];
  const quantities = ["InvoicedQuantity", "CreditedQuantity", "BaseQuantity"];
  const units = quantities
    .flatMap((name) => descendants(root, name))
    .map((item) => attributeOf(item, "unitCode"));
  const unknown = units.find((unit) => unit !== "" && !unitCodes.has(unit));
  if (unknown !== undefined) {
    issues.push(
      issue("BR-CL-23", `Unitatea de masura ${unknown} nu este admisa #Unit code ${unknown} is unknown`),
    );
  }
  const isOutOfScope = descendants(root, "ClassifiedTaxCategory").some(
    (category) => textAt(category, "ID") === "O",
  );
  const parties = [
    "AccountingSupplierParty/Party",
    "AccountingCustomerParty/Party",
    "TaxRepresentativeParty",
  ];
  const isVatNamed = parties
    .flatMap((party) => elementsAt(root, `${party}/PartyTaxScheme`))
    .some(
      (scheme) =>
        textAt(scheme, "TaxScheme/ID").toUpperCase() === "VAT" && textAt(scheme, "CompanyID") !== "",
    );
  if (isOutOfScope && isVatNamed) {
    issues.push(
      issue("BR-O-02", "Categoria O nu admite identificatori TVA #Category O excludes VAT identifiers"),
    );
  }
  if (elementsAt(root, "AccountingCustomerParty/Party/PartyLegalEntity/CompanyLegalForm").length > 0) {
    issues.push(issue("UBL-CR-244", "Cumparatorul nu are forma juridica #A buyer has no legal form"));
  }
  return issues;
}
