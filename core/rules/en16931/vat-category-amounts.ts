import { Exact } from "../engine/exact.ts";
import { only, path } from "../engine/path.ts";
import type { Test } from "../engine/rule.ts";
import { absent, custom, oneExists, someNumber } from "../engine/tests.ts";
import { shiftedAsDouble } from "../engine/values.ts";
import { onlyDecimal, type Tally } from "../engine/vat-sums.ts";
import type { View } from "../engine/view.ts";
import { nameNumber } from "../names.ts";
import { isWithinOne } from "./vat-breakdown.ts";
import type { Category } from "./vat-category.ts";

const percent = path("cbc:Percent");
const taxAmount = path("cbc:TaxAmount");
const taxableAmount = path("cbc:TaxableAmount");
const invoiceLine = nameNumber("cac:InvoiceLine");
const creditNoteLine = nameNumber("cac:CreditNoteLine");

/** The entry of the breakdown a tax category stands in. */
const entryOf = (view: View, category: number): number => view.doc.parent[category]!;

/** Rules 05, 06 and 07: which rate goes with the category. */
export function rateOf({ rate }: Category): Test {
  if (rate === "none") return absent("cbc:Percent");
  if (rate === "positive") return someNumber("cbc:Percent", (value) => value > 0);
  if (rate === "not-negative") return someNumber("cbc:Percent", (value) => value >= 0);
  return custom((view, node) => onlyDecimal(view, node, percent)?.isZero ?? false, "cbc:Percent");
}

/** Rule 08: the taxable amount is what lines and charges less allowances of the category add up to. */
export function baseOf(category: Category): Test {
  return custom(category.byRate ? isBaseOfRate(category) : isBase(category));
}

function isBase({ code }: Category): (view: View, node: number) => boolean {
  const agrees = (view: View, node: number, lines: Tally): boolean =>
    onlyDecimal(view, entryOf(view, node), taxableAmount)?.equals(
      lines.sum(code).plus(view.vatSums.adjustment(code)),
    ) ?? false;
  return (view, node) =>
    (view.first[invoiceLine]! >= 0 && agrees(view, node, view.vatSums.invoiceLines)) ||
    (view.first[creditNoteLine]! >= 0 && agrees(view, node, view.vatSums.creditNoteLines));
}

/**
 * By rate, strictly less than one unit may lie between. S also wants a line, allowance or charge of the same rate to
 * exist; for L and M any line will do.
 */
function isBaseOfRate({ code }: Category): (view: View, node: number) => boolean {
  const occurs = (view: View, lines: Tally, lineName: number, rate: string): boolean =>
    code === "S"
      ? lines.has(code, rate) || view.vatSums.adjustments.has(code, rate)
      : view.first[lineName]! >= 0;
  return (view, node) => {
    const rate = onlyDecimal(view, node, percent)?.key();
    if (rate === undefined) return true;
    const { invoiceLines, creditNoteLines } = view.vatSums;
    return (
      (occurs(view, invoiceLines, invoiceLine, rate) && isNear(view, node, invoiceLines, code, rate)) ||
      (occurs(view, creditNoteLines, creditNoteLine, rate) && isNear(view, node, creditNoteLines, code, rate))
    );
  };
}

/** The official test shifts the amount by one as a double, so at the very limit binary fractions decide. */
function isNear(view: View, node: number, lines: Tally, code: string, rate: string): boolean {
  const base = only(view, entryOf(view, node), taxableAmount);
  if (base < 0) return false;
  const text = view.text(base);
  const sum = lines.sum(code, rate).plus(view.vatSums.adjustment(code, rate));
  return shiftedAsDouble(text, -1).compare(sum) < 0 && shiftedAsDouble(text, 1).compare(sum) > 0;
}

/** Rule 09: the VAT amount is base × rate, or zero where the category knows no tax. */
export function taxOf({ byRate }: Category): Test {
  return custom((view, node) => {
    const entry = entryOf(view, node);
    const tax = onlyDecimal(view, entry, taxAmount);
    if (!byRate) return tax?.equals(Exact.zero) ?? false;
    return isWithinOne(tax, onlyDecimal(view, entry, taxableAmount), onlyDecimal(view, node, percent));
  });
}

/** Rule 10: whether there is a reason for not paying VAT. */
export function reasonOf({ needsReason }: Category): Test {
  const reason = oneExists("cbc:TaxExemptionReason", "cbc:TaxExemptionReasonCode");
  return needsReason ? reason : custom((view, node) => !reason.holds(view, node), "cbc:TaxExemptionReason");
}
