import { type Series, readDefaults, series, type SeriesType } from "#core/companies/document-series.ts";
import { refused } from "#core/lib/error.ts";
import type { Invoice } from "#core/model/invoice.ts";

type Unnumbered = Pick<Invoice, "companyId" | "documentSeriesId" | "documentType">;

/**
 * The series a document is numbered from: the one it names, else the default of its type, else the oldest active one
 * of the type. Credit notes without a series of their own are numbered with the invoices. Throws `invalid` when there
 * is none.
 */
export async function seriesFor({ companyId, documentSeriesId, documentType }: Unnumbered): Promise<Series> {
  const [all, { byType }] = await Promise.all([series.all(companyId), readDefaults(companyId)]);
  const active = all.filter((one) => one.active);
  const named = active.find(({ id }) => id === documentSeriesId);
  const usual = (type: SeriesType): Series | undefined =>
    active.find(({ id }) => id === byType[type]) ?? active.find((one) => one.type === type);
  const found = named ?? usual(documentType) ?? usual("invoice");
  if (!found) throw refused("There is no active series to number this document from; create one first.");
  return found;
}
