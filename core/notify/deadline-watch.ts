import { anafConnections, tokenStatus } from "#core/companies/anaf-connections.ts";
import { companies, type Company } from "#core/companies/company.ts";
import { invoices, type StoredInvoice } from "#core/documents/invoices/collection.ts";
import {
  type DeadlineMessage,
  deadlineOf,
  followDeadline,
  isOwedToAnaf,
  warningsOf,
} from "#core/documents/invoices/deadline.ts";
import { deadlineData } from "#core/einvoicing/deadlines.ts";
import { instant } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import { idAt } from "#core/lib/ids.ts";
import { follow } from "#core/store/due.ts";
import { tell } from "./tell.ts";
import type { InvoiceState } from "./texts.ts";

/**
 * Sees whether an invoice has reached ANAF, on the working day before its deadline and on the day after: people are
 * told when it has not, whatever the reason. One message per issue leads here, so that nothing looks through a
 * company's invoices; it decides on the row as it now is, and coming twice changes nothing.
 */
export async function watchDeadline(message: DeadlineMessage): Promise<void> {
  const { organizationId, companyId, invoiceId, dueAt } = message;
  const invoice = await invoices.find(companyId, invoiceId);
  if (!invoice || !isMissed(invoice)) return;
  // It was dated anew since, and that has its own message.
  if (deadlineOf(invoice) !== message.deadline) return;
  const company = await companies.find(organizationId, companyId);
  if (!company || company.deletedAt) return;
  const token = tokenStatus(await anafConnections.all(organizationId), company.cif);
  if (!usesAnaf(company, invoice, token)) return;
  const judgedAt = verdictExpectedAt(invoice);
  if (judgedAt > instant()) return follow(followDeadline(message, invoice, judgedAt));
  const data = deadlineData(invoice);
  await tell({
    id: idAt(dueAt, `${invoiceId}#${data.deadline}#${data.isPast}`),
    type: token.isValid ? "invoice.anaf_deadline" : "invoice.anaf_missing_token",
    organizationId,
    facts: { companyId, ...data, state: stateOf(invoice) },
  });
  if (!data.isPast) await follow(followDeadline(message, invoice, warningsOf(data.deadline).past));
}

/** Whether ANAF should have the invoice and has not validated it. Drafts and cancelled ones are owed to nobody. */
const isMissed = (invoice: StoredInvoice): boolean =>
  invoice.deletedAt === null &&
  ["issued", "sent_to_provider", "rejected"].includes(invoice.status) &&
  isOwedToAnaf(invoice);

/**
 * Whether the company sends through this product: sync is on, a connection covers it or did until it ended, or somebody
 * submitted this invoice. Who sends otherwise, or tries things out, would hear of every single invoice, twice.
 */
const usesAnaf = (
  { syncEnabled }: Company,
  { submission }: StoredInvoice,
  { hasToken }: { hasToken: boolean },
): boolean => syncEnabled || hasToken || submission !== null;

/** A verdict takes minutes: an invoice that was submitted a moment ago is looked at again an hour after that. */
const verdictExpectedAt = ({ status, submission }: StoredInvoice): Instant =>
  status === "sent_to_provider" ? new Date(Date.parse(submission!.startedAt) + 3_600_000).toISOString() : "";

function stateOf({ status, anafUploadId }: StoredInvoice): InvoiceState {
  if (status === "issued") return "not_sent";
  if (status === "rejected") return "rejected";
  return anafUploadId === null ? "unconfirmed" : "processing";
}
