import type { Instant } from "#core/lib/dates.ts";
import type { Buyer } from "#core/model/party.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { listColumns } from "#core/store/listing.ts";

/** Whom the company sells to. Owned by the company: the collection's scope. */
export interface Client extends Stored {
  type: "company" | "individual";
  name: string;
  /** Bare digits for Romanians, the full VAT number for others. */
  cui: string | null;
  cnp: string | null;
  /** With the country's prefix. */
  vatCode: string | null;
  isVatPayer: boolean;
  registrationNumber: string | null;
  address: string | null;
  city: string | null;
  /** County code for Romanians, what was written for others. */
  county: string | null;
  country: string;
  postalCode: string | null;
  email: string | null;
  phone: string | null;
  bankName: string | null;
  bankAccount: string | null;
  defaultPaymentTermDays: number | null;
  contactPerson: string | null;
  clientCode: string | null;
  notes: string | null;
  idNumber: string | null;
  currency: string | null;
  /** What VIES said of the VAT code; null while it has not answered. */
  viesValid: boolean | null;
  viesValidatedAt: Instant | null;
  viesName: string | null;
  source: "manual" | "anaf_sync" | "import";
  lastSyncedAt: Instant | null;
  createdAt: Instant;
  updatedAt: Instant;
  deletedAt: Instant | null;
}

export const clientColumns = listColumns({
  name: "text",
  cui: "text",
  cnp: "text",
  vatCode: "text",
  email: "text",
  idNumber: "text",
  type: "text",
  country: "text",
  isVatPayer: "flag",
  source: "text",
});

export const clients = collection<Client>({
  kind: "cli",
  what: "Client",
  cells: (client) => (client.deletedAt ? null : clientColumns.cells(client)),
});

/** The client as the buyer of a document: what a draft shows now and an issued one keeps. */
export const buyerOf = (client: Client): Buyer => ({
  name: client.name,
  type: client.type,
  cif: client.cui,
  cnp: client.cnp,
  vatCode: client.vatCode,
  isVatPayer: client.isVatPayer,
  registrationNumber: client.registrationNumber,
  address: client.address,
  city: client.city,
  county: client.county,
  country: client.country,
  postalCode: client.postalCode,
  email: client.email,
  phone: client.phone,
  contactPerson: client.contactPerson,
  bankName: client.bankName,
  bankAccount: client.bankAccount,
  clientCode: client.clientCode,
});
