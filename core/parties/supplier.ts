import type { Instant } from "#core/lib/dates.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { listColumns } from "#core/store/listing.ts";

/** Whom the company buys from, entered by hand or found on an invoice that arrived. Owned by the company. */
export interface Supplier extends Stored {
  name: string;
  /** Bare digits for Romanians, the full VAT number for others. */
  cif: string | null;
  vatCode: string | null;
  isVatPayer: boolean;
  registrationNumber: string | null;
  address: string | null;
  city: string | null;
  county: string | null;
  country: string;
  postalCode: string | null;
  email: string | null;
  phone: string | null;
  bankName: string | null;
  bankAccount: string | null;
  notes: string | null;
  source: "manual" | "anaf_sync" | "import";
  lastSyncedAt: Instant | null;
  createdAt: Instant;
  updatedAt: Instant;
  deletedAt: Instant | null;
}

export const supplierColumns = listColumns({
  name: "text",
  cif: "text",
  vatCode: "text",
  email: "text",
  isVatPayer: "flag",
  source: "text",
});

export const suppliers = collection<Supplier>({
  kind: "sup",
  what: "Supplier",
  cells: (supplier) => (supplier.deletedAt ? null : supplierColumns.cells(supplier)),
});
