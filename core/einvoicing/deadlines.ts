import type { StoredInvoice } from "#core/documents/invoices/collection.ts";
import { deadlineOf } from "#core/documents/invoices/deadline.ts";
import { type Day, today, workingDaysAfter } from "#core/lib/dates.ts";

/** Working days before the legal deadline from which a waiting invoice says so. */
const warnedDays = 2;

/** The last legal day on which an invoice may reach ANAF, when it is near or past; undefined while there is time. */
export function pressingDeadline(
  invoice: Pick<StoredInvoice, "issueDate" | "taxPointDate">,
  day: Day = today(),
): Day | undefined {
  const deadline = deadlineOf(invoice);
  return deadline <= workingDaysAfter(day, warnedDays) ? deadline : undefined;
}

/** A reason for waiting, with the legal deadline when that is near or past. */
export function withDeadline(reason: string, invoice: StoredInvoice): string {
  const deadline = pressingDeadline(invoice);
  if (!deadline) return reason;
  return `${reason} The legal deadline ${deadline < today() ? "was" : "is"} ${deadline}.`;
}

/** What a warning about an invoice's deadline tells. */
export const deadlineData = (invoice: StoredInvoice) => {
  const { id, number } = invoice;
  const deadline = deadlineOf(invoice);
  return { id, number, deadline, isPast: deadline < today() };
};
