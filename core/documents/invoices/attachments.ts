import { assertCan, type CompanyActor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { DomainError, notFound } from "#core/lib/error.ts";
import { newId } from "#core/lib/ids.ts";
import type { Plan } from "#core/lib/plans.ts";
import type { Attachment } from "#core/model/invoice.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { findFile, putFile } from "#core/store/files.ts";
import { claim } from "#core/store/idempotency.ts";
import { invoices, type StoredInvoice } from "./collection.ts";
import { get, getInvoice } from "./get.ts";

/** A file somebody attaches. */
export interface Upload {
  readonly filename: string;
  readonly mimeType: string;
  readonly description: string | null;
  readonly bytes: Uint8Array;
}

const megabyte = 1_000_000;

/** How many files an invoice may carry and how large each may be, by plan. */
const limits: Record<Plan, { count: number; sizeBytes: number }> = {
  freemium: { count: 3, sizeBytes: 5 * megabyte },
  starter: { count: 5, sizeBytes: 10 * megabyte },
  professional: { count: 10, sizeBytes: 25 * megabyte },
  business: { count: 25, sizeBytes: 50 * megabyte },
};

/** Where an attachment lies: not under a date, because the invoice's may still change. */
export const attachmentKey = (
  { companyId, id }: Pick<StoredInvoice, "companyId" | "id">,
  attachmentId: string,
): string => `${companyId}/attachments/${id}/${attachmentId}`;

/** An attachment and its bytes; throws `not_found` for one of another invoice. */
export async function getAttachment(
  actor: CompanyActor,
  invoiceId: string,
  id: string,
): Promise<{ attachment: Attachment; bytes: Uint8Array }> {
  const invoice = await get(actor, invoiceId);
  const attachment = invoice.attachments.find((one) => one.id === id);
  const bytes = attachment && (await findFile(attachmentKey(invoice, id)));
  if (!attachment || !bytes) throw notFound("Attachment");
  return { attachment, bytes };
}

/** Attaches a file. Throws `too_large` over the plan's size or number of files. */
export async function attach(actor: CompanyActor, invoiceId: string, upload: Upload): Promise<Attachment> {
  assertCan(actor, "invoice.edit");
  const { count, sizeBytes } = limits[actor.plan];
  const { filename, mimeType, description, bytes } = upload;
  if (bytes.length > sizeBytes)
    throw new DomainError("too_large", `A file may have at most ${sizeBytes} bytes on this plan.`);
  const attachment: Attachment = {
    id: newId(),
    filename,
    mimeType,
    description,
    size: bytes.length,
    uploadedAt: instant(),
    uploadedBy: actor.email ? { id: actor.userId, name: actor.email } : null,
  };
  return untilCommitted(async () => {
    const invoice = await getInvoice(actor.companyId, invoiceId);
    if (invoice.attachments.length >= count)
      throw new DomainError("too_large", `An invoice may carry at most ${count} files on this plan.`);
    await putFile(attachmentKey(invoice, attachment.id), bytes, mimeType);
    const next = { ...invoice, attachments: [...invoice.attachments, attachment], updatedAt: instant() };
    await commit([
      invoices.replace(actor.companyId, invoice, next),
      ...claim(actor, attachment.id, { fiscal: false }),
    ]);
    return attachment;
  });
}
