import { asRead, reasonOf } from "#core/formats/written/line.ts";
import { Decimal } from "#core/lib/decimal.ts";
import type { DocumentSums, VatGroup } from "#core/model/totals.ts";
import { vatInLei } from "#core/model/totals.ts";
import type { AllowanceCharge, LineAllowanceCharge } from "#core/model/ubl-extensions.ts";
import type { VatCategory } from "#core/model/words.ts";
import { element, group, limited } from "../markup.ts";

/** How a document writes its money: in one currency, and turned positive on credit notes. */
export interface Money {
  readonly currency: string;
  readonly isTurned: boolean;
}

/** An amount with two decimals, with the sign its document wants. */
export const amount = (name: string, value: Decimal, money: Money): string =>
  plainAmount(name, money.isTurned ? value.negated() : value, money.currency);

export const plainAmount = (name: string, value: Decimal, currency: string): string =>
  element(name, value.text(2), ` currencyID="${currency}"`);

const VAT_SCHEME = group("cac:TaxScheme", element("cbc:ID", "VAT"));

/** A VAT category as lines, allowances and breakdowns name it. */
const taxCategory = (name: string, category: VatCategory, rate: string | null, exemption = ""): string =>
  group(name, element("cbc:ID", category) + element("cbc:Percent", rate) + exemption + VAT_SCHEME);

/** Out of scope has no percentage (BR-O-05 to 07). */
const rateOf = (category: VatCategory, rate: string): string | null => (category === "O" ? null : rate);

const lineCategories = new Map<string, string>();

/** The VAT category of a line, BG-30. Lines repeat the same few, so each is put together once. */
export function lineTaxCategory(category: VatCategory, rate: string): string {
  const key = `${category} ${rate}`;
  const known = lineCategories.get(key);
  if (known !== undefined) return known;
  const written = taxCategory("cac:ClassifiedTaxCategory", category, rateOf(category, rate));
  lineCategories.set(key, written);
  return written;
}

/** Allowance or charge, of a document (with its VAT) or of a line, as the document reads. */
export function allowanceCharge(entry: LineAllowanceCharge, currency: string, vat = ""): string {
  return group(
    "cac:AllowanceCharge",
    element("cbc:ChargeIndicator", String(entry.chargeIndicator)) +
      element("cbc:AllowanceChargeReasonCode", entry.reasonCode) +
      element("cbc:AllowanceChargeReason", limited(reasonOf(entry), 100)) +
      element("cbc:MultiplierFactorNumeric", entry.multiplierFactorNumeric) +
      plainAmount("cbc:Amount", Decimal.from(entry.amount), currency) +
      (entry.baseAmount ? plainAmount("cbc:BaseAmount", Decimal.from(entry.baseAmount), currency) : "") +
      vat,
  );
}

/** Allowances and charges of a document, BG-20 and BG-21. */
export const documentAllowances = (
  entries: readonly AllowanceCharge[] | null | undefined,
  money: Money,
): string =>
  (entries ?? [])
    .map((entry) => {
      const vat = taxCategory(
        "cac:TaxCategory",
        entry.taxCategoryCode,
        rateOf(entry.taxCategoryCode, entry.taxRate),
      );
      return allowanceCharge(asRead(entry, money.isTurned), money.currency, vat);
    })
    .join("");

/** How a country wants the breakdown, besides what all agree on. */
interface Breakdown {
  /** The tax currency with its rate, when the document is in another. */
  readonly inTaxCurrency: { currency: string; exchangeRate: string } | undefined;
  /** Out of scope has a rate in the breakdown, of 0. */
  readonly ratesAll: boolean;
}

/** The VAT breakdown, BG-23, and the VAT total in the tax currency when it is another one (BT-111). */
export function taxTotals(sums: DocumentSums, money: Money, { inTaxCurrency, ratesAll }: Breakdown): string {
  const own = group(
    "cac:TaxTotal",
    amount("cbc:TaxAmount", sums.vatTotal, money) +
      sums.groups.map((vatGroup) => taxSubtotal(vatGroup, money, ratesAll)).join(""),
  );
  if (!inTaxCurrency) return own;
  const { currency, exchangeRate } = inTaxCurrency;
  const converted = vatInLei(sums.vatTotal, exchangeRate);
  return own + group("cac:TaxTotal", amount("cbc:TaxAmount", converted, { ...money, currency }));
}

const taxSubtotal = (vatGroup: VatGroup, money: Money, ratesAll: boolean): string =>
  group(
    "cac:TaxSubtotal",
    amount("cbc:TaxableAmount", vatGroup.taxable, money) +
      amount("cbc:TaxAmount", vatGroup.tax, money) +
      taxCategory(
        "cac:TaxCategory",
        vatGroup.category,
        ratesAll ? vatGroup.rate.text() : rateOf(vatGroup.category, vatGroup.rate.text()),
        element("cbc:TaxExemptionReasonCode", vatGroup.exemptionReasonCode) +
          element("cbc:TaxExemptionReason", limited(vatGroup.exemptionReason, 100)),
      ),
  );

/** Document totals, BG-22. On a credit note what was allowed in the stored sums is a charge, and the other way round. */
export function monetaryTotal(sums: DocumentSums, money: Money): string {
  const allowances = money.isTurned ? sums.charges : sums.allowances;
  const charges = money.isTurned ? sums.allowances : sums.charges;
  const optional = (name: string, value: Decimal): string =>
    value.isZero ? "" : plainAmount(name, value, money.currency);
  const turned = (value: Decimal): Decimal => (money.isTurned ? value.negated() : value);
  return group(
    "cac:LegalMonetaryTotal",
    amount("cbc:LineExtensionAmount", sums.lineTotal, money) +
      amount("cbc:TaxExclusiveAmount", sums.taxExclusive, money) +
      amount("cbc:TaxInclusiveAmount", sums.taxInclusive, money) +
      optional("cbc:AllowanceTotalAmount", allowances) +
      optional("cbc:ChargeTotalAmount", charges) +
      optional("cbc:PrepaidAmount", turned(sums.prepaid)) +
      optional("cbc:PayableRoundingAmount", turned(sums.rounding)) +
      amount("cbc:PayableAmount", sums.payable, money),
  );
}
