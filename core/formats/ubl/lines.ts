import { lineEntries, netPriceOf } from "#core/formats/written/line.ts";
import { Decimal } from "#core/lib/decimal.ts";
import { unitCode } from "#core/model/codes.ts";
import type { InvoiceLine } from "#core/model/invoice.ts";
import type { Period } from "#core/model/ubl-extensions.ts";
import { element, escape, group, limited, oneLine, pieces } from "../markup.ts";
import type { Money } from "./sums.ts";
import { allowanceCharge, amount, lineTaxCategory } from "./sums.ts";

/** A period of a document or line; `code` is BT-8 and only documents have one. */
export const invoicePeriod = (period: Period | null | undefined, code: string | null = null): string =>
  group(
    "cac:InvoicePeriod",
    element("cbc:StartDate", period?.startDate) +
      element("cbc:EndDate", period?.endDate) +
      element("cbc:DescriptionCode", code),
  );

/** One line, BG-25. */
export function invoiceLine(line: InvoiceLine, money: Money): string {
  const words = wordsOf(line);
  const quantity = money.isTurned ? Decimal.from(line.quantity).negated().text() : line.quantity;
  const unit = ` unitCode="${escape(unitCode(line.unitOfMeasure))}"`;
  const price = netPriceOf(line);
  return group(
    money.isTurned ? "cac:CreditNoteLine" : "cac:InvoiceLine",
    element("cbc:ID", String(line.position)) +
      element("cbc:Note", words.note) +
      element(money.isTurned ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", quantity, unit) +
      amount("cbc:LineExtensionAmount", Decimal.from(line.lineTotal), money) +
      element("cbc:AccountingCost", limited(line.buyerAccountingRef, 100)) +
      invoicePeriod(line.ublExtensions?.invoicePeriod) +
      lineEntries(line, price, money.isTurned)
        .map((entry) => allowanceCharge(entry, money.currency))
        .join("") +
      item(line, words) +
      group("cac:Price", priceAmount(price, money.currency)),
  );
}

const priceAmount = (price: Decimal, currency: string): string =>
  element("cbc:PriceAmount", price.text(2), ` currencyID="${currency}"`);

interface Words {
  name: string; // BT-153, at most 100 characters
  description: string; // BT-154, at most 200
  note: string; // BT-127, at most 300
}

/**
 * Spreads a long description over name, description and note, none of which may hold it whole. Up to 200 characters the
 * description repeats the full text; beyond, each goes on where the one before stopped.
 */
function wordsOf(line: InvoiceLine): Words {
  const text = oneLine(line.description);
  const [name = "", ...rest] = pieces(text, 100);
  if (rest.length === 0) return { name, description: "", note: limited(line.lineNote, 300) };
  const whole = pieces(text, 200);
  if (whole.length === 1) return { name, description: text, note: limited(line.lineNote, 300) };
  const [description = "", ...further] = pieces(text.slice(name.length).trim(), 200);
  return { name, description, note: limited([...further, line.lineNote ?? ""].join(" "), 300) };
}

const identification = (name: string, id: string | null, attributes = ""): string =>
  id ? group(name, element("cbc:ID", oneLine(id), attributes)) : "";

const classification = (code: string | null, list: string): string =>
  code
    ? group(
        "cac:CommodityClassification",
        element("cbc:ItemClassificationCode", oneLine(code), ` listID="${list}"`),
      )
    : "";

/** Item, BG-31. CPV codes go under list STI and customs codes under TSP: the validator knows no list called CPV. */
function item(line: InvoiceLine, words: Words): string {
  const extensions = line.ublExtensions;
  const origin = extensions?.originCountry;
  return group(
    "cac:Item",
    element("cbc:Description", words.description) +
      element("cbc:Name", words.name) +
      identification("cac:BuyersItemIdentification", line.buyerItemIdentification) +
      identification("cac:SellersItemIdentification", line.productCode) +
      identification("cac:StandardItemIdentification", line.standardItemIdentification, ' schemeID="0160"') +
      group("cac:OriginCountry", element("cbc:IdentificationCode", origin)) +
      classification(line.cpvCode, "STI") +
      classification(line.ncCode, "TSP") +
      lineTaxCategory(line.vatCategoryCode, line.vatRate) +
      (extensions?.additionalItemProperties ?? [])
        .map((property) =>
          group(
            "cac:AdditionalItemProperty",
            element("cbc:Name", property.name) + element("cbc:Value", property.value),
          ),
        )
        .join(""),
  );
}
