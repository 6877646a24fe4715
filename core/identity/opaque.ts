import { randomBytes, timingSafeEqual } from "node:crypto";

const idBytes = 16;
const secretBytes = 32;

/**
 * A token nobody can read anything from but us: the ids it belongs to, then 256 random bits. Naming its rows directly,
 * it is found without another row to look it up by; and a used one still says whose it was.
 */
export const newOpaqueToken = (...ids: readonly string[]): string =>
  Buffer.concat([
    ...ids.map((id) => Buffer.from(id.replaceAll("-", ""), "hex")),
    randomBytes(secretBytes),
  ]).toString("base64url");

/** The ids a token was made with, or undefined when it was not made with so many. Says nothing about its secret. */
export function readOpaqueToken(token: string, count: number): string[] | undefined {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length !== count * idBytes + secretBytes || bytes.toString("base64url") !== token)
    return undefined;
  return Array.from({ length: count }, (_, i) => {
    const hex = bytes.subarray(i * idBytes, (i + 1) * idBytes).toString("hex");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  });
}

/** Compares two hashes of the same kind without telling by its time where they differ. */
export const isSameHash = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a), Buffer.from(b));
