import { generateKeyPairSync } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { User } from "./users.ts";

const user = { id: "u", email: "ana@example.com", roles: ["ROLE_USER"] } as unknown as User;
const claims = { userId: "u", organizationId: "o", sessionId: "s" };

/** The module as a process of a stage with this key has it: keys are imported once per process. */
async function withKey(kind: "ed25519" | "rsa") {
  const { privateKey, publicKey } =
    kind === "rsa" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ed25519");
  process.env["SST_RESOURCE_JwtKey"] = JSON.stringify({
    value: JSON.stringify(privateKey.export({ format: "jwk" })),
  });
  vi.resetModules();
  return { ...(await import("./session-jwt.ts")), privateKey, publicKey };
}

const signed = (token: SignJWT, alg: string) => token.setProtectedHeader({ alg }).setExpirationTime("1h");

beforeEach(() => {
  delete process.env["SST_RESOURCE_JwtKey"];
});

describe("an access token", () => {
  it.each([
    ["ed25519", "EdDSA"],
    ["rsa", "RS256"],
  ] as const)("is signed with the stage's %s key as %s, and read back", async (kind, alg) => {
    const { signSession, readSession } = await withKey(kind);
    const token = await signSession(user, claims);
    expect(JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString())).toEqual({
      alg,
      typ: "JWT",
    });
    expect(await readSession(token)).toEqual(claims);
  });

  it("counts only when this stage signed it, with the algorithm of its key, whole, and with a time to end", async () => {
    const stranger = await withKey("rsa").then(({ signSession }) => signSession(user, claims));
    const { readSession, privateKey, publicKey } = await withKey("rsa");
    const all = { sub: "u", org: "o", sid: "s" };
    const secret = publicKey.export({ type: "spki", format: "der" });
    const good = await signed(new SignJWT(all), "RS256").sign(privateKey);
    const refused = [
      stranger,
      new UnsecuredJWT(all).setExpirationTime("1h").encode(),
      await signed(new SignJWT(all), "HS256").sign(secret),
      await signed(new SignJWT(all), "RS512").sign(privateKey),
      await signed(new SignJWT({ sub: "u", org: "o" }), "RS256").sign(privateKey),
      await new SignJWT(all).setProtectedHeader({ alg: "RS256" }).sign(privateKey),
      good.slice(0, -4) + "AAAA",
    ];
    expect(await readSession(good)).toEqual(claims);
    for (const token of refused) expect(await readSession(token)).toBeUndefined();
  });
});
