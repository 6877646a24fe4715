import type { CompanyActor } from "#core/lib/actor.ts";
import { bucharestDay } from "#core/lib/dates.ts";
import { Decimal } from "#core/lib/decimal.ts";
import { DomainError } from "#core/lib/error.ts";
import { invoices, type StoredInvoice } from "./collection.ts";
import { type InvoiceQuery, matching } from "./list.ts";

/** Rows of one export; more is refused and not cut off, because a short file looks like a whole one. */
const mostRows = 10_000;
const pageRows = 500;

type Column = readonly [heading: string, value: (invoice: StoredInvoice) => string | null];

const yesNo = (flag: boolean): string => (flag ? "Da" : "Nu");
const money = (amount: string): string => Decimal.from(amount).text(2);

/** RULES-documents §12: what Romanian accountants' programs read, in this order. */
const table: readonly Column[] = [
  ["Numar", ({ number }) => number],
  ["Data emitere", ({ issueDate }) => issueDate],
  ["Data scadenta", ({ dueDate }) => dueDate],
  ["Tip", ({ documentType }) => documentType],
  ["Directie", ({ direction }) => direction],
  ["Status", ({ status }) => status],
  ["Emitent CIF", ({ senderCif }) => senderCif],
  ["Emitent", ({ senderName }) => senderName],
  ["Destinatar CIF", ({ receiverCif }) => receiverCif],
  ["Destinatar", ({ receiverName }) => receiverName],
  ["Subtotal", ({ subtotal }) => money(subtotal)],
  ["TVA", ({ vatTotal }) => money(vatTotal)],
  ["Total", ({ total }) => money(total)],
  ["Moneda", ({ currency }) => currency],
  ["Platita la", ({ paidAt }) => paidAt && bucharestDay(paidAt)],
  ["Metoda plata", ({ paymentMethod }) => paymentMethod],
  ["Duplicat", ({ isDuplicate }) => yesNo(isDuplicate)],
  ["Depusa cu intarziere", ({ isLateSubmission }) => yesNo(isLateSubmission)],
];

/**
 * The invoices a filter selects as CSV: UTF-8 with a byte order mark, commas, CRLF. Without a status filter cancelled
 * ones stay out. Throws `too_large` over ten thousand.
 */
export async function exportCsv(
  actor: CompanyActor,
  query: Pick<InvoiceQuery, "filter" | "sort" | "descending">,
): Promise<{ text: string; count: number }> {
  const { ids, total } = await matching(actor, query, mostRows);
  if (total > mostRows)
    throw new DomainError(
      "too_large",
      `${total} invoices match; one export holds ${mostRows}. Narrow the dates.`,
    );
  const lines = [table.map(([heading]) => heading).join(",")];
  for (let from = 0; from < ids.length; from += pageRows) {
    const page = await invoices.getMany(actor.companyId, ids.slice(from, from + pageRows), {
      consistent: false,
    });
    for (const invoice of page)
      if (query.filter.status !== undefined || invoice.status !== "cancelled") lines.push(lineOf(invoice));
  }
  return { text: `\uFEFF${lines.join("\r\n")}\r\n`, count: lines.length - 1 };
}

const lineOf = (invoice: StoredInvoice): string => table.map(([, value]) => quoted(value(invoice))).join(",");

/** Quoted where CSV asks for it; a text that a spreadsheet would run as a formula is kept from that. */
function quoted(value: string | null): string {
  if (value === null) return "";
  const safe = /^[=+@\t\r]|^-(?![\d.]+$)/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
