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
import { dayIn } from "./days.ts";

/** Lines that add nothing to the totals: headings over others, and what is told for information only. */
const UNCOUNTED: ReadonlySet<string | null> = new Set(["GROUP", "INFORMATION"]);

/** Whether a line counts. The extended profiles have others, whose amounts repeat those of the lines below them. */
export const isCounted = (reader: Reader, line: XmlNode): boolean =>
  !UNCOUNTED.has(reader.text(line, "AssociatedDocumentLineDocument", "LineStatusReasonCode"));

/** One line of a received Cross Industry Invoice. */
export function parseLine(reader: Reader, line: XmlNode, position: number, sign: Sign): InvoiceLine {
  const product = reader.node(line, "SpecifiedTradeProduct");
  const settlement = reader.node(line, "SpecifiedLineTradeSettlement");
  const quantity = reader.node(line, "SpecifiedLineTradeDelivery", "BilledQuantity");
  const sums = reader.node(settlement, "SpecifiedTradeSettlementLineMonetarySummation");
  const given = {
    description: reader.text(product, "Name") ?? reader.text(product, "Description"),
    quantity: reader.decimal(quantity),
    unitCode: reader.attribute(quantity, "unitCode"),
    unitPrice: price(reader, reader.node(line, "SpecifiedLineTradeAgreement")),
    lineTotal: reader.decimal(sums, "LineTotalAmount"),
    vat: vatIn(reader, reader.node(settlement, "ApplicableTradeTax")),
    allowances: reader
      .nodes(settlement, "SpecifiedTradeAllowanceCharge")
      .map((entry) => allowance(reader, entry)),
    told: {
      productCode: reader.text(product, "SellerAssignedID"),
      lineNote: reader.text(line, "AssociatedDocumentLineDocument", "IncludedNote", "Content"),
      buyerAccountingRef: reader.text(settlement, "ReceivableSpecifiedTradeAccountingAccount", "ID"),
      buyerItemIdentification: reader.text(product, "BuyerAssignedID"),
      standardItemIdentification: reader.text(product, "GlobalID"),
      ...classifications(reader, product),
    },
    invoicePeriod: parsePeriod(reader, reader.node(settlement, "BillingSpecifiedPeriod")),
    originCountry: reader.text(product, "OriginTradeCountry", "ID"),
    properties: reader.nodes(product, "ApplicableProductCharacteristic").map((property) => ({
      name: reader.text(property, "Description"),
      value: reader.text(property, "Value"),
    })),
  };
  return lineOf(given, position, sign);
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
export const parsePeriod = (reader: Reader, at: XmlNode | undefined): Period | null =>
  periodOf(dayIn(reader, at, "StartDateTime"), dayIn(reader, at, "EndDateTime"));

const allowance = (reader: Reader, at: XmlNode): GivenAllowance => ({
  isCharge: reader.isTrue(at, "ChargeIndicator", "Indicator"),
  amount: reader.decimal(at, "ActualAmount"),
  reasonCode: reader.text(at, "ReasonCode"),
  reason: reader.text(at, "Reason"),
  baseAmount: reader.decimal(at, "BasisAmount"),
  percent: reader.decimal(at, "CalculationPercent"),
});

/** An allowance or charge of the document, with its VAT. */
export const parseDocumentAllowance = (reader: Reader, at: XmlNode, sign: Sign): AllowanceCharge =>
  documentAllowanceOf(
    allowanceOf(allowance(reader, at), sign),
    vatIn(reader, reader.node(at, "CategoryTradeTax")),
  );

/** Freight and other services of the extended profiles, which count among the charges of the document (BT-108). */
export function parseServiceCharge(reader: Reader, at: XmlNode, sign: Sign): AllowanceCharge {
  const given: GivenAllowance = {
    isCharge: true,
    amount: reader.decimal(at, "AppliedAmount"),
    reasonCode: null,
    reason: reader.text(at, "Description"),
    baseAmount: null,
    percent: null,
  };
  return documentAllowanceOf(allowanceOf(given, sign), vatIn(reader, reader.node(at, "AppliedTradeTax")));
}
