import * as z from "zod";
import { type Actor, assertCan } from "#core/lib/actor.ts";
import { instant, now } from "#core/lib/clock.ts";
import { DomainError, notFound, refused } from "#core/lib/error.ts";
import { isId, newId, sha256 } from "#core/lib/ids.ts";
import { type Permission, permissions } from "#core/lib/permissions.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { claim } from "#core/store/idempotency.ts";
import { release, take } from "#core/store/names.ts";
import type { Write } from "#core/store/write.ts";
import { type ApiKey, apiKeys, type KeyPlace, nameOf } from "./api-key.ts";
import { newKeyText } from "./key-text.ts";

const Scopes = z.array(z.string());

/** What is said of a new key. */
export const NewApiKey = z.object({
  name: z.string().nullish(),
  scopes: Scopes.nullish(),
  expiresAt: z.string().nullish(),
});

/** What may change of a key; its expiry may not. */
export const ApiKeyChange = z.object({ name: z.string().optional(), scopes: Scopes.optional() });

/** The caller's own keys in this organization, newest first, revoked ones included. */
export async function list(actor: Actor): Promise<ApiKey[]> {
  assertCan(actor, "api_key.view");
  const all = await apiKeys.all(actor.organizationId);
  return all.filter(({ userId }) => userId === actor.userId).toReversed();
}

/** The permissions the caller may give to a key: those they have. */
export function grantable(actor: Actor): Permission[] {
  assertCan(actor, "api_key.view");
  return permissions.filter((permission) => actor.permissions.has(permission));
}

/** A key just made, with its text: shown now, never again. */
export interface NewKey {
  readonly key: ApiKey;
  readonly text: string;
}

/**
 * Makes a key. Throws `forbidden` for callers who may not, or who are a key themselves; `invalid` naming the field for
 * a missing name, no or unknown scopes, scopes beyond the caller's, and an expiry that is no instant to come.
 */
export async function create(actor: Actor, input: z.infer<typeof NewApiKey>): Promise<NewKey> {
  assertMayManage(actor);
  const { writes, ...made } = make(actor, {
    name: checkedName(input.name),
    scopes: checkedScopes(actor, input.scopes),
    expiresAt: checkedExpiry(input.expiresAt),
  });
  await commit(writes);
  return made;
}

function make(
  actor: Actor,
  { name, scopes, expiresAt }: Pick<ApiKey, "name" | "scopes" | "expiresAt">,
): NewKey & { writes: Write[] } {
  const { userId, organizationId } = actor;
  const id = newId();
  const text = newKeyText();
  const hash = sha256(text);
  const insert = apiKeys.insert(organizationId, {
    id,
    userId,
    name,
    tokenPrefix: text.slice(0, 12),
    hash,
    scopes,
    expiresAt,
    revokedAt: null,
    lastUsedAt: null,
    createdAt: instant(),
  });
  const place: KeyPlace = { id, userId, organizationId };
  const writes = [insert, take(nameOf(hash), place), ...claim(actor, id, { fiscal: false })];
  return { key: insert.value, text, writes };
}

/**
 * Renames a key of the caller's or gives it other scopes. Throws `forbidden` for somebody else's key, `invalid` when
 * nothing is given or a value is refused.
 */
export function update(actor: Actor, id: string, change: z.infer<typeof ApiKeyChange>): Promise<ApiKey> {
  assertMayManage(actor);
  if (change.name === undefined && change.scopes === undefined)
    throw refused("Give a name or scopes to change.", { name: "is missing" });
  const changed = {
    ...(change.name === undefined ? {} : { name: checkedName(change.name) }),
    ...(change.scopes === undefined ? {} : { scopes: checkedScopes(actor, change.scopes) }),
  };
  return untilCommitted(async () => {
    const key = await get(actor, id);
    const replace = apiKeys.replace(actor.organizationId, key, { ...key, ...changed });
    await commit([replace]);
    return replace.value;
  });
}

/** Revokes a key of the caller's: it is refused from the next call on, and stays listed. Twice is once. */
export function revoke(actor: Actor, id: string): Promise<void> {
  assertMayManage(actor);
  return untilCommitted(async () => {
    const key = await get(actor, id);
    if (!key.revokedAt) await commit(revocation(actor, key));
  });
}

/**
 * Revokes a key of the caller's and makes another with its name, scopes and expiry. Throws `malformed` when the key is
 * revoked already.
 */
export function rotate(actor: Actor, id: string): Promise<NewKey> {
  assertMayManage(actor);
  return untilCommitted(async () => {
    const old = await get(actor, id);
    if (old.revokedAt) throw new DomainError("malformed", "This API key is revoked.");
    const { writes, ...made } = make(actor, old);
    await commit([...revocation(actor, old), ...writes]);
    return made;
  });
}

const revocation = ({ organizationId }: Actor, key: ApiKey): Write[] => [
  apiKeys.replace(organizationId, key, { ...key, revokedAt: instant() }),
  release(nameOf(key.hash)),
];

/** One of the caller's own keys. Throws `not_found`, or `forbidden` for somebody else's. */
export async function get(actor: Actor, id: string): Promise<ApiKey> {
  const key = isId(id) ? await apiKeys.find(actor.organizationId, id.toLowerCase()) : undefined;
  if (!key) throw notFound(apiKeys.what);
  if (key.userId !== actor.userId)
    throw new DomainError("forbidden", "This API key belongs to somebody else.");
  return key;
}

/** A key that leaked must not be able to make another one: only people at a browser manage keys. */
function assertMayManage(actor: Actor): void {
  if (actor.origin !== "session")
    throw new DomainError("forbidden", "API keys can only be managed by a user who is signed in.");
  assertCan(actor, "api_key.manage");
}

function checkedName(name: string | null | undefined): string {
  const text = name?.trim();
  if (!text) throw refused("name: is missing", { name: "is missing" });
  if (text.length > 100) throw refused("name: is too long", { name: "is longer than 100 characters" });
  return text;
}

function checkedScopes(actor: Actor, scopes: readonly string[] | null | undefined): Permission[] {
  if (!scopes?.length) throw refused("scopes: are missing", { scopes: "are missing" });
  const chosen = permissions.filter((permission) => scopes.includes(permission));
  const unknown = scopes.find((scope) => !permissions.some((permission) => permission === scope));
  if (unknown !== undefined) throw refused(`Unknown scope: ${unknown}`, { scopes: `unknown: ${unknown}` });
  const beyond = chosen.find((permission) => !actor.permissions.has(permission));
  if (beyond) throw refused(`You do not have ${beyond} yourself.`, { scopes: `beyond your own: ${beyond}` });
  return chosen;
}

function checkedExpiry(text: string | null | undefined): string | null {
  if (text === undefined || text === null) return null;
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw refused("expiresAt: is not an instant", { expiresAt: "is not an ISO instant" });
  if (ms <= now()) throw refused("expiresAt: is in the past", { expiresAt: "is in the past" });
  return new Date(ms).toISOString();
}
