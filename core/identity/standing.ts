import type { Actor } from "#core/lib/actor.ts";
import { DomainError } from "#core/lib/error.ts";
import type { Permission } from "#core/lib/permissions.ts";
import { effectivePlan } from "#core/lib/plans.ts";
import type { collection, Stored } from "#core/store/collection.ts";
import { readRows } from "#core/store/read.ts";
import {
  allowedCompaniesOf,
  type Membership,
  memberships,
  type Organization,
  organizations,
  permissionsOf,
} from "./organizations.ts";
import { assertActive, type User, users } from "./users.ts";

/** A user in an organization, with the row that proves the credential, as they all are now. */
export interface Standing<Proof> {
  readonly user: User | undefined;
  readonly membership: Membership | undefined;
  readonly organization: Organization | undefined;
  readonly proof: Proof | undefined;
}

/** Where the row of a credential lies. */
export interface Place<T extends Stored> {
  readonly of: ReturnType<typeof collection<T>>;
  readonly scope: string;
  readonly id: string;
}

/** Reads all of it in one strongly consistent batch, so that what was revoked a moment ago is gone. */
export async function readStanding<Proof extends Stored>(
  userId: string,
  organizationId: string,
  proof: Place<Proof>,
): Promise<Standing<Proof>> {
  const places = [
    { of: users, scope: userId, id: userId },
    { of: memberships, scope: userId, id: organizationId },
    { of: organizations, scope: organizationId, id: organizationId },
    proof,
  ] as const;
  const rows = await readRows(places.map(({ of, scope, id }) => ({ pk: of.partition(scope), sk: id })));
  const value = <T extends Stored>({ of, scope, id }: Place<T>): T | undefined => {
    const row = rows.find(({ pk, sk }) => pk === of.partition(scope) && sk === id);
    return row && of.value(row);
  };
  return {
    user: value(places[0]),
    membership: value(places[1]),
    organization: value(places[2]),
    proof: value(proof),
  };
}

/** How a credential narrows what its user may do. */
interface Narrowing {
  readonly origin: Actor["origin"];
  /** Permissions the credential was given; absent: all of the user's. */
  readonly scopes?: readonly string[];
}

/**
 * The actor that a standing makes: the member's rights now, narrowed by the credential's scopes. Throws `forbidden`
 * when the account or the organization is deactivated, or the user is no active member of it.
 */
export function actorOf(
  { user, membership, organization }: Standing<unknown>,
  { origin, scopes }: Narrowing,
): Actor {
  if (!user) throw unauthenticated("Invalid credentials.");
  assertActive(user);
  if (!membership?.isActive || !organization) throw new DomainError("forbidden", "Access denied");
  if (!organization.isActive) throw new DomainError("forbidden", "This organization has been deactivated.");
  const granted = permissionsOf(membership);
  const permissions: ReadonlySet<Permission> = new Set(
    scopes ? granted.filter((permission) => scopes.includes(permission)) : granted,
  );
  const allowedCompanyIds = allowedCompaniesOf(membership);
  return {
    userId: user.id,
    email: user.email,
    organizationId: organization.id,
    role: membership.role,
    permissions,
    origin,
    ...(allowedCompanyIds ? { allowedCompanyIds } : {}),
    // The platform's own administration is for people at a browser, never for a key that may leak.
    superAdmin: origin === "session" && user.roles.includes("ROLE_SUPER_ADMIN"),
    plan: effectivePlan(organization),
  };
}

/** The one kind of refusal for a credential that does not count. */
export const unauthenticated = (message: string): DomainError => new DomainError("unauthenticated", message);
