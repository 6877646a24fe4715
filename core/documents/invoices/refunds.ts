import type { Write } from "#core/store/write.ts";
import { invoices, type StoredInvoice } from "./collection.ts";

/**
 * An invoice keeps the documents that reverse it, so that it is reversed once and knows so without a search. Whatever
 * makes such a document appear or vanish changes both in one transaction.
 */
type Child = Pick<StoredInvoice, "id" | "companyId" | "parentDocumentId" | "number" | "issueDate" | "status">;

const entryOf = ({ id, number, issueDate, status }: Child) => ({ id, number, issueDate, status });

const parentOf = async ({ companyId, parentDocumentId }: Child): Promise<StoredInvoice | undefined> =>
  parentDocumentId === null ? undefined : invoices.find(companyId, parentDocumentId);

/** The parent with a document among those that reverse it, in its newest state. */
export const withRefund = <T extends StoredInvoice>(parent: T, child: Child): T => ({
  ...parent,
  refundInvoices: [...parent.refundInvoices.filter(({ id }) => id !== child.id), entryOf(child)],
});

/** The write that enters a document with its parent; none when it has no parent. Reads the parent as it is now. */
export async function linkedTo(child: Child): Promise<Write[]> {
  const parent = await parentOf(child);
  return parent ? [invoices.replace(parent.companyId, parent, withRefund(parent, child))] : [];
}

/** The write that makes the parent forget a document that was cancelled or deleted. */
export async function unlinkedFrom(child: Child): Promise<Write[]> {
  const parent = await parentOf(child);
  if (!parent?.refundInvoices.some(({ id }) => id === child.id)) return [];
  const refundInvoices = parent.refundInvoices.filter(({ id }) => id !== child.id);
  return [invoices.replace(parent.companyId, parent, { ...parent, refundInvoices })];
}
