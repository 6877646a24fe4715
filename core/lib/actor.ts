import { DomainError } from "./error.ts";
import { type Permission, permissions } from "./permissions.ts";
import type { Role } from "./permissions.ts";
import { type Feature, type Plan, planFeatures } from "./plans.ts";

/** Who is asking. The first argument of every verb that reads or changes anything owned. */
export interface Actor {
  readonly userId: string;
  /** The user's address, for timelines; the product itself has none. */
  readonly email?: string;
  readonly organizationId: string;
  readonly role: Role | "system";
  /** Effective rights: the role's or the membership's own, narrowed by the scopes of a key. */
  readonly permissions: ReadonlySet<Permission>;
  readonly origin: "session" | "api_key" | "oauth" | "stripe_app" | "system";
  /** Companies an accountant or employee is limited to; undefined: all of the organization. */
  readonly allowedCompanyIds?: ReadonlySet<string>;
  readonly superAdmin: boolean;
  /** The plan in force for the organization right now. */
  readonly plan: Plan;
  /** Set when the request carries an idempotency key; see core/store/idempotency.ts. */
  readonly idempotency?: { readonly route: string; readonly key: string; readonly bodyHash: string };
}

/** Who is asking, inside which company. A company-scoped verb cannot be called without one. */
export interface CompanyActor extends Actor {
  readonly companyId: string;
}

/** The product itself at work on a company's behalf, from a queue or a schedule. */
export const system = (organizationId: string, companyId: string): CompanyActor => ({
  userId: "system",
  organizationId,
  companyId,
  role: "system",
  permissions: new Set(permissions),
  origin: "system",
  superAdmin: false,
  plan: "business",
});

/** Throws `forbidden` unless the actor holds the permission. */
export function assertCan(actor: Actor, permission: Permission): void {
  if (!actor.permissions.has(permission)) throw new DomainError("forbidden", "Permission denied.");
}

/** Throws `payment_required` unless the organization's plan has the feature. */
export function assertFeature(actor: Actor, feature: Feature): void {
  if (!planFeatures[actor.plan][feature])
    throw new DomainError("payment_required", "Your plan does not include this feature.", {
      code: "PLAN_LIMIT",
    });
}
