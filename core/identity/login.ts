import * as z from "zod";
import { instant } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { settings } from "#core/lib/settings.ts";
import { commit } from "#core/store/commit.ts";
import { Stale } from "#core/store/write.ts";
import { hashPassword, isOutdated, isPassword } from "./passwords.ts";
import { findFirstMembership } from "./resolve.ts";
import { begin, type Tokens } from "./sessions.ts";
import { unauthenticated } from "./standing.ts";
import { assertActive, findByEmail, type User, users } from "./users.ts";

/** What somebody says who signs in. */
export const Login = z.object({
  email: z.string().transform((text) => text.trim().toLowerCase()),
  password: z.string(),
});
export type Login = z.infer<typeof Login>;

/**
 * Signs in with e-mail and password. Throws `unauthenticated` for a wrong pair, in the same words and the same time
 * whether or not the address is known; `forbidden` for a deactivated account or, where the stage demands it, an
 * unconfirmed address.
 */
export async function login({ email, password }: Login): Promise<Tokens> {
  const user = await findByEmail(email);
  if (!(await isPassword(password, user?.password)) || !user) throw unauthenticated("Invalid credentials.");
  assertActive(user);
  assertConfirmed(user);
  // A second factor belongs here: after the right password, before there is a session.
  return enter(user, password);
}

/** Begins the session in the user's first organization and notes that they came. */
async function enter(user: User, password: string): Promise<Tokens> {
  const membership = await findFirstMembership(user.id);
  if (!membership) throw new DomainError("forbidden", "You are a member of no organization.");
  const { write, tokens } = await begin(user, membership.id);
  await Promise.all([commit([write]), noteEntry(user, password)]);
  return tokens;
}

/** When somebody else changed the user meanwhile, that is the news to keep: this is only a note. */
async function noteEntry(user: User, password: string): Promise<void> {
  const renewed =
    user.password && isOutdated(user.password) ? { password: await hashPassword(password) } : {};
  try {
    await commit([users.replace(user.id, user, { ...user, ...renewed, lastConnectedAt: instant() })]);
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
  }
}

function assertConfirmed(user: User): void {
  if (user.emailConfirmed || !settings.confirmationRequired) return;
  throw new DomainError("forbidden", "Confirm your e-mail address first.", { code: "email_not_confirmed" });
}
