import { numberOf, series } from "#core/companies/document-series.ts";
import { invoices, type StoredInvoice } from "./collection.ts";

/** What an invoice is shown with beyond its own row. */
export interface Neighbours {
  readonly series: { readonly id: string; readonly prefix: string; readonly nextNumber: string } | null;
  readonly parent: StoredInvoice | null;
  readonly refunds: StoredInvoice["refundInvoices"];
}

/** The series, the parent and the reversals of an invoice as they are now; nothing is read for what it has not. */
export async function neighboursOf(invoice: StoredInvoice): Promise<Neighbours> {
  const { companyId, documentSeriesId, parentDocumentId, refundInvoices } = invoice;
  const [from, parent, refunds] = await Promise.all([
    documentSeriesId ? series.find(companyId, documentSeriesId) : undefined,
    parentDocumentId ? invoices.find(companyId, parentDocumentId) : undefined,
    refundInvoices.length > 0
      ? invoices.getMany(
          companyId,
          refundInvoices.map(({ id }) => id),
        )
      : [],
  ]);
  return {
    series: from
      ? { id: from.id, prefix: from.prefix, nextNumber: numberOf(from.prefix, from.currentNumber + 1) }
      : null,
    parent: parent && !parent.deletedAt ? parent : null,
    refunds: refunds.map(({ id, number, issueDate, status }) => ({ id, number, issueDate, status })),
  };
}
