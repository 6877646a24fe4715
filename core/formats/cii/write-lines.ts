import { element, escape, group, limited, oneLine } from "#core/formats/markup.ts";
import { asRead, lineEntries, netPriceOf, reasonOf } from "#core/formats/written/line.ts";
import { Decimal } from "#core/lib/decimal.ts";
import { unitCode } from "#core/model/codes.ts";
import type { InvoiceLine } from "#core/model/invoice.ts";
import type { AllowanceCharge, LineAllowanceCharge, Period } from "#core/model/ubl-extensions.ts";
import { amount, day, type Money, plainAmount, tradeTax } from "./markup.ts";

/** A period of the document (BG-14) or of a line (BG-26). */
export const billingPeriod = (period: Period | null | undefined): string =>
  group(
    "ram:BillingSpecifiedPeriod",
    day("ram:StartDateTime", period?.startDate) + day("ram:EndDateTime", period?.endDate),
  );

/** One line, BG-25. */
export function lineItem(line: InvoiceLine, money: Money): string {
  const price = netPriceOf(line);
  return group(
    "ram:IncludedSupplyChainTradeLineItem",
    group(
      "ram:AssociatedDocumentLineDocument",
      element("ram:LineID", String(line.position)) +
        group("ram:IncludedNote", element("ram:Content", oneLine(line.lineNote))),
    ) +
      product(line) +
      group(
        "ram:SpecifiedLineTradeAgreement",
        group("ram:NetPriceProductTradePrice", element("ram:ChargeAmount", price.text(2))),
      ) +
      group("ram:SpecifiedLineTradeDelivery", billedQuantity(line, money)) +
      settlement(line, price, money),
  );
}

function billedQuantity({ quantity, unitOfMeasure }: InvoiceLine, { isTurned }: Money): string {
  const written = isTurned ? Decimal.from(quantity).negated().text() : quantity;
  return element("ram:BilledQuantity", written, ` unitCode="${escape(unitCode(unitOfMeasure))}"`);
}

const classification = (code: string | null, list: string): string =>
  group("ram:DesignatedProductClassification", element("ram:ClassCode", oneLine(code), ` listID="${list}"`));

/** Item, BG-31. CPV codes go under list STI and customs codes under TSP, as in UBL. */
function product(line: InvoiceLine): string {
  const { originCountry, additionalItemProperties } = line.ublExtensions ?? {};
  return group(
    "ram:SpecifiedTradeProduct",
    element("ram:GlobalID", oneLine(line.standardItemIdentification), ' schemeID="0160"') +
      element("ram:SellerAssignedID", oneLine(line.productCode)) +
      element("ram:BuyerAssignedID", oneLine(line.buyerItemIdentification)) +
      element("ram:Name", oneLine(line.description)) +
      (additionalItemProperties ?? [])
        .map(({ name, value }) =>
          group(
            "ram:ApplicableProductCharacteristic",
            element("ram:Description", oneLine(name)) + element("ram:Value", oneLine(value)),
          ),
        )
        .join("") +
      classification(line.cpvCode, "STI") +
      classification(line.ncCode, "TSP") +
      group("ram:OriginTradeCountry", element("ram:ID", originCountry)),
  );
}

const settlement = (line: InvoiceLine, price: Decimal, money: Money): string =>
  group(
    "ram:SpecifiedLineTradeSettlement",
    tradeTax("ram:ApplicableTradeTax", line.vatCategoryCode, line.vatRate) +
      billingPeriod(line.ublExtensions?.invoicePeriod) +
      lineEntries(line, price, money.isTurned)
        .map((entry) => allowanceCharge(entry))
        .join("") +
      group(
        "ram:SpecifiedTradeSettlementLineMonetarySummation",
        amount("ram:LineTotalAmount", Decimal.from(line.lineTotal), money),
      ) +
      group(
        "ram:ReceivableSpecifiedTradeAccountingAccount",
        element("ram:ID", oneLine(line.buyerAccountingRef)),
      ),
  );

/** An allowance or charge as the document reads it; those of the document carry their VAT. */
const allowanceCharge = (entry: LineAllowanceCharge, vat = ""): string =>
  group(
    "ram:SpecifiedTradeAllowanceCharge",
    group("ram:ChargeIndicator", element("udt:Indicator", String(entry.chargeIndicator))) +
      element("ram:CalculationPercent", entry.multiplierFactorNumeric) +
      (entry.baseAmount ? plainAmount("ram:BasisAmount", Decimal.from(entry.baseAmount)) : "") +
      plainAmount("ram:ActualAmount", Decimal.from(entry.amount)) +
      element("ram:ReasonCode", entry.reasonCode) +
      element("ram:Reason", limited(reasonOf(entry), 100)) +
      vat,
  );

/** Allowances and charges of a document, BG-20 and BG-21. */
export const documentAllowances = (
  entries: readonly AllowanceCharge[] | null | undefined,
  { isTurned }: Money,
): string =>
  (entries ?? [])
    .map((entry) =>
      allowanceCharge(
        asRead(entry, isTurned),
        tradeTax("ram:CategoryTradeTax", entry.taxCategoryCode, entry.taxRate),
      ),
    )
    .join("");
