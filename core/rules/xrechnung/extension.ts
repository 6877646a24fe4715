import { CodeList, codeList } from "../codes/lists.ts";
import { anywhere, document, under, underRoot, where } from "../contexts.ts";
import { Exact } from "../engine/exact.ts";
import { all, count, everywhere, path, some } from "../engine/path.ts";
import { fatal, type Context, type Rule, type RuleSet, warning } from "../engine/rule.ts";
import { custom, someFilled, twoDecimals } from "../engine/tests.ts";
import { normalizeSpace } from "../engine/values.ts";
import { onlyDecimal } from "../engine/vat-sums.ts";
import type { View } from "../engine/view.ts";
import { cents } from "../en16931/totals.ts";
import { nameNumber } from "../names.ts";
import { invoiceRoot } from "../structure/models.ts";
import { inExtension } from "./identity.ts";

const set = (context: Context, ...rules: Rule[]): RuleSet => ({
  pattern: "XR extension",
  context: inExtension(context),
  rules,
});

const invoice: Context = { ...document, title: "invoice", names: [invoiceRoot] };

/** The extension of XRechnung: sub-lines, payments by third parties, XML attachments and some more schemes. */
export function extensionRules(): RuleSet[] {
  return [
    set(anywhere("cbc:EmbeddedDocumentBinaryObject"), attachment),
    set(invoice, ...subLines),
    set(anywhere("cac:LegalMonetaryTotal"), amountDue),
    ...schemes.map(([id, term, steps, list]) => set(withScheme(steps), scheme(id, term, list))),
    set(underRoot("cac:PrepaidPayment", [invoiceRoot]), ...thirdPartyPayment),
  ];
}

const mimeCode = nameNumber("mimeCode");
const MIME_CODES = new Set([
  "application/pdf",
  "image/png",
  "image/jpeg",
  "text/csv",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/vnd.oasis.opendocument.spreadsheet",
  "application/xml",
]);

const attachment = fatal(
  "BR-DEX-01",
  "BT-125",
  custom((view, node) => MIME_CODES.has(view.attributeText(node, mimeCode) ?? ""), "@mimeCode"),
  {
    en: "An attachment is of a kind that may not be sent.",
    ro: "Un atașament este de un tip care nu poate fi trimis.",
    hint: "Attach PDF, PNG, JPEG, CSV, XLSX, ODS or XML.",
  },
);

const subLine = nameNumber("cac:SubInvoiceLine");
const invoiceLines = path("cac:InvoiceLine");
const lineAmount = path("cbc:LineExtensionAmount");
const item = path("cac:Item");
const category = path("cac:ClassifiedTaxCategory");

const subLines: readonly Rule[] = [
  warning("BR-DEX-02", "BT-131 BG-DEX-01", custom(addUp, "cac:InvoiceLine"), {
    en: "A line is not the sum of its sub-lines.",
    ro: "O linie nu este suma sub-liniilor ei.",
    hint: "Add up the net amounts of the sub-lines directly below.",
  }),
  fatal("BR-DEX-03", "BG-DEX-06", custom(haveOneCategory, "cac:InvoiceLine/cac:SubInvoiceLine"), {
    en: "A sub-line does not have exactly one VAT category.",
    ro: "O sub-linie nu are exact o categorie de TVA.",
    hint: "Give each sub-line one VAT category with its rate.",
  }),
];

function addUp(view: View, node: number): boolean {
  const lines = all(view, node, invoiceLines);
  return [...lines, ...everywhere(view, subLine)].every((line) => isSum(view, line));
}

/** A line without sub-lines is the sum of nothing in particular. */
function isSum(view: View, line: number): boolean {
  const parts = all(view, line, [subLine]);
  if (parts.length === 0) return true;
  const sum = parts.reduce(
    (before, part) => before.plus(onlyDecimal(view, part, lineAmount) ?? Exact.zero),
    Exact.zero,
  );
  return onlyDecimal(view, line, lineAmount)?.equals(sum) ?? false;
}

function haveOneCategory(view: View): boolean {
  return [...everywhere(view, subLine)].every((line) =>
    all(view, line, item).every((each) => count(view, each, category) === 1),
  );
}

const payable = path("cbc:PayableAmount");
const rounding = path("cbc:PayableRoundingAmount");
const inclusive = path("cbc:TaxInclusiveAmount");
const prepaid = path("cbc:PrepaidAmount");
const prepaidPayment = path("cac:PrepaidPayment");
const paidAmount = path("cbc:PaidAmount");

const amountDue = fatal("BR-DEX-09", "BT-115 BT-DEX-002", custom(isDue, "cbc:PayableAmount"), {
  en: "The amount to be paid does not take payments to third parties into account.",
  ro: "Suma de plată nu ține cont de plățile către terți.",
  hint: "Compute it as total with VAT, less prepaid, plus rounding, plus payments to third parties.",
});

function isDue(view: View, node: number): boolean {
  const none = Exact.zero;
  const toPay = onlyDecimal(view, node, payable);
  const total = onlyDecimal(view, node, inclusive);
  if (!toPay || !total) return false;
  const left = toPay.minus(onlyDecimal(view, node, rounding) ?? none);
  const right = total
    .minus(onlyDecimal(view, node, prepaid) ?? none)
    .plus(thirdPartyTotal(view, view.doc.parent[node]!));
  return cents(left).equals(cents(right));
}

const thirdPartyTotal = (view: View, root: number): Exact =>
  view.once(`third parties ${root}`, () => {
    const payments = root < 0 ? [] : all(view, root, prepaidPayment);
    const isPaid = payments.some((each) =>
      some(view, each, paidAmount, (amount) => normalizeSpace(view.text(amount)) !== ""),
    );
    if (!isPaid) return Exact.zero;
    return payments.reduce(
      (sum, each) => sum.plus(onlyDecimal(view, each, paidAmount) ?? Exact.zero),
      Exact.zero,
    );
  });

/** Schemes of German health applications, which only the extension knows; two blanks where the official lists meet. */
const extended = (name: "identifier-schemes" | "endpoint-schemes"): CodeList =>
  new CodeList(` XR01 XR02 XR03  ${codeList(name, "en16931-1.3.16").codes.join(" ")} `);

const identifiers = extended("identifier-schemes");
const schemeID = nameNumber("schemeID");

const schemes: readonly (readonly [id: string, term: string, steps: string, list: CodeList])[] = [
  ["BR-DEX-04", "BT-29 BT-46 BT-60", "cac:PartyIdentification/cbc:ID", identifiers],
  ["BR-DEX-05", "BT-30 BT-47 BT-61", "cac:PartyLegalEntity/cbc:CompanyID", identifiers],
  ["BR-DEX-06", "BT-157", "cac:StandardItemIdentification/cbc:ID", identifiers],
  ["BR-DEX-07", "BT-34 BT-49", "cbc:EndpointID", extended("endpoint-schemes")],
  ["BR-DEX-08", "BT-71", "cac:DeliveryLocation/cbc:ID", identifiers],
];

const withScheme = (steps: string): Context =>
  where(under(steps), (view, node) => view.attribute(node, schemeID) >= 0, "[@schemeID]");

const creditors = ["cac:AccountingSupplierParty", "cac:PayeeParty"].map(nameNumber);

function scheme(id: string, term: string, list: CodeList): Rule {
  const holds = (view: View, node: number): boolean => {
    const code = normalizeSpace(view.attributeText(node, schemeID) ?? "");
    if (code.includes(" ")) return false;
    return list.contains(` ${code} `) || (id === "BR-DEX-04" && code === "SEPA" && isCreditor(view, node));
  };
  return fatal(id, term, custom(holds, "@schemeID"), {
    en: "The scheme of an identifier is not in the code list.",
    ro: "Schema unui identificator nu este în lista de coduri.",
    hint: "Use a code of the list, for example 0088 for GLN, or XR01 to XR03.",
  });
}

function isCreditor(view: View, node: number): boolean {
  for (let around = view.doc.parent[node]!; around >= 0; around = view.doc.parent[around]!)
    if (creditors.includes(view.doc.name[around]!)) return true;
  return false;
}

const currencyID = nameNumber("currencyID");
const documentCurrency = path("cbc:DocumentCurrencyCode");

function isInDocumentCurrency(view: View, node: number): boolean {
  const root = view.doc.parent[node]!;
  return some(view, node, paidAmount, (amount) => {
    const currency = view.attributeText(amount, currencyID);
    return some(view, root, documentCurrency, (code) => view.text(code) === currency);
  });
}

const given = (id: string, term: string, at: string, en: string, ro: string): Rule =>
  fatal(id, term, someFilled(at), {
    en: `A payment to a third party has no ${en}.`,
    ro: `O plată către un terț nu are ${ro}.`,
    hint: `Fill it in (${at}).`,
  });

const thirdPartyPayment: readonly Rule[] = [
  given("BR-DEX-10", "BT-DEX-001", "cbc:ID", "type", "tip"),
  given("BR-DEX-11", "BT-DEX-002", "cbc:PaidAmount", "amount", "sumă"),
  given("BR-DEX-12", "BT-DEX-003", "cbc:InstructionID", "description", "descriere"),
  fatal("BR-DEX-13", "BT-DEX-002", twoDecimals("cbc:PaidAmount"), {
    en: "The amount of a payment to a third party has more than two decimals.",
    ro: "Suma unei plăți către un terț are mai mult de două zecimale.",
    hint: "Round the amount to two decimals.",
  }),
  fatal("BR-DEX-14", "BT-DEX-002 BT-5", custom(isInDocumentCurrency, "cbc:PaidAmount"), {
    en: "A payment to a third party is not in the currency of the document.",
    ro: "O plată către un terț nu este în moneda documentului.",
    hint: "State it in the currency of the document.",
  }),
];
