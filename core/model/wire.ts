import { today } from "#core/lib/dates.ts";
import type { DocumentEvent, Invoice, InvoiceLine, Payment } from "./invoice.ts";
import type { Party } from "./party.ts";

/** Every field that is decimal text inside and a JSON number outside (DECISIONS 3), whatever object it is in. */
const NUMBERS: ReadonlySet<string> = new Set([
  ..."subtotal vatTotal total discount payable receivable totalAmount vatAmount amountPaid balance amount".split(
    " ",
  ),
  ..."exchangeRate clientBalanceExisting clientBalanceOverdue penaltyPercentPerDay prepaidAmount".split(" "),
  ..."quantity unitPrice vatRate lineTotal discountPercent".split(" "),
  ..."taxRate baseAmount multiplierFactorNumeric".split(" "),
  ..."rate defaultPrice sgrAmount openingBalance invoiceTotal totalRevenue totalExpenses".split(" "),
]);

/** A model value as the API writes it: decimal text becomes a number by the name of its field, at any depth. */
export function wire(value: unknown, field = ""): unknown {
  if (typeof value === "string") return NUMBERS.has(field) ? Number(value) : value;
  if (Array.isArray(value)) return value.map((item) => wire(item, field));
  if (value === null || typeof value !== "object") return value;
  return wireObject(value);
}

type Json = Record<string, unknown>;

const wireObject = (value: object): Json => {
  const written: Json = {};
  for (const [key, inner] of Object.entries(value)) written[key] = wire(inner, key);
  return written;
};

/** A party with both names of its fiscal code: clients are documented with `cui`, suppliers with `cif`. */
const wireParty = (party: Party): Json => ({ ...party, cui: party.cif });

const wireLine = (line: InvoiceLine): Json => ({ ...wireObject(line), lineNumber: line.position });

export const wirePayment = (payment: Payment): Json => ({
  ...wireObject(payment),
  uuid: payment.id,
  paymentCreatedAt: payment.createdAt,
});

export const wireEvent = (event: DocumentEvent): Json => ({
  ...event,
  type: event.metadata.action,
  status: event.newStatus,
  timestamp: event.createdAt,
});

/** What payments and dates say about an invoice; accepted as list filters and shown beside the stored status. */
export function paymentState(
  invoice: Pick<Invoice, "status" | "paidAt" | "amountPaid" | "dueDate">,
  day = today(),
): "paid" | "partially_paid" | "overdue" | "unpaid" {
  if (invoice.paidAt !== null) return "paid";
  const closed = invoice.status === "draft" || invoice.status === "cancelled";
  if (invoice.dueDate !== null && invoice.dueDate < day && !closed) return "overdue";
  return Number(invoice.amountPaid) === 0 ? "unpaid" : "partially_paid";
}

/** Kept in the row, never shown. `refundInvoices` appears only when there are any. */
const HIDDEN: readonly (keyof Invoice)[] = [
  "companyId",
  "deletedAt",
  "sellerSnapshot",
  "bankAccounts",
  "refundInvoices",
];

/**
 * The invoice as `GET /invoices/{uuid}` answers it: numbers as numbers, and every name under which the published
 * clients and pages know a field.
 */
export function wireInvoice(invoice: Invoice): Json {
  const shown = wireObject(invoice);
  for (const field of HIDDEN) delete shown[field];
  return {
    ...shown,
    uuid: invoice.id,
    isCreditNote: invoice.documentType === "credit_note",
    isIncoming: invoice.direction === "incoming",
    vatAmount: Number(invoice.vatTotal),
    totalAmount: Number(invoice.total),
    anafSubmissionId: invoice.anafUploadId,
    anafState: invoice.anafStatus,
    paymentState: paymentState(invoice),
    buyerSnapshot: invoice.buyerSnapshot && wireParty(invoice.buyerSnapshot),
    lines: invoice.lines.map(wireLine),
    payments: invoice.payments.map(wirePayment),
    events: invoice.events.map(wireEvent),
    ...(invoice.refundInvoices.length > 0 ? { refundInvoices: invoice.refundInvoices } : {}),
  };
}
