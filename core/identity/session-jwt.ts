import { importJWK, type JWK, jwtVerify, SignJWT } from "jose";
import { now } from "#core/lib/clock.ts";
import { linked } from "#core/store/linked.ts";
import type { User } from "./users.ts";

/** How long an access token is good for; a client then refreshes it. */
const lifeSeconds = 3600;

/** What an access token says: who, for which organization, in which session. */
export interface SessionClaims {
  readonly userId: string;
  readonly organizationId: string;
  readonly sessionId: string;
}

/** Signs an access token. Its `iat` and `exp` are seconds of the product's clock. */
export async function signSession(user: User, { organizationId, sessionId }: SessionClaims): Promise<string> {
  const { signing, alg } = await keys();
  const issuedAt = Math.floor(now() / 1000);
  return new SignJWT({ username: user.email, roles: user.roles, org: organizationId, sid: sessionId })
    .setProtectedHeader({ alg, typ: "JWT" })
    .setSubject(user.id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifeSeconds)
    .sign(signing);
}

/** What an access token says, or undefined when it is not ours, was changed or is past its time. */
export async function readSession(token: string): Promise<SessionClaims | undefined> {
  const { verifying, alg } = await keys();
  try {
    const { payload } = await jwtVerify(token, verifying, {
      algorithms: [alg],
      currentDate: new Date(now()),
      requiredClaims: ["sub", "org", "sid", "exp"],
    });
    return {
      userId: payload.sub!,
      organizationId: String(payload["org"]),
      sessionId: String(payload["sid"]),
    };
  } catch {
    return undefined;
  }
}

type Keys = Awaited<ReturnType<typeof importKeys>>;
let imported: Promise<Keys> | undefined;

/** The stage's key, imported once per process. */
const keys = (): Promise<Keys> => (imported ??= importKeys());

/**
 * The key decides the algorithm: Ed25519 is what we make ourselves (half the price of RSA at a cold start's first
 * verification, a third when signing); a stage whose clients insist on RS256 is given an RSA key.
 */
async function importKeys() {
  const jwk = JSON.parse(linked.JwtKey.value) as JWK;
  const alg = jwk.kty === "RSA" ? "RS256" : "EdDSA";
  const { kty, crv, x, n, e } = jwk;
  const publicHalf = { kty, crv, x, n, e } as JWK;
  return { alg, signing: await importJWK(jwk, alg), verifying: await importJWK(publicHalf, alg) };
}
