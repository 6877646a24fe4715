import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";

/**
 * The simulator's RSA keys. They are not secret and not stored: each prime is a hash of the key's name plus a
 * small distance to the first prime after it, found once and written down here. So the same seed gives the same
 * bytes everywhere, no private key lies in the repository, and nothing is searched at start.
 */
const distances = {
  root: [264, 1860],
  intermediate: [1086, 1492],
  "signer-0": [800, 116],
  "signer-1": [410, 708],
  "signer-2": [2230, 320],
  test: [184, 194],
  "foreign-root": [1150, 122],
  "foreign-signer": [254, 36],
  token: [160, 822],
} as const;

export type KeyName = keyof typeof distances;

export const keyNames = Object.keys(distances) as KeyName[];

export interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

const pairs = new Map<KeyName, KeyPair>();

/** The 2048-bit pair of that name; derived on first use. */
export function keyPair(name: KeyName): KeyPair {
  const known = pairs.get(name);
  if (known) return known;
  const made = derive(primeOf(name, "p"), primeOf(name, "q"));
  pairs.set(name, made);
  return made;
}

/** One of the two 1024-bit primes of a key. */
export function primeOf(name: KeyName, part: "p" | "q"): bigint {
  let hex = "";
  for (let n = 0; n < 4; n++) {
    hex += createHash("sha256").update(`anaf-sim key ${name} ${part} ${n}`).digest("hex");
  }
  // The two top bits make the product exactly 2048 bits long; the lowest makes the start odd.
  const start = BigInt(`0x${hex}`) | (3n << 1022n) | 1n;
  return start + BigInt(distances[name][part === "p" ? 0 : 1]);
}

function derive(p: bigint, q: bigint): KeyPair {
  const e = 65_537n;
  const d = inverse(e, (p - 1n) * (q - 1n));
  const jwk = {
    kty: "RSA",
    n: base64url(p * q),
    e: base64url(e),
    d: base64url(d),
    p: base64url(p),
    q: base64url(q),
    dp: base64url(d % (p - 1n)),
    dq: base64url(d % (q - 1n)),
    qi: base64url(inverse(q, p)),
  };
  const privateKey = createPrivateKey({ key: jwk, format: "jwk" });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** Extended Euclid: the x with a·x ≡ 1 (mod modulus). */
function inverse(a: bigint, modulus: bigint): bigint {
  let [previous, current] = [a % modulus, modulus];
  let [x, next] = [1n, 0n];
  while (current !== 0n) {
    const quotient = previous / current;
    [previous, current] = [current, previous - quotient * current];
    [x, next] = [next, x - quotient * next];
  }
  return ((x % modulus) + modulus) % modulus;
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex").toString("base64url");
}
