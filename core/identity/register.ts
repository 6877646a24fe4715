import { randomBytes } from "node:crypto";
import * as z from "zod";
import { instant, instantIn } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import { findPlan, trialDays } from "#core/lib/plans.ts";
import { settings } from "#core/lib/settings.ts";
import { commit } from "#core/store/commit.ts";
import { take } from "#core/store/names.ts";
import { announceLetter } from "./letters.ts";
import { type Membership, memberships, type Organization, organizations } from "./organizations.ts";
import { hashPassword } from "./passwords.ts";
import { begin, type Tokens } from "./sessions.ts";
import { addressName, type User, users } from "./users.ts";

/** An address as people type it, kept in lower case. */
export const EmailAddress = z
  .string()
  .trim()
  .max(254)
  .transform((text) => text.toLowerCase())
  .pipe(z.email());

/** A new password; long ones are allowed, but not so long that hashing them costs us. */
export const NewPassword = z.string().min(8).max(1000);

const Name = z.string().trim().max(100).nullish();

/** What somebody says who registers. */
export const Registration = z.object({
  email: EmailAddress,
  password: NewPassword,
  firstName: Name,
  lastName: Name,
  organizationName: z.string().trim().max(200).nullish(),
  locale: z.enum(["ro", "en"]).nullish(),
});
export type Registration = z.infer<typeof Registration>;

/** What only the product itself may add: the seeder's administrator, whose address needs no confirmation. */
interface Privileges {
  readonly superAdmin?: boolean;
  readonly confirmed?: boolean;
}

export interface Registered {
  readonly user: User;
  readonly organization: Organization;
  /** Absent where an address must be confirmed before its user signs in. */
  readonly tokens?: Tokens;
}

/**
 * Creates a user with an organization of their own, signs them in and mails them a confirmation link. The
 * organization is on the stage's plan for new ones, or tries starter for 14 days. Throws `conflict` when the address
 * is taken, `forbidden` on a stage that takes no registrations.
 */
export async function register(input: Registration, privileges: Privileges = {}): Promise<Registered> {
  if (!settings.registration) throw new DomainError("forbidden", "Registration is closed.");
  const user = await newUser(input, privileges);
  const organization = newOrganization(input);
  const letter = user.emailConfirmed ? undefined : announceLetter("confirm-email", user.email);
  const insertUser = users.insert(user.id, user, letter);
  const mayEnter = user.emailConfirmed || !settings.confirmationRequired;
  const session = mayEnter ? await begin(insertUser.value, organization.id) : undefined;
  const insertOrganization = organizations.insert(organization.id, organization);
  await commit([
    take(addressName(user.email), { userId: user.id }, { refusal: taken }),
    insertUser,
    insertOrganization,
    memberships.insert(user.id, ownership(user.id, organization.id)),
    ...(session ? [session.write] : []),
  ]);
  return {
    user: insertUser.value,
    organization: insertOrganization.value,
    ...(session ? { tokens: session.tokens } : {}),
  };
}

const taken = () => new DomainError("conflict", "An account with this e-mail address already exists.");

async function newUser(
  input: Registration,
  { superAdmin, confirmed }: Privileges,
): Promise<Omit<User, "rev">> {
  return {
    id: newId(),
    email: input.email,
    password: await hashPassword(input.password),
    firstName: input.firstName || null,
    lastName: input.lastName || null,
    phone: null,
    locale: input.locale ?? "ro",
    timezone: "Europe/Bucharest",
    respectQuietHours: true,
    roles: superAdmin ? ["ROLE_USER", "ROLE_SUPER_ADMIN"] : ["ROLE_USER"],
    active: true,
    emailConfirmed: confirmed ?? false,
    preferences: {},
    sessionEpoch: 0,
    codes: [],
    createdAt: instant(),
    updatedAt: null,
    lastConnectedAt: instant(),
  };
}

function newOrganization(input: Registration): Omit<Organization, "rev"> {
  const person = [input.firstName, input.lastName].filter(Boolean).join(" ");
  const name = input.organizationName || person || input.email.split("@")[0]!;
  const granted = findPlan(settings.newOrganizationPlan);
  return {
    id: newId(),
    name,
    slug: slugOf(name),
    isActive: true,
    plan: granted ?? "freemium",
    subscriptionStatus: null,
    trialEndsAt: granted ? null : instantIn(trialDays * 86_400),
    maxUsers: null,
    maxCompanies: null,
    currentPeriodEnd: null,
    cancelAtPeriodEnd: false,
    createdAt: instant(),
  };
}

const ownership = (userId: string, organizationId: string): Omit<Membership, "rev"> => ({
  id: organizationId,
  membershipId: newId(),
  userId,
  role: "owner",
  isActive: true,
  permissions: null,
  allowedCompanies: [],
  joinedAt: instant(),
});

/** "Căsuța Albă SRL" → "casuta-alba-srl-3f9a1c": readable, and unique by its random end. */
function slugOf(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const words = plain.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
  return [words.slice(0, 60), randomBytes(3).toString("hex")].filter(Boolean).join("-");
}
