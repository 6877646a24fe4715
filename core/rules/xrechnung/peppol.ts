import { anywhere, under, where } from "../contexts.ts";
import { engineFault } from "../engine/fault.ts";
import { all, first, only, onlyNormalized, path, type Path } from "../engine/path.ts";
import { fatal, type Context, type Rule, type RuleSet } from "../engine/rule.ts";
import { custom, exists } from "../engine/tests.ts";
import { normalizeSpace, toDateMinutes, toDouble } from "../engine/values.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";
import { peppolAdjustmentRules } from "./peppol-adjustments.ts";
import { peppolLineRules } from "./peppol-lines.ts";
import { oneText } from "./values.ts";

const set = (context: Context, ...rules: Rule[]): RuleSet => ({ pattern: "Peppol", context, rules });

/** The rules of Peppol BIS Billing that XRechnung has made its own. Their order matters: the first context takes. */
export function peppolRules(): RuleSet[] {
  return [
    { pattern: "Peppol, empty", context: leaf, rules: [notEmpty] },
    set(anywhere("ubl:Invoice cn:CreditNote"), ...wholeDocument),
    set(anywhere("cbc:TaxCurrencyCode"), otherCurrency),
    set(
      under("cac:AccountingCustomerParty/cac:Party"),
      electronicAddress("PEPPOL-EN16931-R010", "BT-49", "buyer", "Cumpărătorul"),
    ),
    set(
      under("cac:AccountingSupplierParty/cac:Party"),
      electronicAddress("PEPPOL-EN16931-R020", "BT-34", "seller", "Vânzătorul"),
    ),
    ...peppolAdjustmentRules(),
    set(directDebit, mandate),
    set(
      linePeriod("cbc:StartDate"),
      within("PEPPOL-EN16931-R110", "BT-134 BT-73", "cbc:StartDate", (line, whole) => line >= whole),
    ),
    set(
      linePeriod("cbc:EndDate"),
      within("PEPPOL-EN16931-R111", "BT-135 BT-74", "cbc:EndDate", (line, whole) => line <= whole),
    ),
    ...peppolLineRules(),
  ];
}

/** Elements of any name without elements in them. */
const leaf: Context = {
  title: "every element without elements",
  names: [],
  takesName: () => true,
  matches: (view, node) => view.doc.end[node] === node + 1,
};

const notEmpty = fatal("PEPPOL-EN16931-R008", "", custom(hasContent), {
  en: "An element is empty.",
  ro: "Un element este gol.",
  hint: "Fill it in or leave it out.",
});

function hasContent(view: View, node: number): boolean {
  const letter = view.doc.source.charCodeAt(view.doc.contentStart[node]!);
  // What begins with a sign that is neither blank nor markup need not be read.
  if (letter > 0x20 && letter !== 0x26 && letter !== 0x3c && view.mostLength(node) > 0) return true;
  return normalizeSpace(view.text(node)) !== "";
}

const taxTotal = path("cac:TaxTotal");
const subtotal = path("cac:TaxSubtotal");
const taxAmount = path("cbc:TaxAmount");
const taxCurrency = path("cbc:TaxCurrencyCode");
const documentCurrency = path("cbc:DocumentCurrencyCode");
const currencyID = nameNumber("currencyID");

const totals = (view: View, node: number, isDetailed: boolean): number =>
  all(view, node, taxTotal).filter((each) => first(view, each, subtotal) >= 0 === isDetailed).length;

const wholeDocument: readonly Rule[] = [
  fatal("PEPPOL-EN16931-R001", "BT-23", exists("cbc:ProfileID"), {
    en: "The business process is missing.",
    ro: "Lipsește procesul de afaceri.",
    hint: "Write urn:fdc:peppol.eu:2017:poacc:billing:01:1.0.",
  }),
  fatal(
    "PEPPOL-EN16931-R053",
    "BT-110",
    custom((view, node) => totals(view, node, true) === 1, "cac:TaxTotal"),
    {
      en: "There is not exactly one VAT total with a breakdown.",
      ro: "Nu există exact un total TVA cu defalcare.",
      hint: "Give one VAT total with its breakdown, in the currency of the document.",
    },
  ),
  fatal(
    "PEPPOL-EN16931-R054",
    "BT-111 BT-6",
    custom(
      (view, node) => totals(view, node, false) === (first(view, node, taxCurrency) >= 0 ? 1 : 0),
      "cac:TaxTotal",
    ),
    {
      en: "The VAT total in the accounting currency is missing or superfluous.",
      ro: "Totalul TVA în moneda de contabilizare lipsește sau este în plus.",
      hint: "Give one VAT total without a breakdown if there is a VAT accounting currency, else none.",
    },
  ),
  fatal("PEPPOL-EN16931-R055", "BT-110 BT-111", custom(haveOneSign, "cac:TaxTotal"), {
    en: "The VAT totals in the two currencies have different signs.",
    ro: "Totalurile TVA în cele două monede au semne diferite.",
    hint: "Convert the VAT total; it keeps its sign.",
  }),
];

function haveOneSign(view: View, node: number): boolean {
  if (first(view, node, taxCurrency) < 0) return true;
  const amounts = (currency: Path): number[] =>
    all(view, node, taxTotal)
      .flatMap((total) => all(view, total, taxAmount))
      .filter((each) => view.attributeText(each, currencyID) === onlyNormalized(view, node, currency))
      .map((each) => toDouble(view.text(each)));
  const [foreign, own] = [amounts(taxCurrency), amounts(documentCurrency)];
  const inBoth = (is: (amount: number) => boolean): boolean => foreign.some(is) && own.some(is);
  return inBoth((amount) => amount <= 0) || inBoth((amount) => amount >= 0);
}

const otherCurrency = fatal("PEPPOL-EN16931-R005", "BT-6 BT-5", custom(isOther), {
  en: "The VAT accounting currency is the currency of the document.",
  ro: "Moneda de contabilizare a TVA este chiar moneda documentului.",
  hint: "Leave the VAT accounting currency out.",
});

function isOther(view: View, node: number): boolean {
  const parent = view.doc.parent[node]!;
  const currency = parent < 0 ? -1 : only(view, parent, documentCurrency);
  return normalizeSpace(oneText(view, node)) !== normalizeSpace(oneText(view, currency));
}

const electronicAddress = (id: string, term: string, en: string, ro: string): Rule =>
  fatal(id, term, exists("cbc:EndpointID"), {
    en: `The electronic address of the ${en} is missing.`,
    ro: `${ro} nu are adresă electronică.`,
    hint: "Give an address with its scheme, for example an e-mail address with EM.",
  });

const code = path("cbc:PaymentMeansCode");
const directDebit = where(
  anywhere("cac:PaymentMeans"),
  (view, node) => ["49", "59"].includes(onlyNormalized(view, node, code)),
  "[code 49, 59]",
);

const mandate = fatal("PEPPOL-EN16931-R061", "BT-89", exists("cac:PaymentMandate/cbc:ID"), {
  en: "Payment is by direct debit but the mandate's reference is missing.",
  ro: "Plata se face prin debitare directă, dar lipsește referința mandatului.",
  hint: "Give the reference of the mandate.",
});

/** A day of a line's period in a document that has a period of its own with that day. */
function linePeriod(name: string): Context {
  const whole = path(`cac:InvoicePeriod/${name}`);
  const invoice = under(`ubl:Invoice/cac:InvoiceLine/cac:InvoicePeriod/${name}`);
  const creditNote = under(`cn:CreditNote/cac:CreditNoteLine/cac:InvoicePeriod/${name}`);
  return {
    ...invoice,
    title: `line/cac:InvoicePeriod/${name}`,
    matches: (view, node) =>
      (invoice.matches!(view, node) || creditNote.matches!(view, node)) &&
      view.once(`period ${name}`, () => first(view, 0, whole)) >= 0,
  };
}

function within(
  id: string,
  terms: string,
  name: string,
  isWithin: (line: number, whole: number) => boolean,
): Rule {
  const wholePath = path(`cac:InvoicePeriod/${name}`);
  const holds = (view: View, node: number): boolean => {
    const whole = view.once(`whole ${name}`, () => dayOf(view.text(only(view, 0, wholePath))));
    return isWithin(dayOf(oneText(view, node)), whole);
  };
  return fatal(id, terms, custom(holds), {
    en: "The period of a line is not within the period of the document.",
    ro: "Perioada unei linii nu este în perioada documentului.",
    hint: "Correct one of the periods.",
  });
}

function dayOf(text: string): number {
  const day = toDateMinutes(text);
  if (day === undefined) throw engineFault;
  return day;
}
