import { Decimal, sum, ZERO } from "#core/lib/decimal.ts";
import { newId } from "#core/lib/ids.ts";
import { unitName } from "#core/model/codes.ts";
import type { InvoiceLine } from "#core/model/invoice.ts";
import { percent } from "#core/model/totals.ts";
import type {
  AllowanceCharge,
  LineAllowanceCharge,
  LineExtensions,
  Period,
} from "#core/model/ubl-extensions.ts";
import { saysNothing, type Sign, signed } from "./amounts.ts";

type Vat = Pick<InvoiceLine, "vatCategoryCode" | "vatRate">;

/** What a syntax says of an allowance or charge, as it says it. */
export interface GivenAllowance {
  readonly isCharge: boolean;
  readonly amount: Decimal | null;
  readonly reasonCode: string | null;
  readonly reason: string | null;
  readonly baseAmount: Decimal | null;
  readonly percent: Decimal | null;
}

/** An allowance or charge. When all signs are turned it stays positive and changes its kind instead. */
export const allowanceOf = (given: GivenAllowance, sign: Sign): LineAllowanceCharge => ({
  chargeIndicator: sign < 0 ? !given.isCharge : given.isCharge,
  amount: (given.amount ?? Decimal.zero).text(),
  reasonCode: sign < 0 ? null : given.reasonCode,
  reason: given.reason,
  baseAmount: given.baseAmount?.text() ?? null,
  multiplierFactorNumeric: given.percent?.text() ?? null,
});

/** An allowance or charge of the document, with its VAT. */
export const documentAllowanceOf = (
  allowance: LineAllowanceCharge,
  { vatCategoryCode, vatRate }: Vat,
): AllowanceCharge => ({ ...allowance, taxCategoryCode: vatCategoryCode, taxRate: vatRate });

/** An invoicing period (BG-14, BG-26); null when it has neither end. */
export const periodOf = (startDate: string | null, endDate: string | null): Period | null =>
  startDate || endDate ? { startDate, endDate, descriptionCode: null } : null;

/** What a line says beside its sums and in the same words in every syntax. */
type Told = Pick<
  InvoiceLine,
  | "productCode"
  | "lineNote"
  | "buyerAccountingRef"
  | "buyerItemIdentification"
  | "standardItemIdentification"
  | "cpvCode"
  | "ncCode"
>;

/** What a syntax says of a line, as it says it. */
export interface GivenLine {
  readonly description: string | null;
  readonly quantity: Decimal | null;
  readonly unitCode: string | null;
  readonly unitPrice: Decimal;
  readonly lineTotal: Decimal | null;
  readonly vat: Vat;
  readonly allowances: readonly GivenAllowance[];
  readonly told: Told;
  readonly invoicePeriod: Period | null;
  readonly originCountry: string | null;
  /** Attributes of the item (BG-32); one without name or value says nothing. */
  readonly properties: readonly { readonly name: string | null; readonly value: string | null }[];
}

/** One line of a received document. Amounts are the sender's; only the informational VAT is computed. */
export function lineOf(given: GivenLine, position: number, sign: Sign): InvoiceLine {
  const { vat, told } = given;
  const lineTotal = signed(given.lineTotal, sign);
  const entries = given.allowances.map((one) => allowanceOf(one, sign));
  const discount = sum(entries.filter((entry) => !entry.chargeIndicator).map((entry) => entry.amount));
  return {
    id: newId(),
    position,
    productId: null,
    description: given.description ?? "",
    quantity: signed(given.quantity ?? Decimal.from(1), sign).text(),
    unitOfMeasure: unitName(given.unitCode ?? "H87"),
    unitPrice: given.unitPrice.text(),
    ...vat,
    exemptionReasonCode: null,
    exemptionReason: null,
    vatAmount: percent(lineTotal, Decimal.from(vat.vatRate)).round(2).text(),
    lineTotal: lineTotal.text(),
    discount: discount.text(),
    discountPercent: ZERO,
    vatIncluded: false,
    ...told,
    ublExtensions: extensionsOf(
      given,
      entries.filter((entry) => entry.chargeIndicator),
    ),
  };
}

function extensionsOf(
  { invoicePeriod, originCountry, properties }: GivenLine,
  allowanceCharges: LineAllowanceCharge[],
): LineExtensions | null {
  const additionalItemProperties = properties.flatMap(({ name, value }) =>
    name && value ? [{ name, value }] : [],
  );
  const found = { invoicePeriod, originCountry, allowanceCharges, additionalItemProperties };
  return saysNothing(found) ? null : found;
}
