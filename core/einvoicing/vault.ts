import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { linked } from "#core/store/linked.ts";

const cipherName = "aes-256-gcm";

/**
 * Seals a secret before it reaches the table. The context (whose it is) is authenticated with it: a sealed text that
 * is moved to another tenant's row does not open there.
 */
export function seal(plain: string, context: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(cipherName, key(), nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64");
}

/** Opens what `seal` made for the same context; throws for anything else. */
export function open(sealed: string, context: string): string {
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv(cipherName, key(), bytes.subarray(0, 12))
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
}

function key(): Buffer {
  const bytes = Buffer.from(linked.TokenKey.value, "base64");
  if (bytes.length !== 32) throw new Error("TokenKey must be 32 bytes in base64.");
  return bytes;
}
