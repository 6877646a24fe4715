import { sha256 } from "#core/lib/ids.ts";
import { instant } from "#core/lib/clock.ts";
import { settings } from "#core/lib/settings.ts";
import { openArchive, type SealedFile } from "#core/providers/anaf/archive.ts";
import {
  readCertificates,
  type SealReport,
  type TrustedCertificates,
  verifySeal,
} from "#core/providers/anaf/seal.ts";
import { findFile, putFile } from "#core/store/files.ts";
import type { Archive, Message } from "./messages.ts";

/** Where a message's sealed ZIP lies. It is the legal original: kept as it came. */
const archiveKey = (companyId: string, { environment, downloadId }: Message): string =>
  `${companyId}/spv/${environment}/${downloadId}.zip`;

let trusted: { pem: string; certificates: TrustedCertificates } | undefined;

/** The certificates this stage trusts for seals, as configured. */
export function trustedCertificates(): TrustedCertificates {
  const pem = settings.anafSealCertificates;
  if (trusted?.pem !== pem) trusted = { pem, certificates: readCertificates(pem) };
  return trusted.certificates;
}

/**
 * Keeps a downloaded ZIP and answers what is in it. Throws ArchiveError when the bytes are no sealed ZIP; then nothing
 * is kept.
 */
export async function keepArchive(
  companyId: string,
  message: Message,
  zip: Uint8Array,
): Promise<{ archive: Archive; sealed: SealedFile }> {
  const sealed = openArchive(zip);
  const key = archiveKey(companyId, message);
  await putFile(key, zip, "application/zip");
  const { document, signature } = sealed;
  const archive: Archive = {
    key,
    sizeBytes: zip.length,
    sha256: sha256(document),
    seal: verifySeal(document, signature, trustedCertificates(), message.createdAt),
    archivedAt: instant(),
  };
  return { archive, sealed };
}

/** Whether a seal holds; undefined while its signer is unknown to us, which says nothing against the document. */
export function holds({ verdict }: SealReport): boolean | undefined {
  if (verdict === "valid") return true;
  return verdict === "unknown_signer" ? undefined : false;
}

/** The two files of an archived message. Throws when the bucket no longer has what the ledger says it has. */
export async function readArchive({ key }: Archive): Promise<SealedFile> {
  const zip = await findFile(key);
  if (!zip) throw new Error(`The archived message ${key} is gone from the bucket.`);
  return openArchive(zip);
}
