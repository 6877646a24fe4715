import type { StoredInvoice } from "#core/documents/invoices/index.ts";
import { Decimal } from "#core/lib/decimal.ts";
import type { InvoiceLine, Payment } from "#core/model/invoice.ts";

/** Ids of this API carry what they are an id of; bare ones are understood too. */
export const plainId = (id: string): string => id.replace(/^inv_/, "");
const prefixed = (prefix: "inv" | "cli", id: string | null): string | null => id && `${prefix}_${id}`;

/** How far an invoice got with e-Factura, in that API's words. */
const efacturaStatuses: Partial<Record<StoredInvoice["status"], string>> = {
  sent_to_provider: "pending",
  validated: "accepted",
  rejected: "rejected",
};

/** An invoice as the Contazen API writes it. Amounts in lei follow the invoice's rate; without one they are its own. */
export function contazenInvoice(invoice: StoredInvoice) {
  const { number, status } = invoice;
  const [, series = "", counted = number] = /^(.*?)(\d+)$/.exec(number) ?? [];
  const inLei = (amount: string): number =>
    Decimal.from(amount)
      .times(invoice.exchangeRate ?? 1)
      .round(2)
      .toNumber();
  return {
    id: prefixed("inv", invoice.id),
    object: "invoice",
    number: counted,
    series,
    full_number: number,
    date: invoice.issueDate,
    due_date: invoice.dueDate,
    total: Number(invoice.total),
    client_id: prefixed("cli", invoice.clientId),
    client: clientOf(invoice),
    currency: invoice.currency,
    exchange_rate: Number(invoice.exchangeRate ?? 1),
    subtotal: Number(invoice.subtotal),
    vat_amount: Number(invoice.vatTotal),
    subtotal_ron: inLei(invoice.subtotal),
    vat_amount_ron: inLei(invoice.vatTotal),
    total_ron: inLei(invoice.total),
    items: invoice.lines.map(itemOf),
    payments: invoice.payments.map((payment) => paymentOf(payment, invoice)),
    is_paid: invoice.paidAt !== null,
    paid_at: invoice.paidAt?.slice(0, 10) ?? null,
    is_void: status === "cancelled",
    voided_at: invoice.cancelledAt,
    void_reason: invoice.cancellationReason,
    is_draft: status === "draft",
    is_storno: invoice.parentDocumentId !== null,
    storno_for: prefixed("inv", invoice.parentDocumentId),
    document_type: "fiscal",
    payment_method: invoice.paymentMethod,
    notes: invoice.notes,
    observations: invoice.mentions,
    efactura_enabled: true,
    efactura_status: efacturaStatuses[status] ?? "not_sent",
    efactura_submission_id: invoice.anafUploadId,
    created_at: invoice.createdAt,
    modified_at: invoice.updatedAt,
  };
}

function clientOf({ clientId, buyerSnapshot: buyer }: StoredInvoice) {
  if (!buyer) return null;
  return {
    id: prefixed("cli", clientId),
    object: "client",
    name: buyer.name,
    email: buyer.email,
    phone: buyer.phone,
    cui: buyer.cif,
    cui_prefix: buyer.isVatPayer ? "RO" : "",
    rc: buyer.registrationNumber,
    client_type: buyer.type === "company" ? "b2b" : "b2c",
    address: buyer.address,
    city: buyer.city,
    county: buyer.county,
    country: buyer.country,
    postal_code: buyer.postalCode,
    iban: buyer.bankAccount,
    bank: buyer.bankName,
    contact_person: buyer.contactPerson,
  };
}

const itemOf = (line: InvoiceLine) => ({
  id: line.position,
  product_id: line.productId,
  description: line.description,
  description_extended: line.lineNote,
  quantity: Number(line.quantity),
  price: Number(line.unitPrice),
  vat_rate: Number(line.vatRate),
  unit: line.unitOfMeasure,
  ubl_nc: line.ncCode,
  ubl_cpv: line.cpvCode,
  subtotal: Number(line.lineTotal),
  vat_amount: Number(line.vatAmount),
  total: Decimal.from(line.lineTotal).plus(line.vatAmount).toNumber(),
  save_as_product: false,
});

const paymentOf = (payment: Payment, { id, number, total, currency }: StoredInvoice) => ({
  id: payment.id,
  object: "payment",
  amount: Number(payment.amount),
  currency: payment.currency,
  date: payment.paymentDate,
  type: payment.paymentMethod,
  reference: payment.reference,
  invoice: { id: prefixed("inv", id), number, total: Number(total), currency },
  created_at: Math.floor(Date.parse(payment.createdAt) / 1000),
});
