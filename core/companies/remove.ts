import { type Actor, assertCan } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { DomainError, notFound } from "#core/lib/error.ts";
import { isId } from "#core/lib/ids.ts";
import { fits } from "#core/lib/plans.ts";
import { getPlan, planLimit } from "#core/identity/organizations.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { canSee, visibleCompany } from "./access.ts";
import { type Company, companies, graceDays, isRestorable } from "./company.ts";
import { bringBack } from "./create.ts";

/** The instant after which a deleted company cannot come back. */
export const hardDeleteAt = (deletedAt: string): string =>
  new Date(Date.parse(deletedAt) + graceDays * 86_400_000).toISOString();

/** Deletes a company; for five days it can be brought back. Nothing is sent or fetched for it from now on. */
export async function remove(actor: Actor, id: string): Promise<Company> {
  assertCan(actor, "company.delete");
  return untilCommitted(async () => {
    const company = await visibleCompany(actor, id);
    const deletedAt = instant();
    const write = companies.replace(
      actor.organizationId,
      company,
      { ...company, syncEnabled: false, deletedAt, updatedAt: deletedAt },
      { events: [{ name: "company.removed" }] },
    );
    await commit([write]);
    return write.value;
  });
}

/** Deleted companies that can still be brought back. */
export async function listDeleted(actor: Actor): Promise<Company[]> {
  assertCan(actor, "company.view");
  const all = await companies.all(actor.organizationId);
  return all.filter((company) => isRestorable(company) && canSee(actor, company.id));
}

/**
 * Brings a deleted company back. Throws `conflict` when it is not deleted, `gone` after five days, `payment_required`
 * when the plan has no place for it.
 */
export async function restore(actor: Actor, id: string): Promise<Company> {
  assertCan(actor, "company.delete");
  return untilCommitted(async () => {
    const all = await companies.all(actor.organizationId);
    const company = isId(id) && canSee(actor, id) ? all.find((one) => one.id === id) : undefined;
    if (!company) throw notFound("Company");
    if (!company.deletedAt) throw new DomainError("conflict", "The company is not deleted.");
    if (!isRestorable(company))
      throw new DomainError("gone", `A company can be restored for ${graceDays} days.`);
    const { plan, features } = await getPlan(actor);
    const live = all.filter(({ deletedAt }) => !deletedAt).length;
    if (!fits(live, features.maxCompanies))
      throw planLimit(`The ${plan} plan allows ${features.maxCompanies} companies.`, features.maxCompanies);
    return bringBack(actor, company, { syncPlan: plan });
  });
}
