import { instant, now } from "#core/lib/clock.ts";
import { sha256 } from "#core/lib/ids.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit } from "#core/store/commit.ts";
import { lookUp } from "#core/store/names.ts";
import { Stale } from "#core/store/write.ts";

/** A key that acts for its user in one organization, within its scopes. Its text is shown once and kept as a hash. */
export interface ApiKey extends Stored {
  readonly userId: string;
  readonly name: string;
  /** The first characters, by which people recognise it. */
  readonly tokenPrefix: string;
  readonly hash: string;
  readonly scopes: readonly string[];
  /** Instant, or null: it does not expire. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** To the hour. */
  readonly lastUsedAt: string | null;
  readonly createdAt: string;
}

/** Keys, owned by their organization. A key is found by `key#{hash}`, which is gone once it is revoked. */
export const apiKeys = collection<ApiKey>({ kind: "key", what: "API key" });

/** Where the key with this text lies; undefined when it is unknown or revoked. */
export const findKeyPlace = (text: string) => lookUp<KeyPlace>(nameOf(sha256(text)));

/** Where a key lies, and for whom it acts. */
export interface KeyPlace extends Record<string, unknown> {
  readonly id: string;
  readonly userId: string;
  readonly organizationId: string;
}

/** The name a key is found by. */
export const nameOf = (hash: string): string => `key#${hash}`;

/** Notes that a key was used; at most once an hour, because nobody reads it finer and each note is a write. */
export async function noteUse(organizationId: string, key: ApiKey): Promise<void> {
  if (key.lastUsedAt && now() - Date.parse(key.lastUsedAt) < 3_600_000) return;
  try {
    await commit([apiKeys.replace(organizationId, key, { ...key, lastUsedAt: instant() })]);
  } catch (error) {
    if (!(error instanceof Stale)) throw error;
  }
}
