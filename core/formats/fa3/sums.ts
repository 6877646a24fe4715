import { Decimal } from "#core/lib/decimal.ts";
import type { DocumentSums } from "#core/model/totals.ts";
import { element, group } from "../markup.ts";
import { text } from "./text.ts";
import { SUMS, TAXED_SUMS, treatmentOf } from "./treatment.ts";

/** Net and tax by treatment (P_13_…, P_14_…), then the total (P_15), each with the sign the document has. */
export function sums(totals: DocumentSums, buyerCountry: string): string {
  const found = new Map<string, { net: Decimal; tax: Decimal }>();
  for (const { category, rate, taxable, tax } of totals.groups) {
    const treatment = treatmentOf(category, rate, buyerCountry);
    if (!treatment) continue;
    const before = found.get(treatment.sum) ?? { net: Decimal.zero, tax: Decimal.zero };
    found.set(treatment.sum, { net: before.net.plus(taxable), tax: before.tax.plus(tax) });
  }
  const shown = SUMS.map((name) => {
    const sum = found.get(name);
    if (!sum) return "";
    const tax = TAXED_SUMS.has(name) ? element(`P_14_${name}`, sum.tax.text(2)) : "";
    return element(`P_13_${name}`, sum.net.text(2)) + tax;
  });
  return shown.join("") + element("P_15", totals.taxInclusive.text(2));
}

/** What lies between the total and what is left to pay: the prepayment and the rounding (Rozliczenie). */
export function settlement({ prepaid, rounding, payable }: DocumentSums): string {
  const parts = [
    { amount: prepaid.negated(), reason: "Przedpłata" },
    { amount: rounding, reason: "Zaokrąglenie" },
  ].filter(({ amount }) => !amount.isZero);
  if (parts.length === 0) return "";
  const added = parts.filter(({ amount }) => amount.sign > 0);
  const taken = parts.filter(({ amount }) => amount.sign < 0);
  return group(
    "Rozliczenie",
    block("Obciazenia", "SumaObciazen", added) +
      block("Odliczenia", "SumaOdliczen", taken) +
      (payable.sign < 0
        ? element("DoRozliczenia", payable.abs().text(2))
        : element("DoZaplaty", payable.text(2))),
  );
}

function block(name: string, total: string, parts: readonly { amount: Decimal; reason: string }[]): string {
  if (parts.length === 0) return "";
  const whole = parts.reduce((sum, { amount }) => sum.plus(amount.abs()), Decimal.zero);
  const entries = parts.map(({ amount, reason }) =>
    group(name, element("Kwota", amount.abs().text(2)) + text("Powod", reason)),
  );
  return entries.join("") + element(total, whole.text(2));
}
