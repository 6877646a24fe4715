import type { Actor } from "#core/lib/actor.ts";
import { now } from "#core/lib/clock.ts";
import { effectivePlan, isTrialRunning, planFeatures } from "#core/lib/plans.ts";
import {
  type Membership,
  memberships,
  type Organization,
  organizations,
  permissionsOf,
} from "./organizations.ts";
import { fullName, type User, users } from "./users.ts";

/** The caller: their profile, where they belong, and what they may do in the organization of this request. */
export async function getMe(actor: Actor) {
  const [user, joined] = await Promise.all([
    users.get(actor.userId, actor.userId),
    memberships.all(actor.userId),
  ]);
  const active = joined.filter(({ isActive }) => isActive);
  const places = await Promise.all(
    active.map(async (membership) => ({
      membership,
      at: await organizations.get(membership.id, membership.id),
    })),
  );
  const current = places.find(({ at }) => at.id === actor.organizationId)!.at;
  return {
    ...profile(user),
    organization: { ...summary(current), createdAt: current.createdAt },
    memberships: places.map(({ membership, at }) => membershipView(membership, at)),
    currentRole: actor.role,
    permissions: [...actor.permissions],
    plan: planView(current),
    subscription: subscriptionView(current),
    impersonating: false,
    impersonator: null,
  };
}

/** What of a user their clients see; some of it speaks of ways to sign in that this product does not offer yet. */
const profile = (user: User) => ({
  id: user.id,
  uuid: user.id,
  email: user.email,
  firstName: user.firstName,
  lastName: user.lastName,
  fullName: fullName(user),
  phone: user.phone,
  locale: user.locale,
  timezone: user.timezone,
  respectQuietHours: user.respectQuietHours,
  roles: user.roles,
  credits: 0,
  active: user.active,
  emailConfirmed: user.emailConfirmed,
  emailVerified: user.emailConfirmed,
  mfaEnabled: false,
  hasPassword: user.password !== undefined,
  googleId: null,
  preferences: user.preferences,
  avatarUrl: null,
  createdAt: user.createdAt,
  updatedAt: user.updatedAt,
  lastConnectedAt: user.lastConnectedAt,
});

const summary = ({ id, name, slug }: Organization) => ({ id, name, slug });

const membershipView = (membership: Membership, organization: Organization) => ({
  id: membership.membershipId,
  organizationId: organization.id,
  organizationName: organization.name,
  role: membership.role,
  joinedAt: membership.joinedAt,
  permissions: permissionsOf(membership),
  allowedCompanies: membership.allowedCompanies,
  organization: summary(organization),
});

/** The plan that counts. Self-hosted installations are not told apart yet: every stage is a hosted one. */
function planView(organization: Organization) {
  const plan = effectivePlan(organization);
  const trialActive = isTrialRunning(organization);
  const { trialEndsAt } = organization;
  return {
    plan,
    expired: trialEndsAt !== null && !trialActive && plan === "freemium",
    features: planFeatures[plan],
    trialEndsAt,
    trialActive,
    trialDaysLeft: trialActive ? Math.ceil((Date.parse(trialEndsAt!) - now()) / 86_400_000) : 0,
    selfHosted: false,
    communityEdition: false,
  };
}

function subscriptionView(organization: Organization) {
  const plan = effectivePlan(organization);
  const { subscriptionStatus, currentPeriodEnd } = organization;
  return { plan, status: subscriptionStatus, expiresAt: currentPeriodEnd, features: planFeatures[plan] };
}
