import { instant } from "#core/lib/clock.ts";
import { idFrom } from "#core/lib/ids.ts";
import type { InvoiceLine } from "#core/model/invoice.ts";
import type { Prepared } from "#core/parties/book.ts";
import { blankProduct, type Product, products } from "./product.ts";

/** What a line of an invoice that arrived says about its product. */
export type SoldLine = Pick<
  InvoiceLine,
  | "description"
  | "unitOfMeasure"
  | "unitPrice"
  | "vatRate"
  | "vatCategoryCode"
  | "productCode"
  | "ncCode"
  | "cpvCode"
>;

/**
 * The product behind a line of an invoice that arrived, with the writes that make it known, to be committed with the
 * invoice. Its id is made from supplier and code (or description), so that the same thing bought twice is one product;
 * a deleted one comes back.
 */
export async function findOrCreateProduct(
  companyId: string,
  supplierId: string,
  line: SoldLine,
  inCurrency: string,
): Promise<Prepared<Product>> {
  const sameness = line.productCode ? `code ${line.productCode}` : `name ${line.description.toLowerCase()}`;
  const id = idFrom([companyId, supplierId, sameness].join("\n"));
  const past = await products.find(companyId, id);
  if (past && !past.deletedAt) return { entry: past, existing: true, writes: [] };
  const now = instant();
  const fresh = {
    ...blankProduct(),
    id,
    name: line.description.slice(0, 255),
    code: line.productCode,
    unitOfMeasure: line.unitOfMeasure,
    defaultPrice: line.unitPrice,
    currency: inCurrency,
    vatRate: line.vatRate,
    vatCategoryCode: line.vatCategoryCode,
    usage: "purchases" as const,
    ncCode: line.ncCode,
    cpvCode: line.cpvCode,
    source: "anaf_sync" as const,
    lastSyncedAt: now,
  };
  const write = past ? products.replace(companyId, past, fresh) : products.insert(companyId, fresh);
  return { entry: write.value, existing: false, writes: [write] };
}
