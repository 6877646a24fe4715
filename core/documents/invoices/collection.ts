import type { Instant } from "#core/lib/dates.ts";
import type { Invoice } from "#core/model/invoice.ts";
import { collection } from "#core/store/collection.ts";
import { listColumns } from "#core/store/listing.ts";

/** Under which rules and by whose will an invoice went to the authority the last time. */
export interface Submission {
  /** 1 for the first, one more for each resubmission after a rejection. */
  attempt: number;
  /** Started by the company's delay setting and not by a person. */
  automatic: boolean;
  startedAt: Instant;
}

/** An invoice as its row keeps it: the public object and what only the product needs. Scope: the company. */
export interface StoredInvoice extends Invoice {
  readonly rev: number;
  /** SHA-256 of the XML that belongs to this state; null for drafts. Stored bytes with another hash are outdated. */
  xmlSha256: string | null;
  submission: Submission | null;
  /** Whose it is, from when its way to the authority is decided: its scope names the company alone. */
  organizationId?: string;
  /** Networks other than ANAF that have, or may have, this document; see elsewhere.ts. */
  elsewhere?: readonly string[];
}

/** What lists of invoices filter, sort and search by. Positional in stored rows: append, never reorder. */
export const columns = listColumns({
  number: "text",
  status: "text",
  direction: "text",
  documentType: "text",
  issueDate: "text",
  dueDate: "text",
  createdAt: "text",
  /** The client of an outgoing document, the supplier of an incoming one. */
  partyId: "text",
  partyName: "text",
  partyCif: "text",
  parentDocumentId: "text",
  currency: "text",
  subtotal: "cents",
  vatTotal: "cents",
  total: "cents",
  amountPaid: "cents",
  balance: "cents",
  isPaid: "flag",
  isDuplicate: "flag",
  isLateSubmission: "flag",
  /** Has a reversal or credit note that counts. */
  isRefunded: "flag",
});

export const invoices = collection<StoredInvoice>({
  kind: "inv",
  what: "Invoice",
  cells: (invoice) => (invoice.deletedAt ? null : columns.cells(cellsOf(invoice))),
  lookup: (invoice, companyId) =>
    isLookedFor(invoice)
      ? { name: likenessOf(companyId, invoice), sort: invoice.createdAt }
      : underWay(invoice),
});

/** Copies are looked for among drafts and among what suppliers sent; an issued invoice carries no name for it. */
const isLookedFor = ({ deletedAt, direction, status }: StoredInvoice): boolean =>
  deletedAt === null && (direction === "incoming" || status === "draft");

/** Over how many names all invoices on their way to the authority are spread. */
const underWayShards = 16;

/** The names under which every company's invoices on their way are found, by the minute they set out. */
export const underWayNames: readonly string[] = Array.from(
  { length: underWayShards },
  (_, shard) => `under way#${shard}`,
);

/** One that is to leave by itself, or has no verdict yet. Whatever else happens to it, it is found again by this. */
function underWay({ id, status, scheduledSendAt, submission, organizationId, deletedAt }: StoredInvoice) {
  const since =
    status === "sent_to_provider" ? submission?.startedAt : status === "issued" ? scheduledSendAt : null;
  if (!since || !organizationId || deletedAt) return undefined;
  const name = underWayNames[Number.parseInt(id.slice(-2), 16) % underWayShards]!;
  return { name, sort: since.slice(0, "2026-11-20T12:24".length) };
}

function cellsOf(invoice: StoredInvoice) {
  const isIncoming = invoice.direction === "incoming";
  const { number, status, direction, documentType, issueDate, dueDate, createdAt, parentDocumentId } =
    invoice;
  return {
    number,
    status,
    direction,
    documentType,
    issueDate,
    dueDate,
    createdAt,
    partyId: isIncoming ? invoice.supplierId : invoice.clientId,
    partyName: isIncoming ? invoice.senderName : invoice.receiverName,
    partyCif: isIncoming ? invoice.senderCif : invoice.receiverCif,
    parentDocumentId,
    currency: invoice.currency,
    subtotal: invoice.subtotal,
    vatTotal: invoice.vatTotal,
    total: invoice.total,
    amountPaid: invoice.amountPaid,
    balance: invoice.balance,
    isPaid: invoice.paidAt !== null,
    isDuplicate: invoice.isDuplicate,
    isLateSubmission: invoice.isLateSubmission,
    isRefunded: invoice.refundInvoices.length > 0,
  };
}

type Likeness = Pick<Invoice, "direction" | "senderCif" | "number" | "clientId" | "receiverCif"> &
  Pick<Invoice, "currency" | "total">;

/**
 * The name that invoices share which are probably the same one: for incoming ones the supplier and his number, for
 * ours the client, the currency and the total.
 */
export const likenessOf = (companyId: string, invoice: Likeness): string =>
  invoice.direction === "incoming"
    ? `${companyId}#in#${invoice.senderCif}#${invoice.number}`
    : `${companyId}#out#${invoice.clientId ?? invoice.receiverCif}#${invoice.currency}#${invoice.total}`;
