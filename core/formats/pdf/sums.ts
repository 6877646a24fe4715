import { Decimal } from "#core/lib/decimal.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import { documentSums, vatInLei, type VatGroup } from "#core/model/totals.ts";
import type { Language } from "#core/model/words.ts";
import { colors, page, type Sheet } from "./sheet.ts";
import { printedNumber } from "./numbers.ts";
import type { Words } from "./words.ts";

const boxLeft = page.right - 214;
const leading = 15;

/** VAT per rate on the left, the sums on the right, the amount to pay set large. They stay together on one page. */
export function drawSums(
  sheet: Sheet,
  { invoice }: IssuableDocument,
  words: Words,
  language: Language,
): void {
  const sums = documentSums(invoice.lines, invoice.ublExtensions);
  const money = (value: Decimal | string) => printedNumber(value, language);
  const rows: [string, Decimal | string][] = [];
  const more = !sums.allowances.isZero || !sums.charges.isZero;
  if (more) rows.push([words.linesTotal, sums.lineTotal]);
  if (!sums.allowances.isZero) rows.push([words.allowances, sums.allowances.negated()]);
  if (!sums.charges.isZero) rows.push([words.charges, sums.charges]);
  rows.push([words.totalWithoutVat, sums.taxExclusive], [words.totalVat, sums.vatTotal]);
  if (!sums.prepaid.isZero || !isZero(invoice.amountPaid)) rows.push([words.total, sums.taxInclusive]);
  if (!sums.prepaid.isZero) rows.push([words.prepaid, sums.prepaid.negated()]);
  if (!isZero(invoice.amountPaid)) rows.push([words.paid, Decimal.from(invoice.amountPaid).negated()]);

  const height = Math.max(rows.length * leading + 50, sums.groups.length * 26 + 34);
  if (!sheet.has(height)) sheet.turn();
  const top = sheet.y;
  drawBreakdown(sheet, sums.groups, words, language);

  let y = top - 10;
  for (const [label, value] of rows) {
    sheet.text(label, boxLeft, y, { color: colors.muted });
    sheet.text(money(value), page.right - 10, y, { right: true });
    y -= leading;
  }
  y -= 12;
  sheet.box(boxLeft - 10, y - 10, page.right - boxLeft + 10, 30, colors.accent);
  const due = sums.payable.minus(invoice.amountPaid);
  sheet.text(words.payable, boxLeft, y, { size: 10, weight: "semibold", color: colors.tint });
  sheet.text(`${money(due)} ${invoice.currency}`, page.right - 10, y, {
    size: 13,
    weight: "semibold",
    color: colors.tint,
    right: true,
  });
  y -= 22;
  if (invoice.currency !== "RON" && invoice.exchangeRate) {
    const lei = `${money(vatInLei(sums.vatTotal, invoice.exchangeRate))} RON`;
    sheet.text(words.vatInLei, boxLeft, y, { size: 8, color: colors.muted });
    sheet.text(lei, page.right - 10, y, { size: 8, color: colors.muted, right: true });
    y -= 12;
  }
  sheet.y = Math.min(y, sheet.y) - 8;
}

/** Category and rate, taxable base and VAT of each group; below it why a group is not taxed. */
function drawBreakdown(sheet: Sheet, groups: readonly VatGroup[], words: Words, language: Language): void {
  const [rate, base, vat] = [page.left + 4, page.left + 150, page.left + 240];
  let y = sheet.y - 10;
  const label = { size: 7.5, weight: "semibold", color: colors.muted } as const;
  sheet.text(words.vatBreakdown, rate, y, { ...label, color: colors.accent });
  sheet.text(words.base, base, y, { ...label, right: true });
  sheet.text(words.vatValue, vat, y, { ...label, right: true });
  sheet.rule(y - 5, page.left, vat + 4);
  for (const group of groups) {
    y -= 16;
    const name =
      group.category === "O" ? "O" : `${group.category} ${printedNumber(group.rate, language, 0)} %`;
    sheet.text(name, rate, y, { size: 8.5 });
    sheet.text(printedNumber(group.taxable, language), base, y, { size: 8.5, right: true });
    sheet.text(printedNumber(group.tax, language), vat, y, { size: 8.5, right: true });
    const reason = group.category === "AE" ? words.reverseCharge : group.exemptionReason;
    for (const line of reason ? sheet.wrap(reason, vat - rate, 7.5) : []) {
      y -= 10;
      sheet.text(line, rate, y, { size: 7.5, color: colors.muted });
    }
  }
  sheet.y = y - 12;
}

const isZero = (value: string): boolean => Decimal.from(value).isZero;
