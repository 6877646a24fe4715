import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  privateDecrypt,
  sign,
} from "node:crypto";
import { promisify } from "node:util";
import * as der from "../anaf/der.ts";
import { exception } from "./refusal.ts";
import { iso, type World } from "./world.ts";

/** The ministry's keys: one to encrypt tokens for, one for the keys of sessions. */
export const USAGES = ["KsefTokenEncryption", "SymmetricKeyEncryption"] as const;
export type Usage = (typeof USAGES)[number];

export interface Key {
  readonly usage: Usage;
  readonly publicKeyId: string;
  /** DER, base64. */
  readonly certificate: string;
  readonly privateKey: string;
  readonly validFrom: number;
  readonly validTo: number;
}

const YEAR_MS = 365 * 86_400_000;

/** The keys in force, made at the first question for them. */
export async function publishedKeys(world: World) {
  for (const usage of USAGES) if (!world.ledger.find("key", usage)) await rotate(world, usage);
  return USAGES.map((usage) => {
    const { publicKeyId, certificate, validFrom, validTo } = world.ledger.find("key", usage)!;
    const certificateId = digest(Buffer.from(certificate, "base64"));
    const validity = { validFrom: iso(validFrom), validTo: iso(validTo) };
    return { certificate, certificateId, publicKeyId, ...validity, usage: [usage] };
  });
}

/** Puts a new key in the place of the old one, which is withdrawn at once, as after an incident. */
export async function rotate(world: World, usage: Usage): Promise<void> {
  const pair = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const spki = pair.publicKey.export({ type: "spki", format: "der" });
  const privateKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const [validFrom, validTo] = [world.now() - 86_400_000, world.now() + 2 * YEAR_MS];
  const certificate = selfSigned(spki, privateKey, validFrom, validTo).toString("base64");
  const key: Key = { usage, publicKeyId: digest(spki), certificate, privateKey, validFrom, validTo };
  world.ledger.put("key", usage, key);
}

/** Decrypts RSA-OAEP with SHA-256; undefined when it was not encrypted for the key in force. */
export function decrypted(
  { ledger }: World,
  usage: Usage,
  { value, publicKeyId }: { value: string; publicKeyId?: string | null | undefined },
): Buffer | undefined {
  const key = ledger.find("key", usage);
  if (publicKeyId != null && publicKeyId !== key?.publicKeyId)
    throw exception(21470, `Klucz o identyfikatorze ${publicKeyId} nie jest wspierany.`);
  if (!key) return undefined;
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return privateDecrypt(
      { key: createPrivateKey(key.privateKey), padding, oaepHash: "sha256" },
      Buffer.from(value, "base64"),
    );
  } catch {
    return undefined;
  }
}

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");

function selfSigned(spki: Buffer, privateKey: string, from: number, until: number): Buffer {
  const algorithm = der.sequence(der.objectId("1.2.840.113549.1.1.11"), der.nothing());
  const name = der.sequence(
    der.set(der.sequence(der.objectId("2.5.4.6"), der.printable("PL"))),
    der.set(der.sequence(der.objectId("2.5.4.3"), der.utf8("Symulator Ministerstwa Finansów"))),
  );
  const serial = createHash("sha256").update(
    createPublicKey(privateKey).export({ type: "spki", format: "der" }),
  );
  const content = der.sequence(
    der.tagged(0, der.integer("02")),
    der.integer(`4${serial.digest("hex").slice(0, 31)}`),
    algorithm,
    name,
    der.sequence(der.time(from), der.time(until)),
    name,
    spki,
  );
  return der.sequence(content, algorithm, der.bitString(sign("sha256", content, privateKey)));
}
