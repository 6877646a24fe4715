import type { Instant } from "#core/lib/dates.ts";
import { instant } from "#core/lib/clock.ts";
import { sha256 } from "#core/lib/ids.ts";
import type { Plan } from "#core/lib/plans.ts";
import type { Seller } from "#core/model/party.ts";
import { collection, type Stored } from "#core/store/collection.ts";

/** What the register of companies says; nobody edits it, only a new look at the register changes it. */
export interface Registered {
  name: string;
  /** Bare digits. */
  cif: string;
  registrationNumber: string | null;
  vatPayer: boolean;
  /** `RO` and the CIF while registered for VAT. */
  vatCode: string | null;
  vatOnCollection: boolean;
  address: string | null;
  /** In Bucharest the sector as CIUS-RO wants it, `SECTOR3` (BR-RO-100). */
  city: string | null;
  /** County code, `CJ`, `B`. */
  state: string | null;
  country: string;
  sector: string | null;
  postalCode: string | null;
  phone: string | null;
}

/** What its people say about it. */
export interface CompanySettings {
  email: string | null;
  website: string | null;
  capitalSocial: string | null;
  /** Registered for the one-stop shop: sales to consumers in other member states carry their rates. */
  oss: boolean;
  /** Number for intra-community trade, when it differs from the VAT code. */
  vatIn: string | null;
  eoriCode: string | null;
  representative: string | null;
  representativeRole: string | null;
  bankName: string | null;
  bankAccount: string | null;
  bankBic: string | null;
  defaultCurrency: string;
  archiveEnabled: boolean;
  archiveRetentionYears: number | null;
  /** Parts of the product that are switched on; null: all. */
  enabledModules: string[] | null;
  syncDaysBack: number;
  /** Hours between issue and automatic submission; null: at once (DECISIONS 13). */
  efacturaDelayHours: number | null;
}

/** A legal entity that issues and receives documents. Owned by its organization: the collection's scope. */
export interface Company extends Stored, Registered, CompanySettings {
  organizationId: string;
  syncEnabled: boolean;
  /** The plan whose schedule looks after this company; follows the organization's plan. */
  syncPlan: Plan;
  lastSyncedAt: Instant | null;
  /** What ANAF said when it refused us this company's mailbox (SPV); cleared by a new token. */
  spvAccessError: string | null;
  spvAccessErrorAt: Instant | null;
  /** Over the plan's number of companies: may be read, not written. */
  isReadOnly: boolean;
  /** Where the logo lies in the bucket, and what it is. */
  logo: { key: string; contentType: string } | null;
  registryReadAt: Instant | null;
  createdAt: Instant;
  updatedAt: Instant;
  deletedAt: Instant | null;
}

/** A deleted company can be brought back for so long. */
export const graceDays = 5;

/** Sync work of a plan is spread over quarter-hours: as many slots as its interval has. */
export const slotsOf: Record<Plan, number> = { business: 4, professional: 16, starter: 48, freemium: 96 };

/** One slot of one plan can still be more than a partition takes at a million companies. */
export const syncShards = 8;

/** Name of a slot's companies in the lookup index. */
export const syncName = (plan: Plan, slot: number, shard: number): string => `sync#${plan}#${slot}#${shard}`;

export const companies = collection<Company>({
  kind: "co",
  what: "Company",
  lookup: (company, organizationId) => {
    if (!company.syncEnabled || company.isReadOnly || company.deletedAt) return undefined;
    const place = Number.parseInt(sha256(company.id).slice(0, 8), 16);
    const slot = place % slotsOf[company.syncPlan];
    const shard = Math.floor(place / 96) % syncShards;
    return { name: syncName(company.syncPlan, slot, shard), sort: `${organizationId}#${company.id}` };
  },
});

/** Whether a deleted company is still within the days in which it can be brought back. */
export const isRestorable = ({ deletedAt }: Pick<Company, "deletedAt">): boolean =>
  deletedAt !== null && Date.parse(instant()) - Date.parse(deletedAt) < graceDays * 86_400_000;

/** The company as a document prints it; the seller snapshot of an issued invoice. */
export const sellerOf = (company: Company): Seller => ({
  name: company.name,
  type: "company",
  cif: company.cif,
  cnp: null,
  vatCode: company.vatCode,
  isVatPayer: company.vatPayer,
  registrationNumber: company.registrationNumber,
  address: company.address,
  city: company.city,
  county: company.state,
  country: company.country,
  postalCode: company.postalCode,
  email: company.email,
  phone: company.phone,
  contactPerson: null,
  bankName: company.bankName,
  bankAccount: company.bankAccount,
  sector: company.sector,
  capitalSocial: company.capitalSocial,
  website: company.website,
  vatOnCollection: company.vatOnCollection,
});
