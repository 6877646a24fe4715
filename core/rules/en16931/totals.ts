import { anywhere, document, underRoot } from "../contexts.ts";
import { Exact } from "../engine/exact.ts";
import { all, everywhere, first, path, type Path } from "../engine/path.ts";
import { fatal, type Rule, type RuleSet } from "../engine/rule.ts";
import { custom, exists, twoDecimals } from "../engine/tests.ts";
import { toDouble } from "../engine/values.ts";
import { onlyDecimal } from "../engine/vat-sums.ts";
import { isCharge } from "../engine/vat.ts";
import type { View } from "../engine/view.ts";
import { invoiceRoot } from "../structure/models.ts";
import { nameNumber } from "../names.ts";
import type { Edition } from "./edition.ts";

const lineAmount = path("cbc:LineExtensionAmount");
const allowanceTotal = path("cbc:AllowanceTotalAmount");
const chargeTotal = path("cbc:ChargeTotalAmount");
const taxExclusive = path("cbc:TaxExclusiveAmount");
const taxInclusive = path("cbc:TaxInclusiveAmount");
const prepaid = path("cbc:PrepaidAmount");
const rounding = path("cbc:PayableRoundingAmount");
const payable = path("cbc:PayableAmount");
const amount = path("cbc:Amount");
const allowanceCharge = nameNumber("cac:AllowanceCharge");
const invoiceLine = nameNumber("cac:InvoiceLine");
const creditNoteLine = nameNumber("cac:CreditNoteLine");

/** The totals of the document. All sums are exact: a difference of one cent is a difference. */
export function totalRules({ isOlder }: Edition): RuleSet[] {
  const due: RuleSet = {
    pattern: "model",
    context: underRoot("cac:LegalMonetaryTotal/cbc:PayableAmount", [invoiceRoot]),
    rules: [dueDate],
  };
  return [
    ...(isOlder ? [due] : []),
    {
      pattern: "model",
      context: anywhere("cac:LegalMonetaryTotal"),
      rules: [...given, ...sums, ...decimals],
    },
    { pattern: "model", context: document, rules: [withVat] },
  ];
}

const required = (id: string, term: string, name: string, en: string, ro: string): Rule =>
  fatal(id, term, exists(`cbc:${name}`), {
    en: `The total ${en} is missing.`,
    ro: `Lipsește totalul ${ro}.`,
    hint: `Fill in the total (cbc:${name}).`,
  });

const given: readonly Rule[] = [
  required(
    "BR-12",
    "BT-106",
    "LineExtensionAmount",
    "of the lines' net amounts",
    "valorilor nete ale liniilor",
  ),
  required("BR-13", "BT-109", "TaxExclusiveAmount", "without VAT", "fără TVA"),
  required("BR-14", "BT-112", "TaxInclusiveAmount", "with VAT", "cu TVA"),
  required("BR-15", "BT-115", "PayableAmount", "to be paid", "de plată"),
];

const sums: readonly Rule[] = [
  fatal("BR-CO-10", "BT-106 BT-131", custom(addsUpLines, "cbc:LineExtensionAmount"), {
    en: "The total of the lines is not the sum of their net amounts.",
    ro: "Totalul liniilor nu este suma valorilor lor nete.",
    hint: "Add up the net amounts of all lines and round to two decimals.",
  }),
  fatal("BR-CO-11", "BT-107 BT-92", custom(addsUp(allowanceTotal, false), "cbc:AllowanceTotalAmount"), {
    en: "The total of allowances is not the sum of the document's allowances.",
    ro: "Totalul reducerilor nu este suma reducerilor la nivelul documentului.",
    hint: "Add up the allowances of the document; leave the total out when there are none.",
  }),
  fatal("BR-CO-12", "BT-108 BT-99", custom(addsUp(chargeTotal, true), "cbc:ChargeTotalAmount"), {
    en: "The total of charges is not the sum of the document's charges.",
    ro: "Totalul taxelor suplimentare nu este suma taxelor la nivelul documentului.",
    hint: "Add up the charges of the document; leave the total out when there are none.",
  }),
  fatal("BR-CO-13", "BT-109 BT-106 BT-107 BT-108", custom(isWithoutVat, "cbc:TaxExclusiveAmount"), {
    en: "The total without VAT is not lines less allowances plus charges.",
    ro: "Totalul fără TVA nu este egal cu liniile minus reducerile plus taxele suplimentare.",
    hint: "Compute the total without VAT from the total of lines, allowances and charges.",
  }),
  fatal("BR-CO-16", "BT-115 BT-112 BT-113 BT-114", custom(isPayable, "cbc:PayableAmount"), {
    en: "The amount to be paid is not the total with VAT less prepayments plus rounding.",
    ro: "Suma de plată nu este totalul cu TVA minus sumele plătite plus rotunjirea.",
    hint: "Compute the amount to be paid from the total with VAT, the prepaid and the rounding amount.",
  }),
];

const notFiner = (id: string, term: string, name: string, en: string, ro: string): Rule =>
  fatal(id, term, twoDecimals(`cbc:${name}`), {
    en: `The ${en} has more than two decimals.`,
    ro: `${ro} are mai mult de două zecimale.`,
    hint: "Round the amount to two decimals.",
  });

/** RO_CIUS asks the same again under ids of its own, hence the prefix. */
export const totalDecimals = (prefix: string): Rule[] => [
  notFiner(`${prefix}09`, "BT-106", "LineExtensionAmount", "total of the lines", "Totalul liniilor"),
  notFiner(`${prefix}10`, "BT-107", "AllowanceTotalAmount", "total of allowances", "Totalul reducerilor"),
  notFiner(`${prefix}11`, "BT-108", "ChargeTotalAmount", "total of charges", "Totalul taxelor suplimentare"),
  notFiner(`${prefix}12`, "BT-109", "TaxExclusiveAmount", "total without VAT", "Totalul fără TVA"),
  notFiner(`${prefix}14`, "BT-112", "TaxInclusiveAmount", "total with VAT", "Totalul cu TVA"),
  notFiner(`${prefix}16`, "BT-113", "PrepaidAmount", "prepaid amount", "Suma plătită în avans"),
  notFiner(`${prefix}17`, "BT-114", "PayableRoundingAmount", "rounding amount", "Rotunjirea"),
  notFiner(`${prefix}18`, "BT-115", "PayableAmount", "amount to be paid", "Suma de plată"),
];
const decimals = totalDecimals("BR-DEC-");

/** `round(x * 10 * 10) div 100` */
export const cents = (value: Exact): Exact => value.round(2);

/** Whether two amounts are both there and equal: XPath compares nothing with anything as false. */
const same = (left: Exact | undefined, right: Exact | undefined): boolean =>
  left !== undefined && right !== undefined && left.equals(right);

function addsUpLines(view: View, node: number): boolean {
  return same(
    onlyDecimal(view, node, lineAmount),
    view.once("sum of lines", () => cents(sumOfLines(view))),
  );
}

function sumOfLines(view: View): Exact {
  let sum = Exact.zero;
  for (const name of [invoiceLine, creditNoteLine]) {
    for (const line of everywhere(view, name))
      sum = sum.plus(onlyDecimal(view, line, lineAmount) ?? Exact.zero);
  }
  return sum;
}

function addsUp(total: Path, charge: boolean): (view: View, node: number) => boolean {
  return (view, node) => {
    const parent = view.doc.parent[node]!;
    const parts = view.once(`adjustments ${parent} ${charge}`, () => adjustmentsOf(view, parent, charge));
    if (first(view, node, total) < 0) return parts.length === 0;
    const sum = view.once(`adjustment sum ${parent} ${charge}`, () =>
      parts.reduce((before, each) => before.plus(onlyDecimal(view, each, amount) ?? Exact.zero), Exact.zero),
    );
    return same(onlyDecimal(view, node, total), cents(sum));
  };
}

function adjustmentsOf(view: View, parent: number, charge: boolean): number[] {
  const siblings = parent < 0 ? [] : all(view, parent, [allowanceCharge]);
  return siblings.filter((each) => isCharge(view, each, charge));
}

function isWithoutVat(view: View, node: number): boolean {
  const total = onlyDecimal(view, node, taxExclusive);
  let expected = onlyDecimal(view, node, lineAmount);
  const added = onlyDecimal(view, node, chargeTotal);
  const deducted = onlyDecimal(view, node, allowanceTotal);
  // Without allowances and charges the totals are compared as they stand, unrounded.
  if (added === undefined && deducted === undefined) return same(total, expected);
  if (added) expected = expected?.plus(added);
  if (deducted) expected = expected?.minus(deducted);
  return same(total, expected && cents(expected));
}

function isPayable(view: View, node: number): boolean {
  const toPay = onlyDecimal(view, node, payable);
  const total = onlyDecimal(view, node, taxInclusive);
  const paid = onlyDecimal(view, node, prepaid);
  const rounded = onlyDecimal(view, node, rounding);
  const left = rounded && toPay ? cents(toPay.minus(rounded)) : toPay;
  const right = paid && total ? cents(total.minus(paid)) : total;
  return same(left, right);
}

const documentCurrency = path("cbc:DocumentCurrencyCode");
const taxTotal = nameNumber("cac:TaxTotal");
const taxAmount = nameNumber("cbc:TaxAmount");
const monetaryTotal = nameNumber("cac:LegalMonetaryTotal");
const currencyID = nameNumber("currencyID");

const withVat = fatal(
  "BR-CO-15",
  "BT-112 BT-109 BT-110",
  custom(isWithVat, "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount"),
  {
    en: "The total with VAT is not the total without VAT plus the VAT total.",
    ro: "Totalul cu TVA nu este totalul fără TVA plus totalul TVA.",
    hint: "Give exactly one VAT total in the currency of the document and add it to the total without VAT.",
  },
);

function isWithVat(view: View, node: number): boolean {
  const currencies = all(view, node, documentCurrency);
  if (currencies.length === 0) return true;
  const vat = vatByCurrency(view, node);
  const totals = all(view, node, [monetaryTotal]);
  const without = totals.flatMap((total) => onlyDecimal(view, total, taxExclusive) ?? []);
  if (without.length !== 1) return false;
  const totalsWithVat = readableTotals(view, totals);
  return currencies.every((currency) => {
    const amountNode = vat.get(view.text(currency));
    if (amountNode === undefined) return false;
    return totalsWithVat.has(cents(without[0]!.plus(Exact.parse(view.text(amountNode)))).key());
  });
}

/** The totals with VAT, as keys, up to the first that is no number: nobody gets past it. */
function readableTotals(view: View, totals: readonly number[]): ReadonlySet<string> {
  const keys = new Set<string>();
  try {
    for (const total of totals) {
      const value = onlyDecimal(view, total, taxInclusive);
      if (value) keys.add(value.key());
    }
  } catch (error) {
    view.forgive(error);
  }
  return keys;
}

/** The VAT total of each currency that has exactly one. */
function vatByCurrency(view: View, node: number): ReadonlyMap<string, number | undefined> {
  const found = new Map<string, number | undefined>();
  for (const total of all(view, node, [taxTotal])) {
    for (const each of all(view, total, [taxAmount])) {
      const currency = view.attributeText(each, currencyID);
      if (currency !== undefined) found.set(currency, found.has(currency) ? undefined : each);
    }
  }
  return found;
}

const dueDateName = nameNumber("cbc:DueDate");
const paymentTerms = nameNumber("cac:PaymentTerms");
const note = nameNumber("cbc:Note");

/** Credit notes are not asked: the official context names only the invoice. */
const dueDate = fatal("BR-CO-25", "BT-115 BT-9 BT-20", custom(saysWhenToPay), {
  en: "There is something to pay but neither a due date nor payment terms.",
  ro: "Există o sumă de plată, dar nici scadență, nici termeni de plată.",
  hint: "Fill in the due date or the payment terms.",
});

function saysWhenToPay(view: View, node: number): boolean {
  const value = toDouble(view.text(node));
  if (value <= 0) return true;
  if (!(value > 0)) return false;
  if (view.first[dueDateName]! >= 0) return true;
  for (const terms of everywhere(view, paymentTerms)) if (view.child(terms, note) >= 0) return true;
  return false;
}
