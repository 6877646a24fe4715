import { refused } from "#core/lib/error.ts";
import type { Invoice } from "./invoice.ts";
import type { InvoiceStatus } from "./words.ts";

/** From each status, the statuses an invoice may move to. */
const next: Record<InvoiceStatus, readonly InvoiceStatus[]> = {
  draft: ["issued", "cancelled"],
  issued: ["sent_to_provider", "cancelled"],
  sent_to_provider: ["validated", "rejected"],
  rejected: ["sent_to_provider"],
  cancelled: ["draft"],
  validated: [],
  synced: [],
};

export const canMove = (from: InvoiceStatus, to: InvoiceStatus): boolean => next[from].includes(to);

const WHY_NOT: Partial<Record<InvoiceStatus, string>> = {
  issued: "Only draft invoices can be issued.",
  sent_to_provider: "Only issued or rejected invoices can be submitted.",
  cancelled: "Only draft or issued invoices can be cancelled.",
  draft: "Only cancelled invoices can be restored.",
};

/** Refuses (`invalid`) a move the lifecycle does not have. */
export function assertCanMove(from: InvoiceStatus, to: InvoiceStatus): void {
  if (canMove(from, to)) return;
  throw refused(`${WHY_NOT[to] ?? `An invoice cannot become ${to}.`} This one is ${from}.`);
}

type Movable = Pick<Invoice, "status" | "direction" | "anafUploadId"> & {
  /** Other countries' networks that have, or may have, the document. */
  readonly elsewhere?: readonly string[];
};

const isElsewhere = ({ elsewhere = [] }: Movable): boolean => elsewhere.length > 0;

/** Whether the authority has, or may have, this document: then its content is frozen unless it was rejected. */
const isWithAuthority = (invoice: Movable): boolean =>
  invoice.anafUploadId !== null && invoice.status !== "rejected";

/** Drafts, issued documents that were never sent and rejected ones may be changed (DECISIONS 22). */
export function isEditable(invoice: Movable): boolean {
  if (invoice.direction === "incoming" || isWithAuthority(invoice) || isElsewhere(invoice)) return false;
  return invoice.status === "draft" || invoice.status === "issued" || invoice.status === "rejected";
}

export function assertEditable(invoice: Movable): void {
  if (isEditable(invoice)) return;
  if (isElsewhere(invoice))
    throw refused("This invoice was handed over to another network and cannot be changed any more.");
  throw refused(
    isWithAuthority(invoice)
      ? "This invoice was submitted to ANAF and cannot be changed any more."
      : `An invoice that is ${invoice.status} cannot be changed.`,
  );
}

/** Issued documents are cancelled only while the authority knows nothing of them. */
export function assertCancellable(invoice: Movable): void {
  assertCanMove(invoice.status, "cancelled");
  if (isWithAuthority(invoice))
    throw refused("An invoice submitted to ANAF cannot be cancelled; reverse it instead.");
  if (isElsewhere(invoice))
    throw refused("An invoice handed over to another network cannot be cancelled; reverse it instead.");
}

/** A cancelled document comes back as a draft unless something already refers to it. */
export function assertRestorable(invoice: Movable & Pick<Invoice, "payments" | "refundInvoices">): void {
  assertCanMove(invoice.status, "draft");
  if (isWithAuthority(invoice)) throw refused("An invoice submitted to ANAF cannot be restored.");
  if (invoice.payments.length > 0) throw refused("An invoice with payments cannot be restored.");
  if (invoice.refundInvoices.length > 0) throw refused("An invoice that was reversed cannot be restored.");
}

/** Fiscal documents are never deleted: cancel or reverse them. */
export function assertRemovable(invoice: Movable): void {
  if (invoice.status !== "draft" && invoice.status !== "cancelled")
    throw refused("Only draft or cancelled invoices can be deleted.");
  if (isWithAuthority(invoice)) throw refused("An invoice submitted to ANAF cannot be deleted.");
}
