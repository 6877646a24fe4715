import * as z from "zod";
import type { Actor } from "#core/lib/actor.ts";
import { instant, now } from "#core/lib/clock.ts";
import { DomainError, refused } from "#core/lib/error.ts";
import { isIban, normalIban } from "#core/model/cif.ts";
import { currency, oneOf, requiredText, text } from "#core/model/input.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import { changeableCompany } from "./access.ts";
import { findConnection } from "./anaf-connections.ts";
import { type Company, companies } from "./company.ts";
import { registeredBy } from "./create.ts";
import { lookUpRegistration } from "./registry.ts";

/** Parts of the product a company may switch off. */
const modules = [
  "delivery_notes",
  "receipts",
  "proforma_invoices",
  "recurring_invoices",
  "reports",
  "efactura",
  "spv_messages",
  "cash_register",
] as const;

const setFlag = z.boolean("must be true or false").optional();
const whole = (least: number, most: number) => {
  const between = `must be a whole number between ${least} and ${most}`;
  return z.int(between).min(least, between).max(most, between);
};

/** What may be changed by hand. CIF, registration number, VAT status and address belong to the register: ignored. */
export const CompanyChanges = z.object({
  name: requiredText(255).optional(),
  phone: text(50),
  email: z.email("must be an e-mail address").nullish(),
  website: text(255),
  capitalSocial: text(50),
  vatOnCollection: setFlag,
  oss: setFlag,
  vatIn: text(20),
  eoriCode: text(20),
  representative: text(255),
  representativeRole: text(100),
  bankName: text(255),
  bankAccount: z
    .string("must be text")
    .transform(normalIban)
    .refine((iban) => iban === "" || isIban(iban), "is not a valid IBAN")
    .transform((iban) => iban || null)
    .nullish(),
  bankBic: text(11),
  defaultCurrency: currency().optional(),
  syncDaysBack: whole(1, 365).optional(),
  efacturaDelayHours: whole(0, 96).nullish(),
  archiveEnabled: setFlag,
  archiveRetentionYears: whole(1, 50).nullish(),
  enabledModules: z.array(oneOf(modules), "must be a list of modules").nullish(),
});

/** Changes settings of a company; what is absent stays, null clears. */
export function update(actor: Actor, id: string, changes: z.output<typeof CompanyChanges>): Promise<Company> {
  const { enabledModules, ...rest } = changes;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return changed(actor, id, (company) => ({
    ...company,
    ...given,
    enabledModules: enabledModules === undefined ? company.enabledModules : switchedOn(enabledModules),
  }));
}

/** All documented modules together mean: no restriction. */
const switchedOn = (given: readonly string[] | null): string[] | null => {
  const documented = modules.filter((name) => name !== "cash_register");
  return given === null || documented.every((name) => given.includes(name)) ? null : [...new Set(given)];
};

/** Switches automatic sync over. On needs an ANAF connection that covers the company; off needs nothing. */
export function toggleSync(actor: Actor, id: string): Promise<Company> {
  return changed(actor, id, async (company) => {
    if (!company.syncEnabled && !(await findConnection(actor.organizationId, company.cif)))
      throw new DomainError("invalid", "Connect this company to ANAF before switching sync on.", {
        extra: { messageKey: "ERR_SYNC_ENABLE_NO_TOKEN" },
      });
    return { ...company, syncEnabled: !company.syncEnabled };
  });
}

const refreshAfterSeconds = 3600;

/** Reads the register anew; at most once an hour, because the register is everybody's. */
export function refreshFromRegister(actor: Actor, id: string): Promise<Company> {
  return changed(actor, id, async (company) => {
    const age = company.registryReadAt ? (now() - Date.parse(company.registryReadAt)) / 1000 : Infinity;
    if (age < refreshAfterSeconds)
      throw new DomainError("rate_limited", "The register was read less than an hour ago.", {
        retryAfterSeconds: Math.ceil(refreshAfterSeconds - age),
      });
    const registration = await lookUpRegistration(company.cif, { refresh: true });
    if (!registration) throw refused("The ANAF register no longer knows this CIF.");
    const { phone, ...registered } = registeredBy(registration);
    return { ...company, ...registered, phone: company.phone ?? phone, registryReadAt: instant() };
  });
}

/** Decides on a company as it is and writes the next state, again until nobody wrote in between. */
export function changed(
  actor: Actor,
  id: string,
  decide: (company: Company) => Company | Promise<Company>,
): Promise<Company> {
  return untilCommitted(async () => {
    const company = await changeableCompany(actor, id, "company.edit");
    const next = { ...(await decide(company)), updatedAt: instant() };
    const write = companies.replace(actor.organizationId, company, next, {
      events: [{ name: "company.updated" }],
    });
    await commit([write, ...claim(actor, id, { fiscal: false })]);
    return write.value;
  });
}
