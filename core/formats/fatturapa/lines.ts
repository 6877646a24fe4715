import { Decimal } from "#core/lib/decimal.ts";
import type { InvoiceLine } from "#core/model/invoice.ts";
import type { AllowanceCharge } from "#core/model/ubl-extensions.ts";
import type { VatCategory } from "#core/model/words.ts";
import { element, group } from "../markup.ts";
import { ascii, codeUpTo, latin, latinUpTo } from "./letters.ts";
import type { Untaxed } from "./natura.ts";

/** Decimals of prices and quantities (Amount8DecimalType, QuantitaType). */
const DECIMALS = 8;
/** No amount has more than eleven digits before the point. */
export const LARGEST_AMOUNT = 10 ** 11;

/** How a document writes its amounts: turned positive on credit notes, with the Natura of what carries no VAT. */
export interface Writing {
  readonly isTurned: boolean;
  natura(category: VatCategory, reason: string | null): Untaxed | undefined;
}

export const signed = (value: Decimal, { isTurned }: Writing): Decimal =>
  isTurned ? value.negated() : value;

/** An amount or rate with two to eight decimals. */
export const number = (name: string, value: Decimal): string => element(name, value.round(DECIMALS).text(2));

/** Price of one unit without VAT. */
function netPrice(line: InvoiceLine): Decimal {
  const price = Decimal.from(line.unitPrice);
  if (!line.vatIncluded) return price;
  return price.times(100).dividedBy(Decimal.from(line.vatRate).plus(100), DECIMALS);
}

/** How a line says what it costs: quantity and price of a unit, less or more something per unit. */
interface Pricing {
  /** Null where no price of eight decimals gives the total, as with millions of pieces: then the total is the price. */
  readonly quantity: Decimal | null;
  readonly price: Decimal;
  /** Taken off each unit; negative when added. */
  readonly reduction: Decimal;
}

/**
 * Quantities have no sign in this format: a line of the other sign has a negative price. All allowances of a line go
 * into one reduction per unit, worked out from the total, so that (price − reduction) × quantity gives it to the cent,
 * which the exchange checks (error 00423).
 */
function pricing(line: InvoiceLine, writing: Writing): Pricing {
  const count = signed(Decimal.from(line.quantity), writing);
  const quantity = count.abs();
  const price = count.sign < 0 ? netPrice(line).negated() : netPrice(line);
  const total = signed(Decimal.from(line.lineTotal), writing);
  const gives = (unit: Decimal): boolean =>
    unit.abs().compare(LARGEST_AMOUNT) < 0 && unit.times(quantity).round(2).equals(total);
  if (gives(price)) return { quantity, price, reduction: Decimal.zero };
  const unit = total.dividedBy(quantity, DECIMALS);
  return gives(unit)
    ? { quantity, price, reduction: price.minus(unit) }
    : { quantity: null, price: total, reduction: Decimal.zero };
}

const reductionOf = (reduction: Decimal): string =>
  reduction.isZero
    ? ""
    : group(
        "ScontoMaggiorazione",
        element("Tipo", reduction.sign > 0 ? "SC" : "MG") + number("Importo", reduction.abs()),
      );

/** One line, 2.2.1. */
export function detail(line: InvoiceLine, position: number, writing: Writing): string {
  const { quantity, price, reduction } = pricing(line, writing);
  const period = line.ublExtensions?.invoicePeriod;
  const unit = codeUpTo(line.unitOfMeasure, 10);
  const counted = quantity ? "" : ` (${line.quantity} ${unit})`;
  return group(
    "DettaglioLinee",
    element("NumeroLinea", String(position)) +
      articleCodes(line) +
      element("Descrizione", describe(`${line.description} ${line.lineNote ?? ""}${counted}`)) +
      (quantity ? number("Quantita", quantity) + element("UnitaMisura", unit) : "") +
      element("DataInizioPeriodo", period?.startDate) +
      element("DataFinePeriodo", period?.endDate) +
      number("PrezzoUnitario", price) +
      reductionOf(reduction) +
      number("PrezzoTotale", signed(Decimal.from(line.lineTotal), writing)) +
      taxation(line.vatRate, writing.natura(line.vatCategoryCode, line.exemptionReason)) +
      element("RiferimentoAmministrazione", codeUpTo(line.buyerAccountingRef, 20)),
  );
}

/** The schema wants a description even where nothing of it can be written in Latin letters. */
const describe = (text: string): string => latinUpTo(text, 1000) || "-";

const taxation = (rate: string, untaxed: Untaxed | undefined): string =>
  number("AliquotaIVA", Decimal.from(rate)) +
  element("Natura", Decimal.from(rate).isZero ? untaxed?.natura : null);

/** Codes of the article, each under the list it is from; our own list has no public name. */
function articleCodes(line: InvoiceLine): string {
  const codes = [
    ["INTERNO", line.productCode],
    ["EAN", line.standardItemIdentification],
    ["CPV", line.cpvCode],
    ["TARIC", line.ncCode],
  ] as const;
  return codes
    .map(([list, code]) => [list, latin(code)] as const)
    .filter(([, code]) => code !== "" && code.length <= 35)
    .map(([list, code]) =>
      group("CodiceArticolo", element("CodiceTipo", list) + element("CodiceValore", code)),
    )
    .join("");
}

/**
 * An allowance or charge of the whole document, as a line: the breakdown must be the sum of the lines (error 00422),
 * and the allowance the format has for documents belongs to no VAT rate.
 */
export function adjustment(entry: AllowanceCharge, position: number, writing: Writing): string {
  const given = Decimal.from(entry.amount);
  const amount = signed(entry.chargeIndicator ? given : given.negated(), writing);
  const isCharge = amount.sign > 0;
  return group(
    "DettaglioLinee",
    element("NumeroLinea", String(position)) +
      element("TipoCessionePrestazione", isCharge ? "AC" : "SC") +
      element(
        "Descrizione",
        describe(ascii(entry.reason) ? entry.reason! : isCharge ? "Spese accessorie" : "Sconto"),
      ) +
      number("PrezzoUnitario", amount) +
      number("PrezzoTotale", amount) +
      taxation(entry.taxRate, writing.natura(entry.taxCategoryCode, entry.reason ?? null)),
  );
}
