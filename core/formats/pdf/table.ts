import { Decimal } from "#core/lib/decimal.ts";
import type { Invoice, InvoiceLine } from "#core/model/invoice.ts";
import type { Language } from "#core/model/words.ts";
import { colors, page, type Setting, type Sheet } from "./sheet.ts";
import { printedNumber } from "./numbers.ts";
import type { Words } from "./words.ts";

const size = 8.5;
const leading = 11.5;
const headHeight = 20;
/** Height kept free for the sum that is carried to the next page. */
const carryHeight = 18;

/** Where each column stands: the left edge of texts, the right edge of figures. */
const columns = {
  position: page.left + 4,
  item: page.left + 24,
  itemWidth: 178,
  unit: page.left + 210,
  quantity: page.left + 284,
  price: page.left + 352,
  value: page.left + 424,
  rate: page.left + 458,
  vat: page.right - 4,
};

const figure: Setting = { size, right: true };

/** The lines, over as many pages as they need; each page has the head again and carries the sums. */
export function drawLines(sheet: Sheet, invoice: Invoice, words: Words, language: Language): void {
  const carried = { value: Decimal.zero, vat: Decimal.zero };
  const number = (value: string | Decimal, decimals?: number) => printedNumber(value, language, decimals);

  const carry = (label: string): void => {
    sheet.text(label, columns.item, sheet.y - 11, { size, weight: "semibold" });
    sheet.text(number(carried.value), columns.value, sheet.y - 11, { ...figure, weight: "semibold" });
    sheet.text(number(carried.vat), columns.vat, sheet.y - 11, { ...figure, weight: "semibold" });
    sheet.y -= carryHeight;
  };
  const turn = (): void => {
    sheet.rule(sheet.y);
    carry(words.carriedForward);
    sheet.turn();
    drawTableHead(sheet, words);
    carry(words.broughtForward);
    sheet.rule(sheet.y);
  };

  drawTableHead(sheet, words);
  for (const line of invoice.lines) {
    const texts = textsOf(sheet, line, words, language);
    if (!sheet.has(Math.min(texts.length, 3) * leading + carryHeight + 8)) turn();
    sheet.y -= 4;
    drawFigures(sheet, line, number);
    for (const [i, { text, setting }] of texts.entries()) {
      if (i > 0 && !sheet.has(leading + carryHeight)) turn();
      sheet.text(text, columns.item, sheet.y - 8.5, setting);
      sheet.y -= leading;
    }
    carried.value = carried.value.plus(line.lineTotal);
    carried.vat = carried.vat.plus(line.vatAmount);
    sheet.y -= 4;
    sheet.rule(sheet.y, page.left, page.right, colors.rule, 0.4);
  }
  sheet.y -= 14;
}

function drawTableHead(sheet: Sheet, words: Words): void {
  sheet.box(page.left, sheet.y - headHeight, page.right - page.left, headHeight, colors.accent);
  const y = sheet.y - 13;
  const head: Setting = { size: 7.5, weight: "semibold", color: colors.tint };
  sheet.text("#", columns.position, y, head);
  sheet.text(words.item, columns.item, y, head);
  sheet.text(words.unit, columns.unit, y, head);
  for (const [text, x] of [
    [words.quantity, columns.quantity],
    [words.unitPrice, columns.price],
    [words.value, columns.value],
    [words.vatRate, columns.rate],
    [words.vatValue, columns.vat],
  ] as const)
    sheet.text(text, x, y, { ...head, right: true });
  sheet.y -= headHeight;
}

function drawFigures(
  sheet: Sheet,
  line: InvoiceLine,
  number: (value: string, decimals?: number) => string,
): void {
  const y = sheet.y - 8.5;
  sheet.text(String(line.position), columns.position, y, { size, color: colors.muted });
  sheet.text(sheet.wrap(line.unitOfMeasure, 32, size)[0]!, columns.unit, y, { size });
  sheet.text(number(line.quantity, 0), columns.quantity, y, figure);
  sheet.text(number(line.unitPrice), columns.price, y, figure);
  sheet.text(number(line.lineTotal), columns.value, y, figure);
  const isTaxed = line.vatCategoryCode !== "O";
  sheet.text(isTaxed ? number(line.vatRate, 0) : "–", columns.rate, y, figure);
  sheet.text(isTaxed ? number(line.vatAmount) : "–", columns.vat, y, figure);
}

/** The description, and below it in grey what else is said about the line. */
function textsOf(sheet: Sheet, line: InvoiceLine, words: Words, language: Language) {
  const remarks: string[] = [];
  const code = line.productCode && !line.description.includes(line.productCode) ? line.productCode : "";
  if (code) remarks.push(code);
  if (!Decimal.from(line.discount).isZero)
    remarks.push(`${words.discount}: ${printedNumber(Decimal.from(line.discount).negated(), language)}`);
  if (line.vatIncluded) remarks.push(words.vatIncluded);
  if (line.lineNote) remarks.push(line.lineNote);
  const main = sheet.wrap(line.description, columns.itemWidth, size);
  const small = remarks.flatMap((remark) => sheet.wrap(remark, columns.itemWidth, 7.5));
  return [
    ...main.map((text) => ({ text, setting: { size } satisfies Setting })),
    ...small.map((text) => ({ text, setting: { size: 7.5, color: colors.muted } satisfies Setting })),
  ];
}
