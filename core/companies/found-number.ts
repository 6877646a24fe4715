import { instant } from "#core/lib/clock.ts";
import type { DocumentType } from "#core/model/words.ts";
import type { Write } from "#core/store/write.ts";
import { series } from "./document-series.ts";
import { placeOf, withFound } from "./series-counter.ts";

/**
 * The writes after a document that another program issued was found under a number, to be committed with the document:
 * none when no series for such documents has its prefix, or when the series has passed the number.
 */
export async function noteFoundNumber(
  companyId: string,
  number: string,
  documentType: DocumentType,
): Promise<Write[]> {
  const all = await series.all(companyId);
  const able = all.filter(({ type }) => type === documentType || type === "invoice");
  const place = placeOf(able, number);
  if (!place) return [];
  const next = withFound(place.series, place.number);
  if (next === place.series) return [];
  return [series.replace(companyId, place.series, { ...next, updatedAt: instant() })];
}
