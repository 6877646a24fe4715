import { type Actor, assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { DomainError, notFound } from "#core/lib/error.ts";
import { isId } from "#core/lib/ids.ts";
import { companies, type Company } from "./company.ts";

/** Whether the actor may see a company of its organization; for accountants and employees it may be only some. */
export const canSee = (actor: Actor, companyId: string): boolean =>
  actor.allowedCompanyIds === undefined || actor.allowedCompanyIds.has(companyId);

/** The live companies the actor may see, oldest first. */
export async function visibleCompanies(actor: Actor): Promise<Company[]> {
  const all = await companies.all(actor.organizationId);
  return all.filter((company) => !company.deletedAt && canSee(actor, company.id));
}

/** A live company named in a path; what is foreign, deleted or not allowed looks as if it were not there. */
export async function visibleCompany(actor: Actor, id: string): Promise<Company> {
  const company = isId(id) && canSee(actor, id) ? await companies.find(actor.organizationId, id) : undefined;
  if (!company || company.deletedAt) throw notFound("Company");
  return company;
}

/**
 * The company a request works in (DECISIONS 1): the one it names, else the only one the organization has. Throws
 * `forbidden` when there is none to take or the named one is unknown, foreign, deleted or not allowed.
 */
export async function companyOf(actor: Actor, named: string | undefined): Promise<Company> {
  const company = named === undefined ? await onlyCompany(actor) : await namedCompany(actor, named);
  if (!company || company.deletedAt || !canSee(actor, company.id))
    throw new DomainError("forbidden", "Access denied");
  return company;
}

const namedCompany = async (actor: Actor, id: string): Promise<Company | undefined> =>
  isId(id) ? companies.find(actor.organizationId, id) : undefined;

async function onlyCompany(actor: Actor): Promise<Company> {
  const live = (await companies.all(actor.organizationId)).filter(({ deletedAt }) => !deletedAt);
  if (live.length !== 1)
    throw new DomainError("forbidden", "The X-Company header is required for this endpoint.", {
      extra: { error: "Company context required" },
    });
  return live[0]!;
}

/** Throws `forbidden` when the company is over the plan: it may be read, not written. */
export function assertWritable(company: Company): void {
  if (company.isReadOnly)
    throw new DomainError("forbidden", "This company is read-only on the current plan.", {
      extra: { messageKey: "company.readOnly" },
    });
}

/** Where an actor carries the company it was let into; copies of the actor, which have more to say, carry it on. */
const entered = Symbol("entered");

interface Insider extends CompanyActor {
  readonly [entered]?: Company;
}

/** The actor inside a company it may see: the company need not be read again while this actor acts. */
export const inside = (actor: Actor, company: Company): Insider => ({
  ...actor,
  companyId: company.id,
  [entered]: company,
});

/** The actor's own company, for verbs that need more of it than its id; as it was when the request came in. */
export async function ownCompany(actor: Insider): Promise<Company> {
  const company = actor[entered] ?? (await companies.get(actor.organizationId, actor.companyId));
  if (company.deletedAt) throw notFound("Company");
  return company;
}

/** The company of a path, for a change that needs a permission and a company that may be written. */
export async function changeableCompany(
  actor: Actor,
  id: string,
  permission: "company.edit" | "company.delete",
): Promise<Company> {
  assertCan(actor, permission);
  const company = await visibleCompany(actor, id);
  assertWritable(company);
  return company;
}
