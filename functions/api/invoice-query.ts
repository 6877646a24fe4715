import type { Context } from "hono";
import * as z from "zod";
import type { InvoiceFilter, Sort } from "#core/documents/invoices/index.ts";
import { SORTS } from "#core/documents/invoices/index.ts";
import { Decimal } from "#core/lib/decimal.ts";
import { refused } from "#core/lib/error.ts";
import { currency, day, oneOf, uuid } from "#core/model/input.ts";
import { DOCUMENT_TYPES, INVOICE_STATUSES } from "#core/model/words.ts";

/** Names that older pages use for a status. */
const otherNames: Record<string, string> = {
  uploaded: "sent_to_provider",
  error: "rejected",
  refund: "refunded",
};

const derived = ["paid", "partially_paid", "overdue", "refunded"] as const;

const yesNo = z
  .enum(["true", "1", "false", "0"], "must be true or false")
  .transform((text) => text === "true" || text === "1");

/** An amount of the query, in hundredths as lists compare them. */
const cents = z.string().transform((text, context) => {
  try {
    return Decimal.from(text).times(100).round(0).toNumber();
  } catch {
    context.addIssue({ code: "custom", message: "must be a number" });
    return z.NEVER;
  }
});

const Filters = z.object({
  search: z.string().max(200, "must have at most 200 characters"),
  status: z.preprocess((name) => otherNames[String(name)] ?? name, oneOf([...INVOICE_STATUSES, ...derived])),
  direction: oneOf(["incoming", "outgoing"]),
  type: oneOf(DOCUMENT_TYPES),
  isCreditNote: yesNo,
  parentDocumentId: uuid(),
  clientId: uuid(),
  supplierId: uuid(),
  currency: currency(),
  from: day(),
  to: day(),
  dateFrom: day(),
  dateTo: day(),
  isDuplicate: yesNo,
  isLateSubmission: yesNo,
  isPaid: yesNo,
  isOverdue: yesNo,
  totalMin: cents,
  totalMax: cents,
  vatTotalMin: cents,
  vatTotalMax: cents,
});

/**
 * What a list or export of invoices is narrowed to and sorted by. A filter left empty is none; one that cannot be
 * understood is refused (422), an unknown sort is the usual one: issue date, newest first.
 */
export function invoiceQuery(c: Context): { filter: InvoiceFilter; sort: Sort; descending: boolean } {
  const sent = Object.entries(c.req.query()).filter(([, value]) => value !== "");
  const read = Filters.partial().safeParse(Object.fromEntries(sent));
  if (!read.success) throw refused("A filter cannot be understood.", problemsOf(read.error));
  const { type, isCreditNote, dateFrom, dateTo, ...filter } = read.data;
  const kind = isCreditNote === undefined ? undefined : isCreditNote ? "credit_note" : "invoice";
  return {
    filter: {
      ...filter,
      documentType: type ?? kind,
      from: filter.from ?? dateFrom,
      to: filter.to ?? dateTo,
    },
    sort: SORTS.find((name) => name === c.req.query("sort")) ?? "issueDate",
    descending: c.req.query("order")?.toLowerCase() !== "asc",
  };
}

const problemsOf = (error: z.ZodError): Record<string, string> =>
  Object.fromEntries(error.issues.map(({ path, message }) => [path.join("."), message]));
