import { type Actor, assertCan } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { fits } from "#core/lib/plans.ts";
import { getPlan } from "#core/identity/organizations.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { visibleCompanies, visibleCompany } from "./access.ts";
import { type Company, companies } from "./company.ts";

/**
 * Brings the companies of an organization in line with its plan: each is looked after by that plan's schedule, and when
 * there are more than it allows, the ones changed last stay writable. Call after every change of a plan; repeating it
 * changes nothing.
 */
export async function followPlan(organizationId: string): Promise<void> {
  const { plan, features } = await getPlan({ organizationId });
  const live = (await companies.all(organizationId)).filter(({ deletedAt }) => !deletedAt);
  const latestFirst = live.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  for (const [place, company] of latestFirst.entries()) {
    const isReadOnly = !fits(place, features.maxCompanies);
    if (company.isReadOnly !== isReadOnly || company.syncPlan !== plan)
      await rewrite(organizationId, company.id, (now) => ({ ...now, isReadOnly, syncPlan: plan }));
  }
}

/**
 * Makes a company writable; when the plan allows no more of them, the one that was changed longest ago takes its place
 * among the read-only ones. Answers the visible companies.
 */
export async function setActive(actor: Actor, id: string): Promise<Company[]> {
  assertCan(actor, "company.edit");
  const chosen = await visibleCompany(actor, id);
  const { features } = await getPlan(actor);
  if (chosen.isReadOnly) {
    await rewrite(actor.organizationId, id, (company) => ({
      ...company,
      isReadOnly: false,
      updatedAt: instant(),
    }));
    const writable = (await companies.all(actor.organizationId))
      .filter((company) => !company.deletedAt && !company.isReadOnly && company.id !== id)
      .toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
    for (const [place, company] of writable.entries())
      if (!fits(place + 1, features.maxCompanies))
        await rewrite(actor.organizationId, company.id, (one) => ({ ...one, isReadOnly: true }));
  }
  return visibleCompanies(actor);
}

const rewrite = (organizationId: string, id: string, next: (company: Company) => Company): Promise<void> =>
  untilCommitted(async () => {
    const company = await companies.get(organizationId, id);
    await commit([companies.replace(organizationId, company, next(company))]);
  });
