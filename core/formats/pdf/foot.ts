import type { Invoice, IssuableDocument } from "#core/model/invoice.ts";
import type { Language } from "#core/model/words.ts";
import { colors, page, type Sheet } from "./sheet.ts";
import { printedNumber } from "./numbers.ts";
import type { Words } from "./words.ts";

/** Labelled texts below the sums, in the order a reader needs them: how to pay first, remarks last. */
export function drawRemarks(
  sheet: Sheet,
  document: IssuableDocument,
  words: Words,
  language: Language,
): void {
  const blocks: [string, string[]][] = [
    [words.paymentTerms, payment(document, words, language)],
    [words.references, references(document.invoice, words)],
    [words.issuer, people(document.invoice, words)],
    [words.notes, notes(document, words, language)],
  ];
  for (const [label, texts] of blocks) {
    const lines = texts.flatMap((text) => sheet.wrap(text, page.right - page.left - 120, 8.5));
    for (const [i, line] of lines.entries()) {
      if (!sheet.has(14)) sheet.turn();
      if (i === 0)
        sheet.text(label, page.left, sheet.y - 9, { size: 8, weight: "semibold", color: colors.accent });
      sheet.text(line, page.left + 120, sheet.y - 9, { size: 8.5 });
      sheet.y -= 12;
    }
    if (lines.length > 0) sheet.y -= 6;
  }
}

function payment({ invoice, bankAccounts }: IssuableDocument, words: Words, language: Language): string[] {
  const named = invoice.payeeBankAccount
    ? [{ iban: invoice.payeeBankAccount, bankName: invoice.payeeBankName, currency: invoice.currency }]
    : bankAccounts;
  const accounts = named.map(({ iban, bankName, currency }) =>
    [`IBAN ${spaced(iban)}`, currency, bankName && `${words.bank}: ${bankName}`].filter(Boolean).join(" · "),
  );
  const penalty =
    invoice.penaltyEnabled && invoice.penaltyPercentPerDay
      ? [
          `${words.penalties}: ${printedNumber(invoice.penaltyPercentPerDay, language)} % ${words.perDay}` +
            (invoice.penaltyGraceDays ? ` (${words.afterDays}: ${invoice.penaltyGraceDays})` : ""),
        ]
      : [];
  return [...(invoice.paymentTerms ? [invoice.paymentTerms] : []), ...accounts, ...penalty];
}

const spaced = (iban: string): string => iban.replaceAll(/(.{4})(?=.)/g, "$1 ");

const references = (invoice: Invoice, words: Words): string[] => [
  ...labelled([
    [words.order, invoice.orderNumber],
    [words.contract, invoice.contractNumber],
    [words.project, invoice.projectReference],
  ]),
  ...(invoice.deliveryLocation ? [`${words.delivery}: ${invoice.deliveryLocation}`] : []),
];

const people = (invoice: Invoice, words: Words): string[] => [
  ...(invoice.issuerName ? [[invoice.issuerName, invoice.issuerId].filter(Boolean).join(", ")] : []),
  ...labelled([
    [words.agent, invoice.salesAgent],
    [words.deputy, invoice.deputyName],
    [words.identityCard, invoice.deputyIdentityCard],
    [words.vehicle, invoice.deputyAuto],
  ]),
];

/** Several short facts on one line: "Comandă: 12 · Contract: 7". */
function labelled(facts: readonly (readonly [string, string | null])[]): string[] {
  const line = facts.flatMap(([label, value]) => (value ? [`${label}: ${value}`] : [])).join(" · ");
  return line ? [line] : [];
}

function notes({ invoice, seller }: IssuableDocument, words: Words, language: Language): string[] {
  const balance =
    invoice.showClientBalance && invoice.clientBalanceExisting
      ? [
          `${words.clientBalance}: ${printedNumber(invoice.clientBalanceExisting, language)} ${invoice.currency}` +
            (invoice.clientBalanceOverdue
              ? ` (${words.overdue}: ${printedNumber(invoice.clientBalanceOverdue, language)})`
              : ""),
        ]
      : [];
  return [
    ...(invoice.tvaLaIncasare || seller.vatOnCollection ? [words.cashAccounting] : []),
    ...(invoice.notes ? [invoice.notes] : []),
    ...(invoice.mentions ? [invoice.mentions] : []),
    ...balance,
  ];
}

/** The foot of every page, drawn last, when their number is known. */
export function drawFeet(sheet: Sheet, { invoice, seller }: IssuableDocument, words: Words): void {
  const small = { size: 7, color: colors.muted } as const;
  for (const [i, on] of sheet.pages.entries()) {
    const y = 30;
    on.drawLine({
      start: { x: page.left, y: y + 14 },
      end: { x: page.right, y: y + 14 },
      thickness: 0.5,
      color: colors.rule,
    });
    sheet.text(i === 0 ? words.noSignature : `${seller.name} · ${invoice.number}`, page.left, y, small, on);
    const count = `${words.page} ${i + 1} ${words.of} ${sheet.pages.length}`;
    sheet.text(count, page.right, y, { ...small, right: true }, on);
  }
}
