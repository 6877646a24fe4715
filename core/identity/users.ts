import { DomainError } from "#core/lib/error.ts";
import { sha256 } from "#core/lib/ids.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { lookUp } from "#core/store/names.ts";

/** What a mailed one-time code is for. */
export type CodePurpose = "confirm-email" | "reset-password";

/** An outstanding one-time code; only its hash is kept. */
export interface Code {
  readonly purpose: CodePurpose;
  readonly hash: string;
  readonly expiresAt: string;
}

/** A person. Users own nothing: what they work on belongs to organizations, through memberships. */
export interface User extends Stored {
  /** Lower case. Empty once the account is deleted. */
  readonly email: string;
  /** Hash with its parameters (passwords.ts); absent when the person signs in otherwise. */
  readonly password?: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  /** Two letters. */
  readonly locale: string;
  readonly timezone: string;
  readonly respectQuietHours: boolean;
  readonly roles: readonly GlobalRole[];
  readonly active: boolean;
  readonly emailConfirmed: boolean;
  /** Free form, for clients; kept as sent. */
  readonly preferences: Record<string, unknown>;
  /** Raised to end all sessions at once: a session counts only while it was begun under the current number. */
  readonly sessionEpoch: number;
  readonly codes: readonly Code[];
  readonly createdAt: string;
  readonly updatedAt: string | null;
  readonly lastConnectedAt: string | null;
  readonly deletedAt?: string;
}

export type GlobalRole = "ROLE_USER" | "ROLE_SUPER_ADMIN";

/** Users, each its own scope. */
export const users = collection<User>({ kind: "user", what: "User" });

/** The guard that lets an address be held once. */
export const addressName = (email: string): string => `mail#${sha256(email)}`;

/** The user who holds an address (lower case), if anybody does. */
export async function findByEmail(email: string): Promise<User | undefined> {
  const held = await lookUp<{ userId: string }>(addressName(email));
  return held && users.find(held.userId, held.userId);
}

/** Throws `forbidden` with the documented code when the account was deactivated. */
export function assertActive(user: User): void {
  if (!user.active)
    throw new DomainError("forbidden", "This account has been deactivated.", { code: "account_inactive" });
}

/** First and last name, or the address when there is neither. */
export const fullName = ({ firstName, lastName, email }: User): string =>
  [firstName, lastName].filter(Boolean).join(" ") || email;
