import { getInvoice } from "#core/documents/invoices/get.ts";
import { markArchived } from "#core/documents/invoices/efactura.ts";
import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { checkSignature, signatureVerdict } from "#core/providers/anaf/public-services.ts";
import { type SealReport, verifySeal } from "#core/providers/anaf/seal.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { findFile } from "#core/store/files.ts";
import { holds, readArchive, trustedCertificates } from "./archives.ts";
import { type Attempt, attemptsOf } from "./attempts.ts";
import { takePermit } from "./budget.ts";
import { type Message, messageId, messages } from "./messages.ts";

/** Every upload of an invoice, oldest first: what left, when, and what ANAF made of it. */
export async function listAttempts(actor: CompanyActor, invoiceId: string): Promise<Attempt[]> {
  assertCan(actor, "efactura.view");
  await getInvoice(actor.companyId, invoiceId);
  return attemptsOf(actor.companyId, invoiceId);
}

/** The sealed original of an invoice in the ledger; undefined while it has not been downloaded. */
async function findSealed(companyId: string, downloadId: string | null): Promise<Message | undefined> {
  if (downloadId === null) return undefined;
  const ids = (["prod", "test"] as const).map((environment) => messageId(companyId, environment, downloadId));
  return (await messages.getMany(companyId, ids)).find(({ archive }) => archive !== null);
}

const nothing = (): DomainError =>
  new DomainError("not_found", "There is no sealed answer of ANAF for this invoice yet.", {
    extra: { valid: false },
  });

/** ANAF's sealed ZIP as it came. */
export async function getSealed(actor: CompanyActor, invoiceId: string): Promise<Uint8Array> {
  assertCan(actor, "invoice.view");
  const { anafDownloadId } = await getInvoice(actor.companyId, invoiceId);
  const message = await findSealed(actor.companyId, anafDownloadId);
  const zip = message?.archive && (await findFile(message.archive.key));
  if (!zip) throw nothing();
  return zip;
}

export interface Verification extends SealReport {
  readonly sealedAt: string;
  readonly verifiedAt: string;
  /** What ANAF's own check says of a seal that ours cannot vouch for; null when it was not asked or did not say. */
  readonly authority: "valid" | "invalid" | null;
}

/**
 * Checks the seal of an invoice's sealed original anew, against the certificates trusted now, and notes the outcome on
 * the invoice. A seal that fits but whose signer or form we do not know is shown to ANAF, whose seal it should be.
 * Throws `not_found` when there is no sealed original.
 */
export async function verifyInvoice(actor: CompanyActor, invoiceId: string): Promise<Verification> {
  assertCan(actor, "invoice.view");
  const { companyId } = actor;
  const invoice = await getInvoice(companyId, invoiceId);
  const message = await findSealed(companyId, invoice.anafDownloadId);
  if (!message?.archive) throw nothing();
  const { document, signature } = await readArchive(message.archive);
  const report = verifySeal(document, signature, trustedCertificates(), message.createdAt);
  const authority = await askAuthority(report, document, signature);
  await untilCommitted(async () => {
    const current = await getInvoice(companyId, invoiceId);
    const signatureValid = authority === null ? holds(report) : authority === "valid";
    const { downloadId } = message;
    const change = markArchived(current, {
      downloadId,
      ...(signatureValid === undefined ? {} : { signatureValid }),
    });
    if (change) await commit([change]);
  });
  return { ...report, authority, sealedAt: message.createdAt, verifiedAt: instant() };
}

/** A document that differs from what was sealed is beyond doubt; nobody is asked about it. */
async function askAuthority(
  { verdict }: SealReport,
  document: Uint8Array,
  signature: Uint8Array | undefined,
): Promise<Verification["authority"]> {
  const isOpen = verdict === "unknown_signer" || verdict === "bad_signature";
  if (!isOpen || !signature || !(await takePermit())) return null;
  return signatureVerdict(await checkSignature(document, signature)) ?? null;
}
