import { instant } from "#core/lib/clock.ts";
import type { Instant } from "#core/lib/dates.ts";
import type { DecimalText } from "#core/lib/decimal.ts";
import { newId } from "#core/lib/ids.ts";
import type { VatCategory } from "#core/model/words.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { listColumns } from "#core/store/listing.ts";

export const USAGES = ["sales", "purchases", "both", "internal"] as const;

/** What a line sells or buys. Owned by the company: the collection's scope. */
export interface Product extends Stored {
  name: string;
  code: string | null;
  description: string | null;
  unitOfMeasure: string;
  /** Net of VAT. */
  defaultPrice: DecimalText;
  currency: string;
  vatRate: DecimalText;
  vatCategoryCode: VatCategory;
  isService: boolean;
  isActive: boolean;
  usage: (typeof USAGES)[number];
  ncCode: string | null;
  cpvCode: string | null;
  /** `#rrggbb`, for the till. */
  color: string | null;
  categoryId: string | null;
  /** Deposit on packaging, per piece. */
  sgrAmount: DecimalText | null;
  source: "manual" | "anaf_sync" | "import" | "api";
  lastSyncedAt: Instant | null;
  createdAt: Instant;
  updatedAt: Instant;
  deletedAt: Instant | null;
}

export const productColumns = listColumns({
  name: "text",
  code: "text",
  isActive: "flag",
  isService: "flag",
  usage: "text",
  categoryId: "text",
  source: "text",
  defaultPrice: "number",
});

export const products = collection<Product>({
  kind: "prd",
  what: "Product",
  cells: (product) => (product.deletedAt ? null : productColumns.cells(product)),
});

/** What a new product has that nobody said anything about. */
export const blankProduct = () => {
  const createdAt = instant();
  return {
    id: newId(),
    description: null,
    isService: false,
    isActive: true,
    color: null,
    categoryId: null,
    sgrAmount: null,
    source: "manual" as const,
    lastSyncedAt: null,
    createdAt,
    updatedAt: createdAt,
    deletedAt: null,
  };
};
