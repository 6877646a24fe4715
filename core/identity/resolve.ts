import type { Actor } from "#core/lib/actor.ts";
import { now } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { isId } from "#core/lib/ids.ts";
import { apiKeys, findKeyPlace, noteUse } from "./api-key.ts";
import { isKeyText, isMistyped } from "./key-text.ts";
import { memberships } from "./organizations.ts";
import { readSession } from "./session-jwt.ts";
import { sessions } from "./sessions.ts";
import { actorOf, readStanding, unauthenticated } from "./standing.ts";

/** What a request presents. */
export interface Credential {
  /** The Authorization header. */
  readonly authorization: string | undefined;
  /** The organization to act in (X-Organization); absent: the one of the credential. */
  readonly organizationId: string | undefined;
}

/**
 * Who is asking. The kind of a credential is told by how it begins, before anything is parsed. Throws
 * `unauthenticated` when it is missing, malformed, expired or revoked, `forbidden` for a deactivated account or
 * organization and for an organization the caller does not belong to.
 */
export async function resolve({ authorization, organizationId }: Credential): Promise<Actor> {
  if (!authorization) throw unauthenticated("Authentication required.");
  const wanted = organizationId?.toLowerCase();
  if (wanted && !isId(wanted)) throw new DomainError("forbidden", "Access denied");
  const [, bearer] = /^Bearer\s+(\S+)\s*$/i.exec(authorization) ?? [];
  const text = bearer ?? authorization.trim();
  if (isKeyText(text)) return keyActor(text, wanted);
  if (bearer === undefined) throw unauthenticated("Invalid credentials.");
  return sessionActor(bearer, wanted);
}

/** The key's own row is read again with the rest, so that revoking is one write and holds from the next call on. */
async function keyActor(text: string, wanted: string | undefined): Promise<Actor> {
  if (isMistyped(text))
    throw unauthenticated("This API key is mistyped or incomplete: its checksum does not match.");
  const place = await findKeyPlace(text);
  if (!place) throw unauthenticated("Unknown or revoked API key.");
  const { id, userId, organizationId } = place;
  if (wanted && wanted !== organizationId) throw new DomainError("forbidden", "Access denied");
  const standing = await readStanding(userId, organizationId, { of: apiKeys, scope: organizationId, id });
  const key = standing.proof;
  if (!key || key.revokedAt || !standing.user || !standing.membership?.isActive)
    throw unauthenticated("Unknown or revoked API key.");
  if (key.expiresAt && Date.parse(key.expiresAt) <= now()) throw unauthenticated("This API key has expired.");
  const actor = actorOf(standing, { origin: "api_key", scopes: key.scopes });
  await noteUse(organizationId, key);
  return actor;
}

async function sessionActor(token: string, wanted: string | undefined): Promise<Actor> {
  const claims = await readSession(token);
  if (!claims) throw unauthenticated("Invalid or expired token.");
  const { userId, sessionId } = claims;
  const place = { of: sessions, scope: userId, id: sessionId };
  let standing = await readStanding(userId, wanted ?? claims.organizationId, place);
  const { user, proof: session } = standing;
  if (!user || session?.epoch !== user.sessionEpoch) throw unauthenticated("This session has ended.");
  if (!wanted && !standing.membership?.isActive) {
    // The session began in an organization that the user has left since: the first that is left takes its place.
    const first = await findFirstMembership(userId);
    if (first) standing = await readStanding(userId, first.id, place);
  }
  return actorOf(standing, { origin: "session" });
}

/** The organization a user acts in when none is asked for: the one joined first among those still active. */
export async function findFirstMembership(userId: string) {
  const all = await memberships.all(userId);
  return all.filter(({ isActive }) => isActive).toSorted((a, b) => (a.joinedAt < b.joinedAt ? -1 : 1))[0];
}
