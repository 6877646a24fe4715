import { Decimal } from "#core/lib/decimal.ts";
import type { Invoice } from "#core/model/invoice.ts";
import type { DocumentSums } from "#core/model/totals.ts";
import { element, group } from "../markup.ts";
import { latinUpTo } from "./letters.ts";
import { number, signed, type Writing } from "./lines.ts";
import { STAMPED, type Untaxed } from "./natura.ts";

/** One row of the breakdown: everything taxed at a rate, or everything of one Natura. */
export interface Summary {
  readonly rate: Decimal;
  readonly untaxed: Untaxed | undefined;
  readonly taxable: Decimal;
  readonly tax: Decimal;
}

/**
 * The breakdown as Italy wants it. Taxed groups are those of the document; what carries no VAT is divided by Natura,
 * where EN 16931 divides by category.
 */
export function summaries(invoice: Invoice, sums: DocumentSums, writing: Writing): Summary[] {
  const taxed = sums.groups
    .filter(({ rate }) => !rate.isZero)
    .map(({ rate, taxable, tax }) => ({
      rate,
      untaxed: undefined,
      taxable: signed(taxable, writing),
      tax: signed(tax, writing),
    }));
  const byNatura = new Map<string, Summary>();
  const add = (amount: Decimal, untaxed: Untaxed | undefined) => {
    const key = untaxed?.natura ?? "";
    const before = byNatura.get(key) ?? {
      rate: Decimal.zero,
      untaxed,
      taxable: Decimal.zero,
      tax: Decimal.zero,
    };
    byNatura.set(key, { ...before, taxable: before.taxable.plus(signed(amount, writing)) });
  };
  for (const line of invoice.lines)
    if (Decimal.from(line.vatRate).isZero)
      add(Decimal.from(line.lineTotal), writing.natura(line.vatCategoryCode, line.exemptionReason));
  for (const entry of invoice.ublExtensions?.allowanceCharges ?? []) {
    const amount = Decimal.from(entry.amount);
    if (Decimal.from(entry.taxRate).isZero)
      add(
        entry.chargeIndicator ? amount : amount.negated(),
        writing.natura(entry.taxCategoryCode, entry.reason ?? null),
      );
  }
  return [...taxed, ...byNatura.values()];
}

/** The breakdown, 2.2.2. `isDeferred`: VAT is due when the invoice is paid (art. 32-bis D.L. 83/2012). */
export const breakdown = (rows: readonly Summary[], isDeferred: boolean): string =>
  rows
    .map(({ rate, untaxed, taxable, tax }) =>
      group(
        "DatiRiepilogo",
        number("AliquotaIVA", rate) +
          element("Natura", untaxed?.natura) +
          number("ImponibileImporto", taxable) +
          number("Imposta", tax) +
          element("EsigibilitaIVA", untaxed ? null : isDeferred ? "D" : "I") +
          element("RiferimentoNormativo", latinUpTo(untaxed?.law, 100)),
      ),
    )
    .join("");

const STAMP_FROM = "77.47";

/**
 * Stamp duty of 2 euro on more than 77.47 euro of what carries no VAT (D.P.R. 642/1972, tariff art. 13), paid through
 * the revenue agency. A document in another currency is not compared: its VAT would have to be in euro too.
 */
export function stamp(rows: readonly Summary[], invoice: Invoice, isSellerItalian: boolean): string {
  if (!isSellerItalian || invoice.currency !== "EUR") return "";
  const base = rows
    .filter(({ untaxed }) => untaxed && STAMPED.has(untaxed.natura))
    .reduce((total, { taxable }) => total.plus(taxable), Decimal.zero);
  if (base.compare(STAMP_FROM) <= 0) return "";
  return group("DatiBollo", element("BolloVirtuale", "SI") + element("ImportoBollo", "2.00"));
}
