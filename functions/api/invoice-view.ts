import * as Invoices from "#core/documents/invoices/index.ts";
import type { ValidationResult } from "#core/model/finding.ts";
import type { Party } from "#core/model/party.ts";
import { paymentState, wireInvoice } from "#core/model/wire.ts";

type Stored = Invoices.StoredInvoice;
type Json = Record<string, unknown>;

/** The public part of a stored invoice. */
function publicOf(stored: Stored): Json {
  const { rev: _rev, xmlSha256: _hash, submission: _submission, elsewhere: _elsewhere, ...kept } = stored;
  const { organizationId: _organizationId, ...invoice } = kept;
  const isIncoming = invoice.direction === "incoming";
  return {
    ...wireInvoice(invoice),
    client: isIncoming ? null : partyOf(invoice.clientId, invoice.buyerSnapshot),
    supplier: isIncoming ? partyOf(invoice.supplierId, invoice.sellerSnapshot) : null,
  };
}

/** Clients are documented with `cui`, suppliers with `cif`. */
const partyOf = (id: string | null, party: Party | null): Json | null =>
  id === null || party === null ? null : { id, ...party, cui: party.cif };

/** An invoice alone, with its series, its parent and its reversals. */
export async function detail(invoice: Stored): Promise<Json> {
  const { series, parent, refunds } = await Invoices.neighboursOf(invoice);
  const { refundInvoices: _ids, ...shown } = publicOf(invoice);
  return {
    ...shown,
    documentSeries: series,
    parentDocument: parent && {
      id: parent.id,
      number: parent.number,
      issueDate: parent.issueDate,
      total: Number(parent.total),
      currency: parent.currency,
      status: parent.status,
    },
    isRefunded: refunds.length > 0,
    ...(refunds.length > 0 ? { refundInvoices: refunds } : {}),
  };
}

/** What only the page of a single invoice shows. */
const notListed =
  "lines payments events attachments buyerSnapshot ublExtensions refundInvoices notes mentions internalNote".split(
    " ",
  );

/** An invoice as a row of a list. */
export function listItem(invoice: Stored): Json {
  const row = publicOf({ ...invoice, lines: [], payments: [], events: [], attachments: [] });
  for (const field of notListed) delete row[field];
  return {
    ...row,
    clientName: invoice.direction === "incoming" ? null : invoice.receiverName,
    isRefunded: invoice.refundInvoices.length > 0,
  };
}

/** The answer of create and update: wrapped for some published clients, bare for others. */
export async function withValidation(invoice: Stored, validation: ValidationResult): Promise<Json> {
  const shown = await detail(invoice);
  return { ...shown, invoice: shown, validation };
}

/** The few fields of an invoice that a payment is answered with. */
export const summary = (invoice: Stored): Json => ({
  id: invoice.id,
  number: invoice.number,
  status: invoice.status,
  total: Number(invoice.total),
  amountPaid: Number(invoice.amountPaid),
  balance: Number(invoice.balance),
  paidAt: invoice.paidAt,
  paymentState: paymentState(invoice),
});
