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
  const { key, alg } = await signingKey();
  const issuedAt = Math.floor(now() / 1000);
  return new SignJWT({ username: user.email, roles: user.roles, org: organizationId, sid: sessionId })
    .setProtectedHeader({ alg, typ: "JWT" })
    .setSubject(user.id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifeSeconds)
    .sign(key);
}

/** What an access token says, or undefined when it is not ours, was changed or is past its time. */
export async function readSession(token: string): Promise<SessionClaims | undefined> {
  const { key, alg } = await verifyingKey();
  try {
    const { payload } = await jwtVerify(token, key, {
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

/**
 * The key decides the algorithm: Ed25519 is what we make ourselves (half the price of RSA at a cold start's first
 * verification, a third when signing); a stage whose clients insist on RS256 is given an RSA key.
 */
async function imported(half: (jwk: JWK) => JWK) {
  const jwk = JSON.parse(linked.JwtKey.value) as JWK;
  const alg = jwk.kty === "RSA" ? "RS256" : "EdDSA";
  return { alg, key: await importJWK(half(jwk), alg) };
}

type Imported = ReturnType<typeof imported>;
let signing: Imported | undefined;
let verifying: Imported | undefined;

/** The two halves of the stage's key, each imported once per process: most processes never sign. */
const signingKey = (): Imported => (signing ??= imported((jwk) => jwk));
const verifyingKey = (): Imported =>
  (verifying ??= imported(({ kty, crv, x, n, e }) => ({ kty, crv, x, n, e }) as JWK));
