import { codeList } from "../codes/lists.ts";
import { anywhere, document, under } from "../contexts.ts";
import { all, first, onlyNormalized, path, some } from "../engine/path.ts";
import { fatal, type Context, type Rule, type RuleSet } from "../engine/rule.ts";
import { atMost, custom } from "../engine/tests.ts";
import { normalizeSpace, toDouble } from "../engine/values.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";

/** The specification identifier (BT-24) of RO_CIUS. The rule package is 1.0.9, the identifier stays 1.0.1. */
export const CUSTOMIZATION_ID = "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1";

const set = (context: Context, ...rules: Rule[]): RuleSet => ({ pattern: "RO", context, rules });

/** What a Romanian invoice must say about itself and its parties. */
export function roDocumentRules(): RuleSet[] {
  return [
    set(anywhere("cbc:PriceAmount"), notNegative),
    set(anywhere("cbc:InvoiceTypeCode"), documentType("BR-RO-020_1", INVOICE_TYPES)),
    set(anywhere("cbc:CreditNoteTypeCode"), documentType("BR-RO-020_2", CREDIT_NOTE_TYPES)),
    set(document, ...identity, partyIds("BR-RO-065", sellerIds), partyIds("BR-RO-120", buyerIds)),
    set(under("cac:InvoicePeriod/cbc:DescriptionCode"), vatPoint),
  ];
}

const notNegative = fatal(
  "BR-27",
  "BT-146",
  custom((view, node) => toDouble(view.text(node)) >= 0),
  {
    en: "The net unit price of an item is negative.",
    ro: "Prețul unitar net al unui articol este negativ.",
    hint: "Make the price zero or more; to cancel, use a negative quantity.",
  },
);

const INVOICE_TYPES = new Set(["380", "384", "389", "751"]);
const CREDIT_NOTE_TYPES = new Set(["381"]);

function documentType(id: string, types: ReadonlySet<string>): Rule {
  return fatal(
    id,
    "BT-3",
    custom((view, node) => types.has(normalizeSpace(view.text(node)))),
    {
      en: "Romania does not accept this document type.",
      ro: "Acest tip de document nu este acceptat în România.",
      hint: "Use 380, 384, 389 or 751 in an invoice and 381 in a credit note.",
    },
  );
}

const customization = path("cbc:CustomizationID");
const id = path("cbc:ID");
const taxCurrency = path("cbc:TaxCurrencyCode");
const documentCurrency = path("cbc:DocumentCurrencyCode");

const identity: readonly Rule[] = [
  fatal(
    "BR-RO-001",
    "BT-24",
    custom(
      (view, node) => some(view, node, customization, (each) => view.text(each) === CUSTOMIZATION_ID),
      "cbc:CustomizationID",
    ),
    {
      en: "The document does not name RO_CIUS as its specification.",
      ro: "Documentul nu indică RO_CIUS ca specificație.",
      hint: `Write exactly ${CUSTOMIZATION_ID} as the specification identifier.`,
    },
  ),
  fatal(
    "BR-RO-010",
    "BT-1",
    custom((view, node) => /[0-9]/.test(onlyNormalized(view, node, id)), "cbc:ID"),
    {
      en: "The document number contains no digit.",
      ro: "Numărul documentului nu conține nicio cifră.",
      hint: "Use a number with at least one digit.",
    },
  ),
  fatal("BR-RO-030", "BT-5 BT-6", custom(isInLei, "cbc:TaxCurrencyCode"), {
    en: "The document is in a foreign currency and VAT is not accounted in RON.",
    ro: "Documentul este în valută, iar TVA nu este contabilizată în RON.",
    hint: "Set the VAT accounting currency to RON and give the VAT total in RON.",
  }),
  fatal("BR-RO-A020", "BG-1", atMost(20, "cbc:Note"), {
    en: "The document has more than 20 notes.",
    ro: "Documentul are mai mult de 20 de note.",
    hint: "Keep at most 20 notes.",
  }),
];

function isInLei(view: View, node: number): boolean {
  return (
    onlyNormalized(view, node, taxCurrency) === "RON" ||
    onlyNormalized(view, node, documentCurrency) === "RON"
  );
}

/** The categories for which a party must be identified. */
const IDENTIFIED_CATEGORIES = new Set(["S", "Z", "E", "AE", "K", "G", "L", "M"]);

const allowanceCharge = path("cac:AllowanceCharge");
const categoryId = path("cac:TaxCategory/cbc:ID");
const lineCategoryId = path("cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/cbc:ID");
const indicator = nameNumber("cbc:ChargeIndicator");
const adjustment = nameNumber("cac:AllowanceCharge");
const taxScheme = nameNumber("cac:TaxScheme");
const schemeId = nameNumber("cbc:ID");

const sellerIds = (view: View, node: number): boolean =>
  first(view, node, path("cac:TaxRepresentativeParty/cac:PartyTaxScheme/cbc:CompanyID")) >= 0 ||
  someFilledAt(view, node, path("cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID"));

const buyerIds = (view: View, node: number): boolean =>
  first(view, node, path("cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID")) >= 0 ||
  someFilledAt(view, node, path("cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID"));

const someFilledAt = (view: View, node: number, steps: readonly number[]): boolean =>
  some(view, node, steps, (found) => normalizeSpace(view.text(found)) !== "");

function partyIds(ruleId: string, areGiven: (view: View, node: number) => boolean): Rule {
  const isSeller = ruleId === "BR-RO-065";
  return fatal(
    ruleId,
    isSeller ? "BT-31 BT-32 BT-63" : "BT-47 BT-48",
    custom((view, node) => !isVatRelevant(view, node) || areGiven(view, node)),
    {
      en: isSeller
        ? "The seller has no tax identifier."
        : "The buyer has neither a registration number nor a VAT identifier.",
      ro: isSeller
        ? "Vânzătorul nu are cod fiscal."
        : "Cumpărătorul nu are nici număr de înregistrare, nici cod de TVA.",
      hint: isSeller
        ? "Give the seller's VAT identifier or tax registration; a tax representative's also counts."
        : "Give the buyer's CUI or CNP; for an unknown consumer write 13 zeros.",
    },
  );
}

/** Official oddities: only invoice lines are looked at, codes are not trimmed, and allowances must name the scheme VAT. */
function isVatRelevant(view: View, node: number): boolean {
  const isMet = (found: number): boolean => IDENTIFIED_CATEGORIES.has(view.text(found));
  if (some(view, node, lineCategoryId, isMet)) return true;
  return all(view, node, allowanceCharge)
    .flatMap((each) => all(view, each, categoryId))
    .some(
      (found) =>
        isMet(found) &&
        (hasIndicator(view, found, "true") || (hasIndicator(view, found, "false") && isForVat(view, found))),
    );
}

/** `ancestor::cac:AllowanceCharge/cbc:ChargeIndicator = text` */
function hasIndicator(view: View, node: number, text: string): boolean {
  for (let around = view.doc.parent[node]!; around >= 0; around = view.doc.parent[around]!) {
    if (
      view.doc.name[around] === adjustment &&
      some(view, around, [indicator], (each) => view.text(each) === text)
    )
      return true;
  }
  return false;
}

/** `following-sibling::cac:TaxScheme/cbc:ID = 'VAT'` */
function isForVat(view: View, node: number): boolean {
  return some(
    view,
    view.doc.parent[node]!,
    [taxScheme],
    (scheme) => scheme > node && some(view, scheme, [schemeId], (each) => view.text(each) === "VAT"),
  );
}

const pointCodes = codeList("vat-point-codes");

const vatPoint = fatal(
  "BR-RO-040",
  "BT-8",
  custom((view, node) => pointCodes.has(normalizeSpace(view.text(node)))),
  {
    en: "The VAT point code is not one of 3, 35 and 432.",
    ro: "Codul exigibilității TVA nu este 3, 35 sau 432.",
    hint: "Use 3 for the issue date, 35 for delivery or 432 for payment (TVA la încasare).",
  },
);
