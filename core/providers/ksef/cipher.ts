import {
  constants,
  createCipheriv,
  createHash,
  publicEncrypt,
  randomBytes,
  type KeyObject,
} from "node:crypto";

/** SHA-256 in base64: how KSeF names every content. */
export const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");

/** RSA-OAEP with SHA-256, for the hash and the mask, in base64. */
export const sealedWith = (key: KeyObject, bytes: Uint8Array): string =>
  publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }, bytes).toString(
    "base64",
  );

/** The symmetric key of one session and its initialization vector. Never stored. */
export interface SessionKey {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

export const newSessionKey = (): SessionKey => ({ key: randomBytes(32), iv: randomBytes(16) });

/** AES-256-CBC with PKCS#7 padding; the vector is told when the session is opened and not put before the text. */
export function encrypted({ key, iv }: SessionKey, bytes: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}
