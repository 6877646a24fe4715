import * as z from "zod";
import { type Actor, assertCan } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { DomainError, malformed } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import { fits } from "#core/lib/plans.ts";
import { getPlan, planLimit } from "#core/identity/organizations.ts";
import { isCui, normalCif } from "#core/model/cif.ts";
import { country, flag, text } from "#core/model/input.ts";
import { countyCode, sectorOf } from "#core/model/places.ts";
import type { Registration } from "#core/outside/cif-registry.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import { lookUp, release, take } from "#core/store/names.ts";
import { type Company, companies, isRestorable, type Registered } from "./company.ts";
import { startSeries } from "./document-series.ts";
import { isOutage, lookUpRegistration } from "./registry.ts";
import { startVatRates } from "./vat-rates.ts";

/** The CIF; the rest is for the days when the register does not answer, and ignored on all others. */
export const NewCompany = z.object({
  cif: z
    .union([z.string(), z.number()], "is required")
    .transform((written) => normalCif(String(written)))
    .refine(isCui, "is not a valid CIF"),
  name: text(255),
  registrationNumber: text(50),
  vatPayer: flag(),
  address: text(255),
  city: text(100),
  county: text(50),
  country: country().nullish(),
  postalCode: text(20),
  phone: text(50),
});
type Given = z.output<typeof NewCompany>;

/** The guard that lets an organization have a CIF once. */
const guardOf = (organizationId: string, cif: string): string => `cif#${organizationId}#${cif}`;

const duplicate = () =>
  new DomainError("conflict", "A company with this CIF already exists in the organization.", {
    code: "DUPLICATE_CIF",
    extra: { messageKey: "company.duplicateCif" },
  });

/**
 * Adds a company by its CIF with what ANAF's register says of it, the VAT rates in force and its first series. A CIF
 * deleted within the last days comes back with its data. Throws `malformed` for a CIF that is none or unknown,
 * `conflict` DUPLICATE_CIF, `payment_required` PLAN_LIMIT, and `unavailable` when the register does not answer and the
 * body names no company.
 */
export async function create(actor: Actor, input: Given): Promise<Company> {
  assertCan(actor, "company.create");
  const guard = guardOf(actor.organizationId, input.cif);
  const registered = await registeredFor(input);
  return untilCommitted(async () => {
    const [held, { plan, features }, all] = await Promise.all([
      lookUp<{ companyId: string }>(guard),
      getPlan(actor),
      companies.all(actor.organizationId),
    ]);
    const past = held && all.find(({ id }) => id === held.companyId);
    if (past && !past.deletedAt) throw duplicate();
    assertFits(all, plan, features.maxCompanies);
    if (past && isRestorable(past)) return bringBack(actor, past, { ...registered, syncPlan: plan });
    if (past) await forget(actor.organizationId, past);
    const company = newCompany(actor.organizationId, registered, plan);
    const created = companies.insert(actor.organizationId, company, {
      events: [{ name: "company.created" }],
    });
    await commit([
      created,
      take(guard, { companyId: company.id }, { refusal: duplicate }),
      startVatRates(company.id, company.vatPayer),
      ...startSeries(company.id),
      ...claim(actor, company.id, { fiscal: false }),
    ]);
    return created.value;
  });
}

/** Throws `payment_required` PLAN_LIMIT when the organization's plan allows no further company. */
export async function assertRoom(actor: Actor): Promise<void> {
  const [{ plan, features }, all] = await Promise.all([getPlan(actor), companies.all(actor.organizationId)]);
  assertFits(all, plan, features.maxCompanies);
}

function assertFits(all: readonly Company[], plan: string, most: number): void {
  const live = all.filter(({ deletedAt }) => !deletedAt).length;
  if (!fits(live, most)) throw planLimit(`The ${plan} plan allows ${most} companies.`, most);
}

/** Brings a deleted company back, with newer data when there is any. */
export async function bringBack(
  actor: Actor,
  past: Company,
  newer: Partial<Omit<Company, "id" | "rev">> = {},
): Promise<Company> {
  const restored = companies.replace(
    actor.organizationId,
    past,
    { ...past, ...newer, isReadOnly: false, deletedAt: null, updatedAt: instant() },
    { events: [{ name: "company.restored" }] },
  );
  await commit([restored, ...claim(actor, past.id, { fiscal: false })]);
  return restored.value;
}

/** Gives up a deleted company for good, so that its CIF is free. What it owned can no longer be reached. */
const forget = (organizationId: string, past: Company): Promise<void> =>
  commit([companies.remove(organizationId, past), release(guardOf(organizationId, past.cif))]);

async function registeredFor(input: Given): Promise<Registered> {
  try {
    const registration = await lookUpRegistration(input.cif);
    if (!registration) throw malformed({ cif: "is not known to the ANAF register" });
    return registeredBy(registration);
  } catch (error) {
    if (input.name && isOutage(error)) return registeredByHand(input, input.name);
    throw error;
  }
}

/** The register's data as a company has them. */
export const registeredBy = (registration: Registration): Registered => ({
  name: registration.name,
  cif: registration.cif,
  registrationNumber: registration.registrationNumber,
  vatPayer: registration.vatPayer,
  vatCode: registration.vatCode,
  vatOnCollection: registration.vatOnCollection,
  address: registration.address,
  city: registration.city,
  state: registration.county,
  country: "RO",
  sector: registration.sector,
  postalCode: registration.postalCode,
  phone: registration.phone,
});

function registeredByHand(input: Given, name: string): Registered {
  const state = countyCode(input.county) ?? input.county ?? null;
  const sector = state === "B" ? sectorOf(input.city, input.address) : undefined;
  return {
    name,
    cif: input.cif,
    registrationNumber: input.registrationNumber ?? null,
    vatPayer: input.vatPayer ?? false,
    vatCode: input.vatPayer ? `RO${input.cif}` : null,
    vatOnCollection: false,
    address: input.address ?? null,
    city: sector ? `SECTOR${sector}` : (input.city ?? null),
    state,
    country: input.country ?? "RO",
    sector: sector ? String(sector) : null,
    postalCode: input.postalCode ?? null,
    phone: input.phone ?? null,
  };
}

function newCompany(
  organizationId: string,
  registered: Registered,
  syncPlan: Company["syncPlan"],
): Omit<Company, "rev"> {
  const createdAt = instant();
  return {
    id: newId(),
    organizationId,
    ...registered,
    email: null,
    website: null,
    capitalSocial: null,
    oss: false,
    vatIn: null,
    eoriCode: null,
    representative: null,
    representativeRole: null,
    bankName: null,
    bankAccount: null,
    bankBic: null,
    defaultCurrency: "RON",
    archiveEnabled: false,
    archiveRetentionYears: null,
    enabledModules: null,
    syncDaysBack: 60,
    efacturaDelayHours: null,
    syncEnabled: false,
    syncPlan,
    lastSyncedAt: null,
    spvAccessError: null,
    spvAccessErrorAt: null,
    isReadOnly: false,
    logo: null,
    registryReadAt: createdAt,
    createdAt,
    updatedAt: createdAt,
    deletedAt: null,
  };
}
