import type { Day, Instant } from "#core/lib/dates.ts";
import type { DecimalText } from "#core/lib/decimal.ts";
import type { HeaderFields } from "./invoice-input.ts";
import type { Buyer, PaymentAccount, Seller } from "./party.ts";
import type { LineExtensions } from "./ubl-extensions.ts";
import type { DocumentType, InvoiceStatus, InvoiceUntdidCode, VatCategory } from "./words.ts";

/** A line, shared by every kind of document. `lineTotal` and `vatAmount` are what totals.ts made of the rest. */
export interface InvoiceLine {
  id: string;
  /** 1-based order on the document; BT-126. */
  position: number;
  productId: string | null;
  description: string; // BT-153, BT-154
  quantity: DecimalText; // BT-129; negative on reversals and credit notes
  unitOfMeasure: string; // BT-130, as people write it (`buc`, `kg`)
  /** Net of VAT unless `vatIncluded`; never negative. */
  unitPrice: DecimalText;
  vatRate: DecimalText; // BT-152
  vatCategoryCode: VatCategory; // BT-151
  /** VATEX code and text for lines that carry no VAT (BT-121, BT-120); null: what the category implies. */
  exemptionReasonCode: string | null;
  exemptionReason: string | null;
  /** Informational: the VAT of this line alone. The legal sums are per category and rate (DECISIONS 18). */
  vatAmount: DecimalText;
  lineTotal: DecimalText; // BT-131
  /** Absolute, with the sign of the quantity. */
  discount: DecimalText;
  discountPercent: DecimalText;
  vatIncluded: boolean;
  productCode: string | null; // BT-155
  lineNote: string | null; // BT-127
  buyerAccountingRef: string | null; // BT-133
  buyerItemIdentification: string | null; // BT-156
  standardItemIdentification: string | null; // BT-157
  cpvCode: string | null; // BT-158, listID STI
  ncCode: string | null; // BT-158, listID TSP
  ublExtensions: LineExtensions | null;
}

/** Money received (or paid, on incoming invoices), kept inside its invoice. */
export interface Payment {
  id: string;
  amount: DecimalText;
  currency: string;
  paymentDate: Day;
  paymentMethod: string;
  reference: string | null;
  notes: string | null;
  isReconciled: boolean;
  createdAt: Instant;
}

/** What happened to a document, newest first. */
export interface DocumentEvent {
  id: string;
  previousStatus: InvoiceStatus | null;
  newStatus: InvoiceStatus;
  metadata: { action: DocumentAction; [detail: string]: unknown };
  createdAt: Instant;
  /** E-mail of who did it; null for the system. */
  createdBy: string | null;
}

/** More than any document's life needs; the limit keeps a row from growing without end. */
export const EVENTS_KEPT = 200;

export type DocumentAction =
  | "created"
  | "created_from_recurring"
  | "storno_created"
  | "updated"
  | "issued"
  | "refund_issued"
  | "refunded"
  | "submitted_to_anaf"
  | "anaf_validated"
  | "anaf_rejected"
  | "cancelled"
  | "restored"
  | "payment_recorded"
  | "payment_deleted"
  | "all_payments_deleted"
  | "synced_from_anaf";

export interface Attachment {
  id: string;
  filename: string;
  mimeType: string;
  description: string | null;
  size: number | null;
  uploadedAt: Instant | null;
  uploadedBy: { id: string; name: string } | null;
}

/** Sums of a document, all in its currency. Computed by totals.ts, never taken from a client. */
export interface InvoiceTotals {
  subtotal: DecimalText; // BT-106
  vatTotal: DecimalText; // BT-110
  total: DecimalText; // BT-112
  discount: DecimalText;
  /** BT-115: total less prepayment, plus rounding (BT-114); what the balance starts from. */
  payable: DecimalText;
}

/** What moves while a document lives: payments and the authority's verdict. */
export interface InvoiceProgress {
  amountPaid: DecimalText;
  /** payable − amountPaid. */
  balance: DecimalText;
  /** Set only when nothing is left to pay. */
  paidAt: Instant | null;
  anafMessageId: string | null;
  anafUploadId: string | null;
  anafDownloadId: string | null;
  anafStatus: string | null;
  anafErrorMessage: string | null;
  signatureValid: boolean | null;
  syncedAt: Instant | null;
  isDuplicate: boolean;
  isLateSubmission: boolean;
  cancelledAt: Instant | null;
  cancellationReason: string | null;
  scheduledSendAt: Instant | null;
}

/**
 * An invoice or credit note: what the table stores, what formats read and, through wire.ts, what the API answers.
 * Credit notes are stored with negative quantities and sums; only the XML of a credit note turns them positive.
 */
export interface Invoice extends HeaderFields, InvoiceTotals, InvoiceProgress {
  id: string;
  companyId: string;
  /** `DRAFT-xxxxxxxx` until issued; BT-1. */
  number: string;
  documentType: DocumentType;
  status: InvoiceStatus;
  direction: "outgoing" | "incoming";
  /** BT-3 when the document is an invoice; a credit note is always 381. */
  untdidTypeCode: InvoiceUntdidCode;
  clientId: string | null;
  supplierId: string | null;
  senderCif: string | null;
  senderName: string | null;
  /** Number and day of the document this one reverses or corrects; BT-25, BT-26. */
  parentDocumentNumber: string | null;
  parentDocumentDate: Day | null;
  /** Documents that reverse this one and are not cancelled or deleted. */
  refundInvoices: { id: string; number: string; issueDate: Day; status: InvoiceStatus }[];
  /** The buyer as known now for drafts, frozen at issue (DECISIONS 22). */
  buyerSnapshot: Buyer | null;
  /** The seller and its accounts, taken at issue. */
  sellerSnapshot: Seller | null;
  bankAccounts: PaymentAccount[];
  lines: InvoiceLine[];
  payments: Payment[];
  events: DocumentEvent[];
  attachments: Attachment[];
  createdAt: Instant;
  updatedAt: Instant;
  deletedAt: Instant | null;
}

/**
 * Everything a writer (UBL, PDF) needs to render one document, so that formats never look anything up. For an issued
 * invoice it comes from the snapshots in the row, for a draft from the company and client as they are now.
 */
export interface IssuableDocument {
  invoice: Invoice;
  seller: Seller;
  buyer: Buyer;
  /** Accounts to pay into, the preferred first. */
  bankAccounts: readonly PaymentAccount[];
  parent: { number: string; issueDate: Day } | null;
}
