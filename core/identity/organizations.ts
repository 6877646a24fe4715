import type { Actor } from "#core/lib/actor.ts";
import { DomainError } from "#core/lib/error.ts";
import { type Permission, type Role, rolePermissions } from "#core/lib/permissions.ts";
import {
  effectivePlan,
  type Entitlement,
  type Plan,
  type PlanFeatures,
  planFeatures,
} from "#core/lib/plans.ts";
import { collection, type Stored } from "#core/store/collection.ts";

/** The tenant: owns companies, members and the plan. */
export interface Organization extends Stored, Entitlement {
  readonly name: string;
  readonly slug: string;
  readonly isActive: boolean;
  /** What an administrator granted beyond the plan; null: the plan's own limit. */
  readonly maxUsers: number | null;
  readonly maxCompanies: number | null;
  readonly currentPeriodEnd: string | null;
  readonly cancelAtPeriodEnd: boolean;
  readonly createdAt: string;
}

/** A user's place in an organization. A user has at most one in each, so `id` is the organization's. */
export interface Membership extends Stored {
  /** The public id of this membership. */
  readonly membershipId: string;
  readonly userId: string;
  readonly role: Role;
  readonly isActive: boolean;
  /** Replaces the role's permissions; null: the role's. */
  readonly permissions: readonly Permission[] | null;
  /** Companies an accountant or employee sees; empty: all. */
  readonly allowedCompanies: readonly string[];
  readonly joinedAt: string;
}

/** Organizations, each its own scope; all of them are found by `all#org`, newest last. */
export const organizations = collection<Organization>({
  kind: "org",
  what: "Organization",
  lookup: ({ id }) => ({ name: "all#org", sort: id }),
});

/** Memberships, owned by their user; an organization finds its members by `{organization}#members`. */
export const memberships = collection<Membership>({
  kind: "member",
  what: "Member",
  lookup: ({ id, userId }) => ({ name: `${id}#members`, sort: userId }),
});

/** The members of an organization, whatever their state. Somebody who joined a moment ago may be missing. */
export const listMembers = (organizationId: string): Promise<Membership[]> =>
  memberships.findBy(`${organizationId}#members`);

/** What a member may do: custom permissions replace those of the role completely. */
export const permissionsOf = ({ role, permissions }: Membership): readonly Permission[] =>
  permissions?.length ? permissions : rolePermissions[role];

/** Companies a member is limited to; undefined for owners, admins and everybody who was given no list. */
export function allowedCompaniesOf({ role, allowedCompanies }: Membership): ReadonlySet<string> | undefined {
  if (role === "owner" || role === "admin" || allowedCompanies.length === 0) return undefined;
  return new Set(allowedCompanies);
}

/** The actor's organization. */
export const getOrganization = ({ organizationId }: Pick<Actor, "organizationId">): Promise<Organization> =>
  organizations.get(organizationId, organizationId);

/** The plan that counts for the actor's organization now, and its limits with what an administrator granted. */
export async function getPlan(
  actor: Pick<Actor, "organizationId">,
): Promise<{ plan: Plan; features: PlanFeatures }> {
  const organization = await getOrganization(actor);
  const plan = effectivePlan(organization);
  const { maxUsers, maxCompanies } = organization;
  return {
    plan,
    features: {
      ...planFeatures[plan],
      ...(maxUsers === null ? {} : { maxUsersPerOrg: maxUsers }),
      ...(maxCompanies === null ? {} : { maxCompanies }),
    },
  };
}

/** The refusal for what a plan does not allow. `limit` names the count that is used up. */
export const planLimit = (message: string, limit?: number): DomainError =>
  new DomainError("payment_required", message, {
    code: "PLAN_LIMIT",
    ...(limit === undefined ? {} : { extra: { limit } }),
  });
