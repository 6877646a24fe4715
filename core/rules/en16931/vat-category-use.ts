import { all, everywhere, first, onlyText, path, some } from "../engine/path.ts";
import { fatal, type Rule, type Test } from "../engine/rule.ts";
import { custom } from "../engine/tests.ts";
import { lengthOf } from "../engine/values.ts";
import { isCharge, Uses } from "../engine/vat.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";
import type { Edition } from "./edition.ts";
import { hasVatId } from "./parties.ts";
import type { Category } from "./vat-category.ts";

/** Where a category is used. */
export type Place = "line" | "allowance" | "charge";

const seller = nameNumber("cac:AccountingSupplierParty");
const buyer = nameNumber("cac:AccountingCustomerParty");
const representative = nameNumber("cac:TaxRepresentativeParty");
const partyTaxScheme = path("cac:Party/cac:PartyTaxScheme");
const partyTaxId = path("cac:Party/cac:PartyTaxScheme/cbc:CompanyID");
const partyLegalId = path("cac:Party/cac:PartyLegalEntity/cbc:CompanyID");
const ownTaxScheme = path("cac:PartyTaxScheme");
const taxCategory = path("cac:TaxCategory");
const allowanceCharge = path("cac:AllowanceCharge");

const someNamed = (view: View, name: number, holds: (node: number) => boolean): boolean => {
  for (const node of everywhere(view, name)) if (holds(node)) return true;
  return false;
};

const sellerHasVatId = (view: View): boolean =>
  someNamed(view, seller, (node) => hasVatId(view, node, partyTaxScheme));
const sellerHasTaxId = (view: View): boolean =>
  someNamed(view, seller, (node) => first(view, node, partyTaxId) >= 0);
const representativeHasVatId = (view: View): boolean =>
  someNamed(view, representative, (node) => hasVatId(view, node, ownTaxScheme));
const buyerHasVatId = (view: View): boolean =>
  someNamed(view, buyer, (node) => hasVatId(view, node, partyTaxScheme));
const buyerHasLegalId = (view: View): boolean =>
  someNamed(view, buyer, (node) => first(view, node, partyLegalId) >= 0);

const identified: Record<Category["parties"], (view: View) => boolean> = {
  seller: (view) => sellerHasTaxId(view) || representativeHasVatId(view),
  "seller-vat": (view) => sellerHasVatId(view) || representativeHasVatId(view),
  "seller-and-buyer": (view) =>
    (sellerHasTaxId(view) || representativeHasVatId(view)) && (buyerHasVatId(view) || buyerHasLegalId(view)),
  "seller-vat-and-buyer-vat": (view) =>
    (sellerHasVatId(view) || representativeHasVatId(view)) && buyerHasVatId(view),
  nobody: (view) => !sellerHasVatId(view) && !representativeHasVatId(view) && !buyerHasVatId(view),
};

/** Rules 02, 03 and 04: whoever uses a category identifies the parties. */
export function partiesFor(category: Category, place: Place): Test {
  const isIdentified = identified[category.parties];
  const applies = category.code === "L" && place === "charge" ? isWrittenOnCharge : isUsed;
  return custom((view) => {
    if (applies(view, category, place)) return isIdentified(view);
    // An official oddity: S on a line whose tax scheme is not VAT breaks the rule whoever is identified.
    return category.code !== "S" || place !== "line" || !view.vat.lines.any.has("S");
  });
}

function isUsed(view: View, { code }: Category, place: Place): boolean {
  if (place === "line") return view.vat.lines.vat.has(code);
  if (code === "O") return ofDocument(view, place === "charge").vat.has(code);
  return view.vat.adjustments[place === "charge" ? "charges" : "allowances"].vat.has(code);
}

/** An official oddity: for L on charges a code with blanks around it does not count. */
const isWrittenOnCharge = (view: View, { code }: Category): boolean =>
  view.vat.adjustments.charges.writtenVat.has(code);

/** Allowances or charges directly below the root, the only ones that O looks at. */
function ofDocument(view: View, charge: boolean): Uses {
  const uses = new Uses();
  for (const node of all(view, 0, allowanceCharge)) {
    if (!isCharge(view, node, charge)) continue;
    for (const category of all(view, node, taxCategory)) uses.add(view, category);
  }
  return uses;
}

const matches: Record<Category["match"], (view: View, code: string) => boolean> = {
  "exactly-one": ({ vat }, code) => {
    const isUsedSomewhere = vat.categories.ids.has(code) || vat.lines.ids.has(code);
    return !isUsedSomewhere || vat.breakdown.ids.count(code) === 1;
  },
  "some-any-scheme": ({ vat }, code) => {
    const uses = vat.adjustments.all.any.count(code) + vat.lines.any.count(code);
    return uses > 0 === vat.breakdown.any.count(code) > 0;
  },
  // Of an entry in the breakdown these two want the code without blanks around it, and the second also the scheme VAT.
  some: ({ vat }, code) => {
    const uses = vat.adjustments.all.vat.count(code) + vat.lines.vat.count(code);
    return uses > 0 ? vat.breakdown.written.has(code) : vat.breakdown.vat.count(code) === 0;
  },
  "some-vat": ({ vat }, code) => {
    const uses = vat.adjustments.all.vat.count(code) + vat.lines.vat.count(code);
    return uses > 0 ? vat.breakdown.writtenVat.has(code) : vat.breakdown.vat.count(code) === 0;
  },
};

/** Rule 01: what is used is broken down, and what is broken down is used. */
export const isBrokenDown = ({ match, code }: Category): Test =>
  custom((view) => matches[match](view, code), "cac:TaxTotal");

const deliveryDate = path("cac:Delivery/cbc:ActualDeliveryDate");
const deliveryCountry = path(
  "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode",
);
const invoicePeriod = path("cac:InvoicePeriod");

/** What only one category asks. */
export function extraRules(): Rule[] {
  const alone = (id: string, terms: string, uses: (view: View) => Uses, en: string, ro: string): Rule =>
    fatal(
      id,
      terms,
      custom((view) => !view.vat.breakdown.ids.has("O") || !uses(view).vat.hasOther("O")),
      {
        en: `The document is outside the scope of VAT (O), but ${en} another category.`,
        ro: `Documentul este în afara sferei TVA (O), dar ${ro} altă categorie.`,
        hint: "Use category O for everything in the document, or for nothing.",
      },
    );
  return [
    fatal("BR-IC-11", "BT-72 BG-14", custom(saysWhenDelivered, "cac:Delivery/cbc:ActualDeliveryDate"), {
      en: "An intra-community supply (K) has neither a delivery date nor an invoicing period.",
      ro: "O livrare intracomunitară (K) nu are nici data livrării, nici perioadă de facturare.",
      hint: "Fill in the delivery date or the invoicing period.",
    }),
    fatal(
      "BR-IC-12",
      "BT-80",
      custom(saysWhereDelivered, "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country"),
      {
        en: "An intra-community supply (K) does not say to which country it was delivered.",
        ro: "O livrare intracomunitară (K) nu indică țara de livrare.",
        hint: "Fill in the country of the delivery address.",
      },
    ),
    alone("BR-O-11", "BG-23", (view) => view.vat.breakdown, "its VAT breakdown has", "defalcarea TVA are"),
    alone("BR-O-12", "BG-25", (view) => view.vat.lines, "a line has", "o linie are"),
    alone(
      "BR-O-13",
      "BG-20",
      (view) => view.vat.adjustments.allowances,
      "an allowance has",
      "o reducere are",
    ),
    alone(
      "BR-O-14",
      "BG-21",
      (view) => view.vat.adjustments.charges,
      "a charge has",
      "o taxare suplimentară are",
    ),
  ];
}

function saysWhenDelivered(view: View, node: number): boolean {
  if (!view.vat.breakdown.ids.has("K") || lengthOf(onlyText(view, node, deliveryDate)) > 1) return true;
  return some(view, node, invoicePeriod, (period) => view.doc.end[period]! > period + 1);
}

function saysWhereDelivered(view: View, node: number): boolean {
  return !view.vat.breakdown.ids.has("K") || lengthOf(onlyText(view, node, deliveryCountry)) > 1;
}

const country = nameNumber("cbc:IdentificationCode");

/** Split payment (B), an Italian category that no other may stand beside. */
export function splitPayment({ isOlder }: Edition): Rule[] {
  const isWritten = ({ vat }: View, code: string): boolean =>
    vat.categories.written.has(code) || vat.lines.written.has(code);
  // The newer edition does not look at categories in places where the standard knows none.
  const isWrittenInPlace = (view: View, code: string): boolean =>
    view.vat.breakdown.written.has(code) ||
    view.vat.lines.written.has(code) ||
    some(view, 0, adjustmentCategoryId, (id) => view.text(id) === code);
  const isMet = isOlder ? isWritten : isWrittenInPlace;
  return [
    fatal(
      "BR-B-01",
      "BT-118 BT-40 BT-55",
      custom((view) => !isWritten(view, "B") || isAllItalian(view)),
      {
        en: "Split payment (B) is used outside Italy.",
        ro: "Plata defalcată (B) este folosită în afara Italiei.",
        hint: "Use category B only between Italian parties.",
      },
    ),
    fatal(
      "BR-B-02",
      "BT-118",
      custom((view) => !isMet(view, "B") || !isMet(view, "S")),
      {
        en: "Split payment (B) stands beside the standard rate (S).",
        ro: "Plata defalcată (B) apare împreună cu cota normală (S).",
        hint: "Use either category B or category S in one document.",
      },
    ),
  ];
}

const adjustmentCategoryId = path("cac:AllowanceCharge/cac:TaxCategory/cbc:ID");

function isAllItalian(view: View): boolean {
  for (const code of everywhere(view, country)) if (view.text(code) !== "IT") return false;
  return true;
}
