import { lines, under, where } from "../contexts.ts";
import { Exact } from "../engine/exact.ts";
import { all, first, onlyNormalized, path, some } from "../engine/path.ts";
import { fatal, type Context, type Rule, type RuleSet, warning } from "../engine/rule.ts";
import { custom } from "../engine/tests.ts";
import { onlyDecimal } from "../engine/vat-sums.ts";
import type { View } from "../engine/view.ts";
import { cents } from "../en16931/totals.ts";
import { nameNumber } from "../names.ts";
import { invoiceRoot } from "../structure/models.ts";
import { slackOf } from "./values.ts";

const lineAmount = path("cbc:LineExtensionAmount");
const invoiced = path("cbc:InvoicedQuantity");
const credited = path("cbc:CreditedQuantity");
const priceAmount = path("cac:Price/cbc:PriceAmount");
const baseQuantity = path("cac:Price/cbc:BaseQuantity");
const adjustments = path("cac:AllowanceCharge");
const indicator = path("cbc:ChargeIndicator");
const amount = path("cbc:Amount");
const reference = path("cac:DocumentReference");
const referenceType = path("cbc:DocumentTypeCode");
const unitCode = nameNumber("unitCode");

const set = (context: Context, ...rules: Rule[]): RuleSet => ({ pattern: "Peppol", context, rules });

/** Lines are quantity × price, and prices speak of the same unit. */
export function peppolLineRules(): RuleSet[] {
  return [
    set(lines, isComputed, positiveBase, onlyObject),
    set(under("cac:Price/cac:AllowanceCharge"), noCharge, netPrice),
    set(priceBase, sameUnit),
  ];
}

const isComputed = warning(
  "PEPPOL-EN16931-R120",
  "BT-131 BT-129 BT-146 BT-149",
  custom(addsUp, "cbc:LineExtensionAmount"),
  {
    en: "The net amount of a line is not quantity × price with its allowances and charges.",
    ro: "Valoarea netă a unei linii nu este cantitate × preț cu reducerile și taxele ei.",
    hint: "Compute it as quantity × price / base quantity, plus charges, less allowances.",
  },
);

const quantityPath = (view: View): readonly number[] =>
  view.doc.name[0] === invoiceRoot ? invoiced : credited;

function addsUp(view: View, node: number): boolean {
  const given = onlyDecimal(view, node, lineAmount) ?? Exact.zero;
  const quantity = onlyDecimal(view, node, quantityPath(view)) ?? Exact.one;
  const price = onlyDecimal(view, node, priceAmount) ?? Exact.zero;
  const base = onlyDecimal(view, node, baseQuantity);
  const perUnit = base === undefined || base.isZero ? price : quotient(price, base);
  const expected = quantity
    .times(perUnit)
    .plus(adjustmentsOf(view, node, "true"))
    .minus(adjustmentsOf(view, node, "false"));
  return given.minus(expected).abs().compare(slackOf(view)) <= 0;
}

/** Decimal division as the official engine does it: to 18 digits at least, a half towards zero. */
function quotient(dividend: Exact, divisor: Exact): Exact {
  const scale = Math.max(18, dividend.scale, divisor.scale);
  const numerator = dividend.units * 10n ** BigInt(scale - dividend.scale + divisor.scale);
  const whole = numerator / divisor.units;
  const rest = numerator - whole * divisor.units;
  const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
  if (absolute(rest) * 2n <= absolute(divisor.units)) return new Exact(whole, scale);
  return new Exact(numerator < 0n === divisor.units < 0n ? whole + 1n : whole - 1n, scale);
}

function adjustmentsOf(view: View, node: number, kind: "true" | "false"): Exact {
  const sum = all(view, node, adjustments)
    .filter((each) => onlyNormalized(view, each, indicator) === kind)
    .flatMap((each) => all(view, each, amount))
    .reduce((before, each) => before.plus(Exact.parse(view.text(each))), Exact.zero);
  return cents(sum);
}

const positiveBase = fatal(
  "PEPPOL-EN16931-R121",
  "BT-149",
  custom(isBasePositive, "cac:Price/cbc:BaseQuantity"),
  {
    en: "The quantity that a price is for is not above zero.",
    ro: "Cantitatea pentru care este dat prețul nu este mai mare decât zero.",
    hint: "Give a base quantity above zero or leave it out.",
  },
);

function isBasePositive(view: View, node: number): boolean {
  const base = onlyDecimal(view, node, baseQuantity);
  return base === undefined || base.compare(Exact.zero) > 0;
}

const onlyObject = fatal("PEPPOL-EN16931-R101", "BT-128", custom(isObject, "cac:DocumentReference"), {
  en: "A line refers to a document that is not the invoiced object.",
  ro: "O linie trimite la un document care nu este obiectul facturat.",
  hint: "Give the reference the type code 130 or leave it out.",
});

function isObject(view: View, node: number): boolean {
  return (
    first(view, node, reference) < 0 ||
    all(view, node, reference).some((each) =>
      some(view, each, referenceType, (type) => view.text(type) === "130"),
    )
  );
}

const noCharge = fatal(
  "PEPPOL-EN16931-R044",
  "BT-147",
  custom((view, node) => onlyNormalized(view, node, indicator) === "false", "cbc:ChargeIndicator"),
  {
    en: "A price is changed by a charge, where only a discount may stand.",
    ro: "Un preț este modificat de o taxă, unde poate sta doar o reducere.",
    hint: "Write false, or put the charge into the price itself.",
  },
);

const netPrice = fatal("PEPPOL-EN16931-R046", "BT-146 BT-148 BT-147", custom(isNet, "cbc:BaseAmount"), {
  en: "The net price is not the gross price less the discount.",
  ro: "Prețul net nu este prețul brut minus reducerea.",
  hint: "Compute the net price from gross price and discount.",
});

const gross = path("cbc:BaseAmount");
const net = path("cbc:PriceAmount");

function isNet(view: View, node: number): boolean {
  const before = onlyDecimal(view, node, gross);
  if (before === undefined) return true;
  const discount = onlyDecimal(view, node, amount);
  const after = onlyDecimal(view, view.doc.parent[node]!, net);
  return after !== undefined && discount !== undefined && after.equals(before.minus(discount));
}

const priceBase = where(
  under("cac:Price/cbc:BaseQuantity"),
  (view, node) => view.attribute(node, unitCode) >= 0,
  "[@unitCode]",
);

const sameUnit = fatal("PEPPOL-EN16931-R130", "BT-150 BT-130", custom(isSameUnit, "@unitCode"), {
  en: "The unit of a price's base quantity is not the unit of the line.",
  ro: "Unitatea cantității de bază a prețului nu este unitatea liniei.",
  hint: "Use the unit of the invoiced quantity.",
});

function isSameUnit(view: View, node: number): boolean {
  const { parent } = view.doc;
  const line = parent[parent[node]!]!;
  if (line < 0 || [invoiced, credited].every((each) => first(view, line, each) < 0)) return true;
  const units = view.once(
    `units ${line}`,
    () => new Set(all(view, line, quantityPath(view)).map((each) => view.attributeText(each, unitCode))),
  );
  return units.has(view.attributeText(node, unitCode));
}
