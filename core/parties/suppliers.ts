import * as z from "zod";
import { type CompanyActor, assertCan } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { refused } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import { country, flag, text } from "#core/model/input.ts";
import type { Party } from "#core/model/party.ts";
import { type Added, book, type Prepared, removeEach, type Removals } from "./book.ts";
import { fiscalCode, normalPlace } from "./completion.ts";
import { type Supplier, suppliers } from "./supplier.ts";

/** The body that creates a supplier, and the one that changes some of its fields. */
export const NewSupplier = z.object({
  name: text(255),
  cif: text(20),
  vatCode: text(20),
  isVatPayer: flag(),
  registrationNumber: text(50),
  address: text(255),
  city: text(100),
  county: text(100),
  country: country().nullish(),
  postalCode: text(10),
  email: text(255),
  phone: text(20),
  bankName: text(255),
  bankAccount: text(34),
  notes: text(5000),
});
type Input = z.output<typeof NewSupplier>;

/** What a supplier entered by hand must have. */
const required = ["name", "county", "city", "address", "registrationNumber"] as const;

const kept = book({ entries: suppliers, codeOf: ({ cif }) => cif });

export async function get(actor: CompanyActor, id: string): Promise<Supplier> {
  assertCan(actor, "client.view");
  return kept.get(actor.companyId, id);
}

/** Adds a supplier; one with the same CIF is answered instead. Throws `invalid` naming what is missing. */
export async function create(actor: CompanyActor, input: Input): Promise<Added<Supplier>> {
  assertCan(actor, "client.create");
  assertPresent(required.filter((field) => !input[field]));
  const code = fiscalCode(input.cif);
  const createdAt = instant();
  const supplier = normalPlace({
    id: newId(),
    name: input.name!,
    cif: code?.code ?? null,
    vatCode: input.vatCode ?? code?.vatCode ?? null,
    isVatPayer: input.isVatPayer ?? false,
    registrationNumber: input.registrationNumber ?? null,
    address: input.address ?? null,
    city: input.city ?? null,
    county: input.county ?? null,
    country: input.country ?? code?.country ?? "RO",
    postalCode: input.postalCode ?? null,
    email: input.email ?? null,
    phone: input.phone ?? null,
    bankName: input.bankName ?? null,
    bankAccount: input.bankAccount ?? null,
    notes: input.notes ?? null,
    source: "manual" as const,
    lastSyncedAt: null,
    createdAt,
    updatedAt: createdAt,
    deletedAt: null,
  });
  return kept.add(actor, supplier);
}

/** Changes the fields that are present; an empty one is cleared, which what a supplier must have must not be. */
export async function update(actor: CompanyActor, id: string, input: Input): Promise<Supplier> {
  assertCan(actor, "client.edit");
  assertPresent(required.filter((field) => input[field] === null));
  return kept.change(actor, id, (before) => {
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    return normalPlace({
      ...before,
      ...given,
      cif: input.cif === undefined ? before.cif : (fiscalCode(input.cif)?.code ?? null),
      isVatPayer: input.isVatPayer ?? before.isVatPayer,
      country: input.country ?? before.country,
    });
  });
}

export async function remove(actor: CompanyActor, id: string): Promise<void> {
  assertCan(actor, "client.delete");
  await kept.remove(actor, id);
}

export async function removeMany(actor: CompanyActor, ids: readonly string[]): Promise<Removals> {
  assertCan(actor, "client.delete");
  return removeEach(ids, (id) => kept.remove(actor, id));
}

/**
 * The supplier behind the seller of an invoice that arrived, with the writes that make it known, to be committed with
 * the invoice; a deleted one comes back. Sellers without a fiscal code are told apart by nothing and made anew.
 */
export async function findOrCreateSupplier(companyId: string, seller: Party): Promise<Prepared<Supplier>> {
  const now = instant();
  const code = fiscalCode(seller.cif ?? seller.vatCode);
  return kept.prepare(
    companyId,
    normalPlace({
      id: newId(),
      name: seller.name,
      cif: code?.code ?? null,
      vatCode: seller.vatCode,
      isVatPayer: seller.isVatPayer,
      registrationNumber: seller.registrationNumber,
      address: seller.address,
      city: seller.city,
      county: seller.county,
      country: seller.country,
      postalCode: seller.postalCode,
      email: seller.email,
      phone: seller.phone,
      bankName: seller.bankName,
      bankAccount: seller.bankAccount,
      notes: null,
      source: "anaf_sync" as const,
      lastSyncedAt: now,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    }),
  );
}

function assertPresent(missing: readonly string[]): void {
  if (missing.length > 0)
    throw refused(
      `The supplier needs: ${missing.join(", ")}.`,
      Object.fromEntries(missing.map((field) => [field, "is required"])),
    );
}
