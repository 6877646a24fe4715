import {
  classified,
  saysNothing,
  type Sign,
  signed,
  unitPriceOf,
  vatOf,
} from "#core/formats/received/amounts.ts";
import type { Reader } from "#core/formats/received/reader.ts";
import { Decimal, sum, ZERO } from "#core/lib/decimal.ts";
import { newId } from "#core/lib/ids.ts";
import type { XmlNode } from "#core/lib/xml/index.ts";
import { unitName } from "#core/model/codes.ts";
import type { InvoiceLine } from "#core/model/invoice.ts";
import { percent } from "#core/model/totals.ts";
import type {
  AllowanceCharge,
  LineAllowanceCharge,
  LineExtensions,
  Period,
} from "#core/model/ubl-extensions.ts";
import { dayIn } from "./days.ts";

/** Lines that add nothing to the totals: headings over others, and what is told for information only. */
const UNCOUNTED: ReadonlySet<string | null> = new Set(["GROUP", "INFORMATION"]);

/** Whether a line counts. The extended profiles have others, whose amounts repeat those of the lines below them. */
export const isCounted = (reader: Reader, line: XmlNode): boolean =>
  !UNCOUNTED.has(reader.text(line, "AssociatedDocumentLineDocument", "LineStatusReasonCode"));

/** One line of a received document. Amounts are the sender's; only the informational VAT is computed. */
export function parseLine(reader: Reader, line: XmlNode, position: number, sign: Sign): InvoiceLine {
  const product = reader.node(line, "SpecifiedTradeProduct");
  const settlement = reader.node(line, "SpecifiedLineTradeSettlement");
  const quantity = reader.node(line, "SpecifiedLineTradeDelivery", "BilledQuantity");
  const total = reader.decimal(
    settlement,
    "SpecifiedTradeSettlementLineMonetarySummation",
    "LineTotalAmount",
  );
  const lineTotal = signed(total, sign);
  const vat = vatIn(reader, reader.node(settlement, "ApplicableTradeTax"));
  const entries = reader
    .nodes(settlement, "SpecifiedTradeAllowanceCharge")
    .map((entry) => allowanceCharge(reader, entry, sign));
  const discount = sum(entries.filter((entry) => !entry.chargeIndicator).map((entry) => entry.amount));
  return {
    id: newId(),
    position,
    productId: null,
    description: reader.text(product, "Name") ?? reader.text(product, "Description") ?? "",
    quantity: signed(reader.decimal(quantity) ?? Decimal.from(1), sign).text(),
    unitOfMeasure: unitName(reader.attribute(quantity, "unitCode") ?? "H87"),
    unitPrice: price(reader, reader.node(line, "SpecifiedLineTradeAgreement")).text(),
    ...vat,
    exemptionReasonCode: null,
    exemptionReason: null,
    vatAmount: percent(lineTotal, Decimal.from(vat.vatRate)).round(2).text(),
    lineTotal: lineTotal.text(),
    discount: discount.text(),
    discountPercent: ZERO,
    vatIncluded: false,
    productCode: reader.text(product, "SellerAssignedID"),
    lineNote: reader.text(line, "AssociatedDocumentLineDocument", "IncludedNote", "Content"),
    buyerAccountingRef: reader.text(settlement, "ReceivableSpecifiedTradeAccountingAccount", "ID"),
    buyerItemIdentification: reader.text(product, "BuyerAssignedID"),
    standardItemIdentification: reader.text(product, "GlobalID"),
    ...classifications(reader, product),
    ublExtensions: extensions(
      reader,
      line,
      entries.filter((entry) => entry.chargeIndicator),
    ),
  };
}

/** The price without VAT (BT-146). Its base quantity (BT-149) may stand beside the price before discount instead. */
function price(reader: Reader, agreement: XmlNode | undefined): Decimal {
  const [net, gross] = ["NetPriceProductTradePrice", "GrossPriceProductTradePrice"] as const;
  const amount = reader.decimal(agreement, net, "ChargeAmount") ?? Decimal.zero;
  const base =
    reader.decimal(agreement, net, "BasisQuantity") ?? reader.decimal(agreement, gross, "BasisQuantity");
  return unitPriceOf(amount, base);
}

const vatIn = (reader: Reader, tax: XmlNode | undefined) =>
  vatOf(reader.text(tax, "CategoryCode"), reader.decimal(tax, "RateApplicablePercent"));

const classifications = (reader: Reader, product: XmlNode | undefined) =>
  classified(
    reader.nodes(product, "DesignatedProductClassification").map((node) => {
      const code = reader.node(node, "ClassCode");
      return { list: reader.attribute(code, "listID"), code: reader.text(code) };
    }),
  );

/** A BillingSpecifiedPeriod, of the document (BG-14) or of a line (BG-26). */
export function parsePeriod(reader: Reader, at: XmlNode | undefined): Period | null {
  const startDate = dayIn(reader, at, "StartDateTime");
  const endDate = dayIn(reader, at, "EndDateTime");
  return startDate || endDate ? { startDate, endDate, descriptionCode: null } : null;
}

/** An allowance or charge. When all signs are turned it stays positive and changes its kind instead. */
function allowanceCharge(reader: Reader, at: XmlNode, sign: Sign): LineAllowanceCharge {
  const isCharge = reader.isTrue(at, "ChargeIndicator", "Indicator");
  return {
    chargeIndicator: sign < 0 ? !isCharge : isCharge,
    amount: (reader.decimal(at, "ActualAmount") ?? Decimal.zero).text(),
    reasonCode: sign < 0 ? null : reader.text(at, "ReasonCode"),
    reason: reader.text(at, "Reason"),
    baseAmount: reader.decimal(at, "BasisAmount")?.text() ?? null,
    multiplierFactorNumeric: reader.decimal(at, "CalculationPercent")?.text() ?? null,
  };
}

/** An allowance or charge of the document, with its VAT. */
export function parseDocumentAllowance(reader: Reader, at: XmlNode, sign: Sign): AllowanceCharge {
  const { vatCategoryCode, vatRate } = vatIn(reader, reader.node(at, "CategoryTradeTax"));
  return { ...allowanceCharge(reader, at, sign), taxCategoryCode: vatCategoryCode, taxRate: vatRate };
}

/** Freight and other services of the extended profiles, which count among the charges of the document (BT-108). */
export function parseServiceCharge(reader: Reader, at: XmlNode, sign: Sign): AllowanceCharge {
  const { vatCategoryCode, vatRate } = vatIn(reader, reader.node(at, "AppliedTradeTax"));
  return {
    chargeIndicator: sign > 0,
    amount: (reader.decimal(at, "AppliedAmount") ?? Decimal.zero).text(),
    reasonCode: null,
    reason: reader.text(at, "Description"),
    baseAmount: null,
    multiplierFactorNumeric: null,
    taxCategoryCode: vatCategoryCode,
    taxRate: vatRate,
  };
}

function extensions(reader: Reader, line: XmlNode, charges: LineAllowanceCharge[]): LineExtensions | null {
  const product = reader.node(line, "SpecifiedTradeProduct");
  const found = {
    invoicePeriod: parsePeriod(
      reader,
      reader.node(line, "SpecifiedLineTradeSettlement", "BillingSpecifiedPeriod"),
    ),
    originCountry: reader.text(product, "OriginTradeCountry", "ID"),
    allowanceCharges: charges,
    additionalItemProperties: reader.nodes(product, "ApplicableProductCharacteristic").flatMap((property) => {
      const [name, value] = [reader.text(property, "Description"), reader.text(property, "Value")];
      return name && value ? [{ name, value }] : [];
    }),
  };
  return saysNothing(found) ? null : found;
}
