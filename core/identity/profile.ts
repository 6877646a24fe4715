import * as z from "zod";
import type { Actor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { DomainError, malformed, refused } from "#core/lib/error.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { hashPassword, isPassword } from "./passwords.ts";
import { NewPassword } from "./register.ts";
import { type User, users } from "./users.ts";

const Name = z.string().trim().max(100).nullable();

/** What users may change about themselves; what is absent stays. `newPassword` is another name of `password`. */
export const ProfileChange = z.object({
  firstName: Name.optional(),
  lastName: Name.optional(),
  phone: z.string().trim().nullable().optional(),
  timezone: z.string().optional(),
  locale: z.string().optional(),
  respectQuietHours: z.boolean().optional(),
  preferences: z.record(z.string(), z.unknown()).optional(),
  password: NewPassword.optional(),
  newPassword: NewPassword.optional(),
  currentPassword: z.string().optional(),
});
export type ProfileChange = z.infer<typeof ProfileChange>;

/**
 * Changes the caller's profile or password; a new password ends all sessions, this one too. Throws `invalid` naming
 * the field for an unknown time zone, an impossible phone number or locale; `malformed` when a password is to change
 * without the current one, `forbidden` when that one is wrong.
 */
export async function updateProfile(actor: Actor, change: ProfileChange): Promise<User> {
  const { password = change.newPassword, currentPassword, newPassword: _, ...plain } = change;
  assertReasonable(plain);
  const proven = password === undefined ? undefined : await prove(actor, currentPassword);
  const hash = password === undefined ? undefined : await hashPassword(password);
  return untilCommitted(async () => {
    const user = await users.get(actor.userId, actor.userId);
    // Somebody else may have changed the password while ours was being checked.
    if (hash && user.password !== proven) throw wrongPassword();
    const renewed = hash ? { password: hash, sessionEpoch: user.sessionEpoch + 1 } : {};
    const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
    const replace = users.replace(user.id, user, { ...user, ...given, ...renewed, updatedAt: instant() });
    await commit([replace]);
    return replace.value;
  });
}

/** Checks the caller's current password and answers its hash, by which a later change is noticed. */
export async function prove(actor: Actor, password: string | undefined, field = "currentPassword") {
  const user = await users.get(actor.userId, actor.userId);
  if (!password) throw malformed({ [field]: "is missing" });
  if (!(await isPassword(password, user.password))) throw wrongPassword();
  return user.password;
}

const wrongPassword = () => new DomainError("forbidden", "The current password is wrong.");

/** What the user's row may hold for clients: it is read with every request. */
const largestPreferences = 16_000;

function assertReasonable({ phone, timezone, locale, preferences }: ProfileChange): void {
  const errors: Record<string, string> = {};
  if (phone && !/^\+?[\d ().-]{5,25}$/.test(phone)) errors["phone"] = "is not a phone number";
  if (timezone !== undefined && !isTimezone(timezone)) errors["timezone"] = "is not an IANA time zone";
  if (locale !== undefined && !/^[a-z]{2}$/.test(locale)) errors["locale"] = "is not a two-letter language";
  if (preferences && JSON.stringify(preferences).length > largestPreferences)
    errors["preferences"] = `are longer than ${largestPreferences} characters`;
  const [[field, text] = []] = Object.entries(errors);
  if (field) throw refused(`${field}: ${text}`, errors);
}

/** Whether this is the name of a zone; an offset such as +02:00 is not one, it knows no summer time. */
function isTimezone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
