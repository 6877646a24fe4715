import { Decimal, sum } from "#core/lib/decimal.ts";
import { EXEMPTIONS } from "./codes.ts";
import type { Invoice, InvoiceLine, InvoiceTotals } from "./invoice.ts";
import type { DocumentExtensions, LineAllowanceCharge, LineExtensions } from "./ubl-extensions.ts";
import type { VatCategory } from "./words.ts";

/**
 * The arithmetic of documents. Money is rounded half away from zero, only where EN 16931 names a rounded amount: the
 * line net (BT-131) and the VAT of each category and rate (BT-117). So a document and its reversal always cancel out.
 */

type Priced = Pick<InvoiceLine, "quantity" | "unitPrice" | "vatRate" | "vatIncluded" | "discount"> & {
  ublExtensions?: LineExtensions | null;
};

/** Net (BT-131) and, for information, the VAT of one line, each rounded to 2 decimals from the unrounded value. */
export function lineAmounts(line: Priced): { net: Decimal; vat: Decimal } {
  const base = Decimal.from(line.quantity).times(line.unitPrice).minus(line.discount);
  const extra = signedSum(line.ublExtensions?.allowanceCharges);
  const rate = Decimal.from(line.vatRate);
  if (!line.vatIncluded) {
    const net = base.plus(extra);
    return { net: net.round(2), vat: percent(net, rate).round(2) };
  }
  const whole = rate.plus(100);
  return {
    net: base.times(100).dividedBy(whole, 2).plus(extra),
    vat: base.times(rate).dividedBy(whole, 2).plus(percent(extra, rate).round(2)),
  };
}

/** A discount given in percent, as money (DECISIONS 19: 2 decimals), with the sign of the quantity. */
export const discountFromPercent = (
  line: Pick<InvoiceLine, "quantity" | "unitPrice" | "discountPercent">,
): Decimal =>
  percent(Decimal.from(line.quantity).times(line.unitPrice), Decimal.from(line.discountPercent)).round(2);

/** `rate` percent of an amount, exact. */
export const percent = (amount: Decimal, rate: Decimal): Decimal => amount.times(rate).times("0.01");

/** Charges less allowances. */
export const signedSum = (entries: readonly LineAllowanceCharge[] | null | undefined): Decimal =>
  sum(
    (entries ?? []).map((entry) =>
      entry.chargeIndicator ? entry.amount : Decimal.from(entry.amount).negated(),
    ),
  );

/** One VAT breakdown of a document, BG-23. */
export interface VatGroup {
  category: VatCategory; // BT-118
  rate: Decimal; // BT-119
  taxable: Decimal; // BT-116
  tax: Decimal; // BT-117
  exemptionReasonCode: string | null; // BT-121
  exemptionReason: string | null; // BT-120
}

/** All sums of a document by their EN 16931 terms. */
export interface DocumentSums {
  lineTotal: Decimal; // BT-106
  allowances: Decimal; // BT-107
  charges: Decimal; // BT-108
  taxExclusive: Decimal; // BT-109
  vatTotal: Decimal; // BT-110
  taxInclusive: Decimal; // BT-112
  prepaid: Decimal; // BT-113
  /** What makes prices that include VAT come out as agreed: 100 lei at 21 % is 82.64 + 17.35, and one ban is missing. */
  rounding: Decimal; // BT-114
  payable: Decimal; // BT-115
  groups: VatGroup[]; // BG-23, in the order in which the document names them
}

type Summed = Priced &
  Pick<InvoiceLine, "lineTotal" | "vatRate" | "vatCategoryCode" | "exemptionReasonCode" | "exemptionReason">;

/** A group while it is added up: `tax` is still unknown, and `agreed` is its total as priced, while every line of it includes its VAT. */
interface OpenGroup extends Omit<VatGroup, "tax"> {
  agreed: Decimal | null;
}

/** The sums of a document from its computed lines and document-level allowances, charges and prepayment. */
export function documentSums(
  lines: readonly Summed[],
  extensions: DocumentExtensions | null | undefined,
): DocumentSums {
  const entries = extensions?.allowanceCharges ?? [];
  const lineTotal = sum(lines.map((line) => line.lineTotal));
  const allowances = sum(entries.filter((entry) => !entry.chargeIndicator).map((entry) => entry.amount));
  const charges = sum(entries.filter((entry) => entry.chargeIndicator).map((entry) => entry.amount));
  const open = openGroups(lines, entries);
  const groups = open.map(finished);
  const taxExclusive = lineTotal.minus(allowances).plus(charges);
  const vatTotal = sum(groups.map((group) => group.tax));
  const taxInclusive = taxExclusive.plus(vatTotal);
  const prepaid = Decimal.from(extensions?.prepaidAmount ?? 0);
  const rounding = sum(
    groups.map((group, at) => open[at]!.agreed?.minus(group.taxable).minus(group.tax) ?? 0),
  );
  const payable = taxInclusive.minus(prepaid).plus(rounding);
  return {
    lineTotal,
    allowances,
    charges,
    taxExclusive,
    vatTotal,
    taxInclusive,
    prepaid,
    rounding,
    payable,
    groups,
  };
}

function openGroups(
  lines: readonly Summed[],
  entries: NonNullable<DocumentExtensions["allowanceCharges"]>,
): OpenGroup[] {
  const groups = new Map<string, OpenGroup>();
  const group = (category: VatCategory, rate: string): OpenGroup => {
    const key = `${category} ${rate}`;
    const found = groups.get(key) ?? newGroup(category, rate);
    groups.set(key, found);
    return found;
  };
  for (const line of lines) {
    const into = group(line.vatCategoryCode, line.vatRate);
    into.taxable = into.taxable.plus(line.lineTotal);
    into.agreed =
      line.vatIncluded && !line.ublExtensions?.allowanceCharges?.length ? withAgreed(into, line) : null;
    into.exemptionReasonCode ??= line.exemptionReasonCode;
    into.exemptionReason ??= line.exemptionReason;
  }
  for (const entry of entries) {
    const into = group(entry.taxCategoryCode, entry.taxRate);
    into.taxable = entry.chargeIndicator ? into.taxable.plus(entry.amount) : into.taxable.minus(entry.amount);
    into.agreed = null;
  }
  return [...groups.values()];
}

const withAgreed = ({ agreed }: OpenGroup, line: Priced): Decimal | null =>
  agreed && agreed.plus(Decimal.from(line.quantity).times(line.unitPrice).minus(line.discount).round(2));

const newGroup = (category: VatCategory, rate: string): OpenGroup => ({
  category,
  rate: Decimal.from(rate),
  taxable: Decimal.zero,
  exemptionReasonCode: null,
  exemptionReason: null,
  agreed: Decimal.zero,
});

/** Taxes a group on its sum, and completes the reason for not taxing it with what its category implies. */
function finished(group: OpenGroup): VatGroup {
  const { category, rate, taxable } = group;
  const implied = EXEMPTIONS[category];
  const isTaxed = category === "S" || category === "Z";
  return {
    category,
    rate,
    taxable,
    tax: percent(taxable, rate).round(2),
    exemptionReasonCode: isTaxed ? null : (group.exemptionReasonCode ?? implied.code),
    exemptionReason: isTaxed ? null : (group.exemptionReason ?? implied.reason),
  };
}

/** The totals stored on a document. */
export function invoiceTotals(invoice: Pick<Invoice, "lines" | "ublExtensions">): InvoiceTotals {
  const sums = documentSums(invoice.lines, invoice.ublExtensions);
  return {
    subtotal: sums.lineTotal.text(),
    vatTotal: sums.vatTotal.text(),
    total: sums.taxInclusive.text(),
    discount: sum(invoice.lines.map((line) => line.discount)).text(),
    payable: sums.payable.text(),
  };
}

/** VAT in lei of a document in another currency (BT-111), at its rate in lei per unit. */
export const vatInLei = (vatTotal: Decimal, exchangeRate: string): Decimal =>
  vatTotal.times(exchangeRate).round(2);
