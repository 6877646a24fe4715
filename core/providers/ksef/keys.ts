import { X509Certificate } from "node:crypto";
import { now } from "#core/lib/clock.ts";
import { settings } from "#core/lib/settings.ts";
import { sealedWith } from "./cipher.ts";
import { call, type Line, Setback, unreadable } from "./line.ts";
import { type KeyUsage, PublicKeys } from "./wire.ts";

/** KSeF asks to look for new keys every day. */
const keptMs = 24 * 3_600_000;

/** KSeF's exception for a key that it does not know or no longer takes. */
const WITHDRAWN_KEY = 21470;

type Certificates = ReturnType<typeof PublicKeys.parse>;

/** By address, because every environment has keys of its own. */
const known = new Map<string, { readonly readAt: number; readonly certificates: Certificates }>();

/** Something encrypted for KSeF, with the name of the key it was done with. */
export interface Sealed {
  readonly value: string;
  readonly publicKeyId: string;
}

/**
 * Encrypts for KSeF with its key of that use and hands the result to `work`. When KSeF no longer takes the key, its keys
 * are read anew and `work` is done once more.
 */
export async function sealedFor<Result>(
  line: Line,
  usage: KeyUsage,
  content: Uint8Array,
  work: (sealed: Sealed) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(await seal(line, usage, content));
  } catch (error) {
    if (!(error instanceof Setback) || error.code !== WITHDRAWN_KEY) throw error;
    known.delete(settings.ksefApiUrl);
    return work(await seal(line, usage, content));
  }
}

/** With several keys in force, which overlap while one takes over, the newest is taken. */
async function seal(line: Line, usage: KeyUsage, content: Uint8Array): Promise<Sealed> {
  const inForce = (await certificates(line))
    .filter((one) => one.usage.includes(usage))
    .filter(({ validFrom, validTo }) => Date.parse(validFrom) <= now() && now() <= Date.parse(validTo))
    .toSorted((one, other) => Date.parse(other.validFrom) - Date.parse(one.validFrom));
  const [newest] = inForce;
  if (!newest) throw new Setback(`KSeF publishes no valid key for ${usage}.`, { reason: "not_sent" });
  const { publicKey } = new X509Certificate(Buffer.from(newest.certificate, "base64"));
  return { value: sealedWith(publicKey, content), publicKeyId: newest.publicKeyId };
}

async function certificates(line: Line): Promise<Certificates> {
  const kept = known.get(settings.ksefApiUrl);
  if (kept && kept.readAt + keptMs > now()) return kept.certificates;
  const path = "/security/public-key-certificates";
  const answer = await call(line, path);
  const read = PublicKeys.safeParse(answer.json);
  if (!read.success) throw unreadable(path, answer);
  known.set(settings.ksefApiUrl, { readAt: now(), certificates: read.data });
  return read.data;
}
