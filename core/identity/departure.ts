import type { Actor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { release } from "#core/store/names.ts";
import type { Write } from "#core/store/write.ts";
import {
  listMembers,
  type Membership,
  memberships,
  type Organization,
  organizations,
} from "./organizations.ts";
import { prove } from "./profile.ts";
import { addressName, type User, users } from "./users.ts";

/**
 * Deletes the caller's account: what names the person is wiped, memberships, sessions and keys end, the address is
 * free again. An organization goes on under its next admin, or closes when there is none; its documents stay, because
 * the law wants them kept. Throws `malformed` without a password, `forbidden` for a wrong one, `conflict` while an
 * organization of the caller's has a paid subscription.
 */
export async function deleteMe(actor: Actor, password: string | undefined): Promise<void> {
  const proven = await prove(actor, password, "password");
  await untilCommitted(async () => {
    const user = await users.get(actor.userId, actor.userId);
    if (user.password !== proven) throw new DomainError("forbidden", "The current password is wrong.");
    const joined = await memberships.all(user.id);
    const leaving = await Promise.all(joined.map(leave));
    await commit([
      users.replace(user.id, user, nobody(user)),
      release(addressName(user.email)),
      ...leaving.flat(),
    ]);
  });
}

/** What is left of a user: that there was one, so that what they did still has an author. */
const nobody = ({ id, createdAt, sessionEpoch, timezone, locale }: User): Omit<User, "rev"> => ({
  id,
  email: "",
  firstName: null,
  lastName: null,
  phone: null,
  locale,
  timezone,
  respectQuietHours: true,
  roles: [],
  active: false,
  emailConfirmed: false,
  preferences: {},
  sessionEpoch: sessionEpoch + 1,
  codes: [],
  createdAt,
  updatedAt: instant(),
  lastConnectedAt: null,
  deletedAt: instant(),
});

async function leave(membership: Membership): Promise<Write[]> {
  const removal = memberships.remove(membership.userId, membership);
  if (membership.role !== "owner" || !membership.isActive) return [removal];
  const organization = await organizations.get(membership.id, membership.id);
  if (isPaid(organization))
    throw new DomainError("conflict", `Cancel the subscription of ${organization.name} first.`);
  return [removal, await succession(organization, membership)];
}

const isPaid = ({ subscriptionStatus }: Organization): boolean =>
  subscriptionStatus !== null && subscriptionStatus !== "canceled";

/** What keeps an organization owned: another owner who stays, the admin who joined first, or else its end. */
async function succession(organization: Organization, leaving: Membership): Promise<Write> {
  const members = await listMembers(organization.id);
  const others = members
    .filter(({ userId, isActive }) => isActive && userId !== leaving.userId)
    .toSorted((a, b) => (a.joinedAt < b.joinedAt ? -1 : 1));
  const owner = others.find(({ role }) => role === "owner");
  if (owner) return memberships.unchanged(owner.userId, owner);
  const heir = others.find(({ role }) => role === "admin");
  if (heir) return memberships.replace(heir.userId, heir, { ...heir, role: "owner", permissions: null });
  return organizations.replace(organization.id, organization, { ...organization, isActive: false });
}
