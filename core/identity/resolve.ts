import type { Actor } from "#core/lib/actor.ts";
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
  const [, bearer] = /^Bearer\s+(\S+)\s*$/i.exec(authorization) ?? [];
  if (bearer === undefined) throw unauthenticated("Invalid credentials.");
  return sessionActor(bearer, organizationId);
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
