import { instant, instantIn } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { newId, sha256 } from "#core/lib/ids.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import type { Write } from "#core/store/write.ts";
import { isSameHash, newOpaqueToken, readOpaqueToken } from "./opaque.ts";
import { signSession } from "./session-jwt.ts";
import { assertActive, type User, users } from "./users.ts";

/** One sign-in on one device, and all the token pairs that were refreshed from it. */
export interface Session extends Stored {
  readonly organizationId: string;
  /** The user's session epoch at sign-in. */
  readonly epoch: number;
  /** Of the one refresh token that still counts. */
  readonly refreshHash: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** Sessions, owned by their user, gone 30 days after their last use. */
export const sessions = collection<Session>({
  kind: "session",
  what: "Session",
  expires: ({ expiresAt }) => Math.floor(Date.parse(expiresAt) / 1000),
});

/** The pair every client reads, by its names on the wire. */
export interface Tokens {
  readonly token: string;
  readonly refresh_token: string;
}

const idleSeconds = 30 * 86_400;

/** Begins a session: the write that stores it, and the pair to hand out once it is committed. */
export async function begin(user: User, organizationId: string): Promise<{ write: Write; tokens: Tokens }> {
  const id = newId();
  const refreshToken = newOpaqueToken(user.id, id);
  const write = sessions.insert(user.id, {
    id,
    organizationId,
    epoch: user.sessionEpoch,
    refreshHash: sha256(refreshToken),
    createdAt: instant(),
    expiresAt: instantIn(idleSeconds),
  });
  const token = await signSession(user, { userId: user.id, organizationId, sessionId: id });
  return { write, tokens: { token, refresh_token: refreshToken } };
}

/**
 * Exchanges a refresh token for a new pair. Each is good once: presenting a used one means that two parties hold the
 * session, so the session ends for both (RFC 9700 §4.14.2). Throws `unauthenticated` for one that is unknown, used,
 * expired or ended, `forbidden` when the user was deactivated or deleted.
 */
export async function refresh(refreshToken: string): Promise<Tokens> {
  const [userId, sessionId] = readOpaqueToken(refreshToken, 2) ?? [];
  if (!userId || !sessionId) throw unusable();
  return untilCommitted(async () => {
    const [user, session] = await Promise.all([users.find(userId, userId), sessions.find(userId, sessionId)]);
    if (!user || !session) throw unusable();
    if (!isSameHash(session.refreshHash, sha256(refreshToken))) {
      await commit([sessions.remove(userId, session)]);
      throw unusable();
    }
    assertActive(user);
    if (session.epoch !== user.sessionEpoch) throw unusable();
    const next = newOpaqueToken(userId, sessionId);
    const { organizationId } = session;
    const token = await signSession(user, { userId, organizationId, sessionId });
    const rotated = { ...session, refreshHash: sha256(next), expiresAt: instantIn(idleSeconds) };
    await commit([sessions.replace(userId, session, rotated)]);
    return { token, refresh_token: next };
  });
}

const unusable = () => new DomainError("unauthenticated", "Invalid or expired refresh token.");
