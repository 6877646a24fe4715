import { Decimal } from "#core/lib/decimal.ts";
import type { Invoice, InvoiceLine } from "#core/model/invoice.ts";
import { signedSum } from "#core/model/totals.ts";
import type { AllowanceCharge, LineAllowanceCharge } from "#core/model/ubl-extensions.ts";
import { element, group } from "../markup.ts";
import { text } from "./text.ts";
import { treatmentOf } from "./treatment.ts";

const NAME_LENGTH = 512;
const PRICE_DECIMALS = 8;

/** What a row says, in the order of the schema. */
interface Row {
  readonly name: string;
  readonly codes: string;
  readonly quantities: string;
  readonly net: Decimal;
  readonly rate: string;
}

/**
 * The lines of a document, FaWiersz. FA(3) knows neither charges nor allowances on the whole document: each becomes a
 * row of its own with its sign, so that the rows add up to the sums.
 */
export function rows(invoice: Invoice, buyerCountry: string): string {
  const entries = (invoice.ublExtensions?.allowanceCharges ?? []).map((entry) =>
    entryRow(entry, rateOf(entry, buyerCountry)),
  );
  const all = [...invoice.lines.flatMap((line) => lineRows(line, buyerCountry)), ...entries];
  return all.map(written).join("");
}

/** The number of the row a line begins, for what is said of it elsewhere. */
export function rowNumbers(lines: readonly InvoiceLine[]): number[] {
  let next = 1;
  return lines.map((line) => {
    const own = next;
    next += 1 + (line.ublExtensions?.allowanceCharges?.length ?? 0);
    return own;
  });
}

const written = (row: Row, at: number): string =>
  group(
    "FaWiersz",
    element("NrWierszaFa", String(at + 1)) +
      text("P_7", row.name, NAME_LENGTH) +
      row.codes +
      row.quantities +
      element("P_11", row.net.text(2)) +
      element("P_12", row.rate),
  );

const rateOf = (entry: AllowanceCharge, buyerCountry: string): string =>
  treatmentOf(entry.taxCategoryCode, entry.taxRate, buyerCountry)?.rate ?? "";

function lineRows(line: InvoiceLine, buyerCountry: string): Row[] {
  const rate = treatmentOf(line.vatCategoryCode, line.vatRate, buyerCountry)?.rate ?? "";
  const entries = line.ublExtensions?.allowanceCharges ?? [];
  const net = Decimal.from(line.lineTotal).minus(signedSum(entries));
  const own: Row = {
    name: line.description,
    codes: codes(line),
    quantities: quantities(line, net),
    net,
    rate,
  };
  return [own, ...entries.map((entry) => entryRow(entry, rate))];
}

const codes = (line: InvoiceLine): string =>
  text("Indeks", line.productCode, 50) +
  text("GTIN", line.standardItemIdentification, 20) +
  text("CN", line.ncCode, 50);

/** Unit, quantity, net price and the discount, which is whatever lies between their product and the line's net. */
function quantities(line: InvoiceLine, net: Decimal): string {
  const price = netPrice(line);
  const discount = price.times(line.quantity).round(2).minus(net);
  return (
    text("P_8A", line.unitOfMeasure) +
    element("P_8B", line.quantity) +
    element("P_9A", price.text(2)) +
    (discount.isZero ? "" : element("P_10", discount.text(2)))
  );
}

function netPrice(line: InvoiceLine): Decimal {
  const price = Decimal.from(line.unitPrice);
  if (!line.vatIncluded) return price;
  return price.times(100).dividedBy(Decimal.from(line.vatRate).plus(100), PRICE_DECIMALS);
}

const entryRow = (entry: LineAllowanceCharge, rate: string): Row => ({
  name: entry.reason || (entry.chargeIndicator ? "Koszt dodatkowy" : "Rabat"),
  codes: "",
  quantities: "",
  net: signedSum([entry]),
  rate,
});
