import { document } from "../contexts.ts";
import { all, everywhere, first, path, type Path, some } from "../engine/path.ts";
import { fatal, warning, type Rule, type RuleSet, type Test } from "../engine/rule.ts";
import { custom } from "../engine/tests.ts";
import type { View } from "../engine/view.ts";
import { unusedWords } from "../finding.ts";
import { nameNumber } from "../names.ts";
import { creditNoteRoot } from "../structure/models.ts";
import type { Edition } from "./edition.ts";

/**
 * What UBL knows and EN 16931 does not use, as far as it takes more than a path below the root to say so; the plain
 * paths are in unused-elements.ts.
 */
export function unusedRules(edition: Edition): RuleSet[] {
  return [
    {
      pattern: "syntax",
      context: document,
      rules: [...special, ...attributesAt(edition), ...elsewhere, ...objects],
    },
  ];
}

const versions = path("cbc:UBLVersionID");
const paymentDueDate = path("cac:PaymentMeans/cbc:PaymentDueDate");

const special: readonly Rule[] = [
  warning(
    "UBL-CR-002",
    "",
    custom((view, node) => {
      const found = all(view, node, versions);
      return found.length === 0 || found.some((each) => view.text(each) === "2.1");
    }, "cbc:UBLVersionID"),
    {
      en: "The UBL version is not 2.1.",
      ro: "Versiunea UBL nu este 2.1.",
      hint: "Write 2.1 or leave the UBL version out.",
    },
  ),
  warning(
    "UBL-CR-412",
    "BT-9",
    custom(
      (view, node) => view.doc.name[0] === creditNoteRoot || first(view, node, paymentDueDate) < 0,
      "cac:PaymentMeans",
    ),
    {
      en: "The due date stands in the payment means, where only credit notes have it.",
      ro: "Scadența este în modalitatea de plată, unde o au doar notele de creditare.",
      hint: "Move the due date of an invoice to cbc:DueDate.",
    },
  ),
];

/** `not(path/@attribute)` below the root, or with `//` anywhere. */
function withoutAttribute(at: string, attribute: string): Test {
  const name = nameNumber(attribute);
  const [head, ...rest] = path(at.replace("//", "")) as [number, ...number[]];
  const hasIt = (view: View, node: number): boolean => view.attribute(node, name) >= 0;
  return custom((view, node) => {
    if (view.attributeCount[name] === 0) return true;
    if (!at.startsWith("//")) return !some(view, node, [head, ...rest], (found) => hasIt(view, found));
    return !endsOf(view, head, rest, (found) => hasIt(view, found));
  });
}

/** Whether some element at `//head/rest` answers yes. */
function endsOf(view: View, head: number, rest: Path, answers: (node: number) => boolean): boolean {
  for (const node of everywhere(view, head)) {
    if (rest.length === 0 ? answers(node) : some(view, node, rest, answers)) return true;
  }
  return false;
}

const attributesAt = ({ isOlder }: Edition): Rule[] =>
  [
    ["648", "cbc:CustomizationID", "schemeID"],
    ["649", "cbc:ProfileID", "schemeID"],
    ["650", "cbc:ID", "schemeID"],
    ["651", "cbc:SalesOrderID", "schemeID"],
    ["652", "//cac:PartyTaxScheme/cbc:CompanyID", "schemeID"],
    ["653", "cac:PaymentMeans/cbc:PaymentID", "schemeID"],
    ["654", "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID", "schemeID"],
    ["655", "cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID", "schemeID"],
    ["656", "cbc:InvoiceTypeCode", "listID"],
    ["657", "cbc:DocumentCurrencyCode", "listID"],
    ["658", "cbc:TaxCurrencyCode", "listID"],
    ["659", "cac:AdditionalDocumentReference/cbc:DocumentTypeCode", "listID"],
    ["660", "//cac:Country/cbc:IdentificationCode", "listID"],
    ["661", "cac:PaymentMeans/cbc:PaymentMeansCode", "listID"],
    ["662", "//cbc:AllowanceChargeReasonCode", "listID"],
    ["667", "//cac:BuyersItemIdentification/cbc:ID", "schemeID"],
    ["668", "//cac:SellersItemIdentification/cbc:ID", "schemeID"],
    ["672", "cbc:CreditNoteTypeCode", "listID"],
    // The older edition misspells the element, so there the rule never fires on a valid document.
    ["674", isOlder ? "//cbc:PrimaryAccountNumber" : "//cbc:PrimaryAccountNumberID", "schemeID"],
    ["675", "//cac:CardAccount/cbc:NetworkID", "schemeID"],
    ["676", "//cac:PaymentMandate/cbc:ID", "schemeID"],
    ["677", "//cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID", "schemeID"],
    ["678", "//cac:TaxCategory/cbc:ID", "schemeID"],
    ["679", "//cac:ClassifiedTaxCategory/cbc:ID", "schemeID"],
  ].map(([number, at, attribute]) =>
    warning(
      `UBL-CR-${number}`,
      "",
      withoutAttribute(at!, attribute!),
      unusedWords(`${at!.replace("//", "")}/@${attribute}`),
    ),
  );

const unitCodeListID = nameNumber("unitCodeListID");

const elsewhere: readonly Rule[] = [
  warning(
    "UBL-CR-663",
    "",
    custom((view) => view.attributeCount[unitCodeListID] === 0),
    unusedWords("@unitCodeListID"),
  ),
  ...[
    ["664", "cac:FinancialInstitution"],
    ["669", "cac:Price/cac:AllowanceCharge/cbc:AllowanceChargeReasonCode"],
    ["670", "cac:Price/cac:AllowanceCharge/cbc:AllowanceChargeReason"],
    ["671", "cac:Price/cac:AllowanceCharge/cbc:MultiplierFactorNumeric"],
    ["680", "cac:PaymentMeans/cac:PayerFinancialAccount"],
  ].map(([number, at]) => {
    const [head, ...rest] = path(at!) as [number, ...number[]];
    return warning(
      `UBL-CR-${number}`,
      "",
      custom((view) => !endsOf(view, head, rest, () => true)),
      unusedWords(at!),
    );
  }),
];

const additionalDocument = nameNumber("cac:AdditionalDocumentReference");
const typeCode = path("cbc:DocumentTypeCode");

/** An invoiced object is a supporting document of type 130 that consists of its identifier only. */
const isObject = (view: View, node: number): boolean =>
  some(view, node, typeCode, (type) => view.text(type) === "130");

/** `cbc:DocumentTypeCode != '130' or not(cbc:DocumentTypeCode)` */
function isOtherDocument(view: View, node: number): boolean {
  const types = all(view, node, typeCode);
  return types.length === 0 || types.some((type) => view.text(type) !== "130");
}

function noDocument(condition: (view: View, node: number) => boolean, at: string, attribute?: string): Test {
  const steps = path(at);
  const name = attribute === undefined ? undefined : nameNumber(attribute);
  return custom((view) => {
    for (const node of everywhere(view, additionalDocument)) {
      if (!condition(view, node)) continue;
      if (some(view, node, steps, (found) => name === undefined || view.attribute(found, name) >= 0))
        return false;
    }
    return true;
  });
}

const objects: readonly Rule[] = [
  warning("UBL-CR-665", "BT-122", noDocument(isOtherDocument, "cbc:ID", "schemeID"), {
    en: "The identifier of a supporting document has a scheme, which only an invoiced object may have.",
    ro: "Identificatorul unui document justificativ are schemă, permisă doar pentru obiectul facturat.",
    hint: "Remove the scheme, or use document type 130 for an invoiced object.",
  }),
  fatal("UBL-CR-666", "BT-18 BT-125", noDocument(isObject, "cac:Attachment"), {
    en: "An invoiced object has an attachment.",
    ro: "Obiectul facturat are un fișier atașat.",
    hint: "Attach files to a supporting document without a type code.",
  }),
  fatal("UBL-CR-673", "BT-18 BT-123", noDocument(isObject, "cbc:DocumentDescription"), {
    en: "An invoiced object has a description.",
    ro: "Obiectul facturat are o descriere.",
    hint: "Describe a supporting document without a type code instead.",
  }),
];
