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
import { VAT_CATEGORIES, type VatCategory } from "#core/model/words.ts";
import type { Reader } from "./reader.ts";

/** Applied to every amount and quantity: −1 for a credit note written with positive figures, else 1. */
export type Sign = 1 | -1;

const signed = (value: Decimal | null, sign: Sign): Decimal =>
  value === null ? Decimal.zero : sign < 0 ? value.negated() : value;

/** Enough to keep a price given for 1 000 pieces exact. */
const PRICE_DECIMALS = 10;

/** One line of a received document. Amounts are the sender's; only the informational VAT is computed. */
export function parseLine(reader: Reader, line: XmlNode, position: number, sign: Sign): InvoiceLine {
  const item = reader.node(line, "Item");
  const quantity = reader.decimal(line, "InvoicedQuantity") ?? reader.decimal(line, "CreditedQuantity");
  const unit = reader.node(line, "InvoicedQuantity") ?? reader.node(line, "CreditedQuantity");
  const lineTotal = signed(reader.decimal(line, "LineExtensionAmount"), sign);
  const vat = vatOf(reader, reader.node(item, "ClassifiedTaxCategory"));
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
    vatRate: vat.rate,
    vatCategoryCode: vat.category,
    exemptionReasonCode: null,
    exemptionReason: null,
    vatAmount: percent(lineTotal, Decimal.from(vat.rate)).round(2).text(),
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

/** Net price of one unit: the price may be given for a base quantity (BT-149). */
function price(reader: Reader, at: XmlNode | undefined): Decimal {
  const amount = reader.decimal(at, "PriceAmount") ?? Decimal.zero;
  const base = reader.decimal(at, "BaseQuantity");
  return base === null || base.isZero || base.equals(1) ? amount : amount.dividedBy(base, PRICE_DECIMALS);
}

function vatOf(
  reader: Reader,
  category: XmlNode | undefined,
): { category: VatCategory; rate: InvoiceLine["vatRate"] } {
  const rate = reader.decimal(category, "Percent") ?? Decimal.zero;
  const written = reader.text(category, "ID");
  const known = VAT_CATEGORIES.find((one) => one === written);
  return { category: known ?? (rate.isZero ? "Z" : "S"), rate: rate.text() };
}

function classifications(reader: Reader, item: XmlNode | undefined): Pick<InvoiceLine, "cpvCode" | "ncCode"> {
  const found = { cpvCode: null as string | null, ncCode: null as string | null };
  for (const node of reader.nodes(item, "CommodityClassification")) {
    const code = reader.node(node, "ItemClassificationCode");
    const list = reader.attribute(code, "listID");
    // CPV is what some senders write although the official list calls it STI.
    if (list === "STI" || list === "CPV") found.cpvCode ??= reader.text(code);
    if (list === "TSP") found.ncCode ??= reader.text(code);
  }
  return found;
}

export function parsePeriod(reader: Reader, at: XmlNode | undefined): Period | null {
  const startDate = reader.day(at, "StartDate");
  const endDate = reader.day(at, "EndDate");
  return startDate || endDate ? { startDate, endDate, descriptionCode: null } : null;
}

/** An allowance or charge. When all signs are turned it stays positive and changes its kind instead. */
function allowanceCharge(reader: Reader, at: XmlNode, sign: Sign): LineAllowanceCharge {
  const isCharge = reader.text(at, "ChargeIndicator") === "true";
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
  const vat = vatOf(reader, reader.node(at, "TaxCategory"));
  return { ...allowanceCharge(reader, at, sign), taxCategoryCode: vat.category, taxRate: vat.rate };
}

function extensions(reader: Reader, line: XmlNode, charges: LineAllowanceCharge[]): LineExtensions | null {
  const item = reader.node(line, "Item");
  const invoicePeriod = parsePeriod(reader, reader.node(line, "InvoicePeriod"));
  const originCountry = reader.text(item, "OriginCountry", "IdentificationCode");
  const additionalItemProperties = reader.nodes(item, "AdditionalItemProperty").flatMap((property) => {
    const [name, value] = [reader.text(property, "Name"), reader.text(property, "Value")];
    return name && value ? [{ name, value }] : [];
  });
  const isEmpty = !invoicePeriod && !originCountry && charges.length + additionalItemProperties.length === 0;
  return isEmpty
    ? null
    : { invoicePeriod, originCountry, allowanceCharges: charges, additionalItemProperties };
}
