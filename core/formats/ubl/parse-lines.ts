import { classified, type Sign, unitPriceOf, vatOf } from "#core/formats/received/amounts.ts";
import {
  allowanceOf,
  documentAllowanceOf,
  type GivenAllowance,
  lineOf,
  periodOf,
} from "#core/formats/received/line.ts";
import type { Reader } from "#core/formats/received/reader.ts";
import { Decimal } from "#core/lib/decimal.ts";
import type { XmlNode } from "#core/lib/xml/index.ts";
import type { InvoiceLine } from "#core/model/invoice.ts";
import type { AllowanceCharge, Period } from "#core/model/ubl-extensions.ts";

/** One line of a received UBL document. */
export function parseLine(reader: Reader, line: XmlNode, position: number, sign: Sign): InvoiceLine {
  const item = reader.node(line, "Item");
  const unit = reader.node(line, "InvoicedQuantity") ?? reader.node(line, "CreditedQuantity");
  const given = {
    description: reader.text(item, "Name") ?? reader.text(item, "Description"),
    quantity: reader.decimal(line, "InvoicedQuantity") ?? reader.decimal(line, "CreditedQuantity"),
    unitCode: reader.attribute(unit, "unitCode"),
    unitPrice: price(reader, reader.node(line, "Price")),
    lineTotal: reader.decimal(line, "LineExtensionAmount"),
    vat: vatIn(reader, reader.node(item, "ClassifiedTaxCategory")),
    allowances: reader.nodes(line, "AllowanceCharge").map((entry) => allowance(reader, entry)),
    told: {
      productCode: reader.text(item, "SellersItemIdentification", "ID"),
      lineNote: reader.text(line, "Note"),
      buyerAccountingRef: reader.text(line, "AccountingCost"),
      buyerItemIdentification: reader.text(item, "BuyersItemIdentification", "ID"),
      standardItemIdentification: reader.text(item, "StandardItemIdentification", "ID"),
      ...classifications(reader, item),
    },
    invoicePeriod: parsePeriod(reader, reader.node(line, "InvoicePeriod")),
    originCountry: reader.text(item, "OriginCountry", "IdentificationCode"),
    properties: reader
      .nodes(item, "AdditionalItemProperty")
      .map((property) => ({ name: reader.text(property, "Name"), value: reader.text(property, "Value") })),
  };
  return lineOf(given, position, sign);
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

/** An InvoicePeriod, of the document (BG-14) or of a line (BG-26). */
export const parsePeriod = (reader: Reader, at: XmlNode | undefined): Period | null =>
  periodOf(reader.day(at, "StartDate"), reader.day(at, "EndDate"));

const allowance = (reader: Reader, at: XmlNode): GivenAllowance => ({
  isCharge: reader.isTrue(at, "ChargeIndicator"),
  amount: reader.decimal(at, "Amount"),
  reasonCode: reader.text(at, "AllowanceChargeReasonCode"),
  reason: reader.text(at, "AllowanceChargeReason"),
  baseAmount: reader.decimal(at, "BaseAmount"),
  percent: reader.decimal(at, "MultiplierFactorNumeric"),
});

/** An allowance or charge of the document, with its VAT. */
export const parseDocumentAllowance = (reader: Reader, at: XmlNode, sign: Sign): AllowanceCharge =>
  documentAllowanceOf(
    allowanceOf(allowance(reader, at), sign),
    vatIn(reader, reader.node(at, "TaxCategory")),
  );
