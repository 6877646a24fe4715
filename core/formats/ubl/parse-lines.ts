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

/** One line of a received document. Amounts are the sender's; only the informational VAT is computed. */
export function parseLine(reader: Reader, line: XmlNode, position: number, sign: Sign): InvoiceLine {
  const item = reader.node(line, "Item");
  const quantity = reader.decimal(line, "InvoicedQuantity") ?? reader.decimal(line, "CreditedQuantity");
  const unit = reader.node(line, "InvoicedQuantity") ?? reader.node(line, "CreditedQuantity");
  const lineTotal = signed(reader.decimal(line, "LineExtensionAmount"), sign);
  const vat = vatIn(reader, reader.node(item, "ClassifiedTaxCategory"));
  const entries = reader.nodes(line, "AllowanceCharge").map((entry) => allowanceCharge(reader, entry, sign));
  const discount = sum(entries.filter((entry) => !entry.chargeIndicator).map((entry) => entry.amount));
  return {
    id: newId(),
    position,
    productId: null,
    description: reader.text(item, "Name") ?? reader.text(item, "Description") ?? "",
    quantity: signed(quantity ?? Decimal.from(1), sign).text(),
    unitOfMeasure: unitName(reader.attribute(unit, "unitCode") ?? "H87"),
    unitPrice: price(reader, reader.node(line, "Price")).text(),
    ...vat,
    exemptionReasonCode: null,
    exemptionReason: null,
    vatAmount: percent(lineTotal, Decimal.from(vat.vatRate)).round(2).text(),
    lineTotal: lineTotal.text(),
    discount: discount.text(),
    discountPercent: ZERO,
    vatIncluded: false,
    productCode: reader.text(item, "SellersItemIdentification", "ID"),
    lineNote: reader.text(line, "Note"),
    buyerAccountingRef: reader.text(line, "AccountingCost"),
    buyerItemIdentification: reader.text(item, "BuyersItemIdentification", "ID"),
    standardItemIdentification: reader.text(item, "StandardItemIdentification", "ID"),
    ...classifications(reader, item),
    ublExtensions: extensions(
      reader,
      line,
      entries.filter((entry) => entry.chargeIndicator),
    ),
  };
}

function price(reader: Reader, at: XmlNode | undefined): Decimal {
  const amount = reader.decimal(at, "PriceAmount") ?? Decimal.zero;
  return unitPriceOf(amount, reader.decimal(at, "BaseQuantity"));
}

const vatIn = (reader: Reader, category: XmlNode | undefined) =>
  vatOf(reader.text(category, "ID"), reader.decimal(category, "Percent"));

const classifications = (reader: Reader, item: XmlNode | undefined) =>
  classified(
    reader.nodes(item, "CommodityClassification").map((node) => {
      const code = reader.node(node, "ItemClassificationCode");
      return { list: reader.attribute(code, "listID"), code: reader.text(code) };
    }),
  );

export function parsePeriod(reader: Reader, at: XmlNode | undefined): Period | null {
  const startDate = reader.day(at, "StartDate");
  const endDate = reader.day(at, "EndDate");
  return startDate || endDate ? { startDate, endDate, descriptionCode: null } : null;
}

/** An allowance or charge. When all signs are turned it stays positive and changes its kind instead. */
function allowanceCharge(reader: Reader, at: XmlNode, sign: Sign): LineAllowanceCharge {
  const isCharge = reader.isTrue(at, "ChargeIndicator");
  return {
    chargeIndicator: sign < 0 ? !isCharge : isCharge,
    amount: (reader.decimal(at, "Amount") ?? Decimal.zero).text(),
    reasonCode: sign < 0 ? null : reader.text(at, "AllowanceChargeReasonCode"),
    reason: reader.text(at, "AllowanceChargeReason"),
    baseAmount: reader.decimal(at, "BaseAmount")?.text() ?? null,
    multiplierFactorNumeric: reader.decimal(at, "MultiplierFactorNumeric")?.text() ?? null,
  };
}

/** An allowance or charge of the document, with its VAT. */
export function parseDocumentAllowance(reader: Reader, at: XmlNode, sign: Sign): AllowanceCharge {
  const { vatCategoryCode, vatRate } = vatIn(reader, reader.node(at, "TaxCategory"));
  return { ...allowanceCharge(reader, at, sign), taxCategoryCode: vatCategoryCode, taxRate: vatRate };
}

function extensions(reader: Reader, line: XmlNode, charges: LineAllowanceCharge[]): LineExtensions | null {
  const item = reader.node(line, "Item");
  const invoicePeriod = parsePeriod(reader, reader.node(line, "InvoicePeriod"));
  const originCountry = reader.text(item, "OriginCountry", "IdentificationCode");
  const additionalItemProperties = reader.nodes(item, "AdditionalItemProperty").flatMap((property) => {
    const [name, value] = [reader.text(property, "Name"), reader.text(property, "Value")];
    return name && value ? [{ name, value }] : [];
  });
  const found = { invoicePeriod, originCountry, allowanceCharges: charges, additionalItemProperties };
  return saysNothing(found) ? null : found;
}
