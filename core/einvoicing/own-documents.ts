import { markArchived } from "#core/documents/invoices/efactura.ts";
import { invoices } from "#core/documents/invoices/collection.ts";
import { XmlError } from "#core/lib/xml/index.ts";
import { readErrors } from "#core/providers/anaf/archive.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { holds } from "./archives.ts";
import { type Attempt, attempts, findByHash, findByIndex } from "./attempts.ts";
import type { Reading } from "./downloads.ts";
import { receive } from "./incoming.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Message } from "./messages.ts";
import { accept, reject } from "./settle.ts";
import { adoptUploaded } from "./uploaded-by-hand.ts";

/**
 * A document that ANAF shows as sent by us. Known by its index, or, when the answer to its upload was lost, by its
 * bytes: number, date and total agree when the hash does. One that we never sent was uploaded by hand, or came from
 * another program.
 */
export async function acceptByContent(
  mailbox: Mailbox,
  message: Message,
  document: Uint8Array,
): Promise<Reading> {
  const { companyId } = mailbox;
  const { uploadIndex, environment, archive, downloadId } = message;
  const byIndex = uploadIndex === null ? undefined : await findByIndex(companyId, environment, uploadIndex);
  const attempt =
    byIndex ??
    (await findByHash(companyId, archive!.sha256)) ??
    (await adoptUploaded(mailbox, message, document));
  if (!attempt) return receive(mailbox, message, document, "sent");
  const isOurs = archive!.sha256 === attempt.sha256;
  const signatureValid = isOurs ? holds(archive!.seal) : false;
  const index = uploadIndex ?? attempt.externalId;
  const acceptance = { downloadId, messageId: message.id, signatureValid };
  const isTold = index !== null && (await accept(mailbox, attempt, { index, ...acceptance }));
  if (!isTold) await noteSeal(companyId, attempt, acceptance);
  return {
    stage: "done",
    invoiceId: attempt.invoiceId,
    errorMessage: isOurs ? null : "The document at ANAF is not byte for byte the one that was sent.",
  };
}

/** Tells an invoice that has its verdict where the sealed original lies and whether the seal holds. */
async function noteSeal(
  companyId: string,
  attempt: Attempt,
  { downloadId, signatureValid }: { downloadId: string; signatureValid: boolean | undefined },
): Promise<void> {
  const facts = { downloadId, ...(signatureValid === undefined ? {} : { signatureValid }) };
  await untilCommitted(async () => {
    const [invoice, current] = await Promise.all([
      invoices.find(companyId, attempt.invoiceId),
      attempts.find(companyId, attempt.id),
    ]);
    const isThis = invoice?.anafDownloadId === downloadId || invoice?.anafUploadId === current?.externalId;
    const change = invoice && isThis ? markArchived(invoice, facts) : undefined;
    if (change) await commit([change]);
  });
}

/** The file of a rejection: ANAF's findings, word by word, on the upload that its index names. */
export async function rejectByFile(
  mailbox: Mailbox,
  message: Message,
  document: Uint8Array,
): Promise<Reading> {
  const errors = errorsIn(document);
  const { uploadIndex, environment, downloadId } = message;
  const attempt =
    uploadIndex === null ? undefined : await findByIndex(mailbox.companyId, environment, uploadIndex);
  const errorMessage = errors.join("\n") || message.details || null;
  if (!attempt) return { stage: "done", errorMessage };
  const texts = errors.length > 0 ? errors : [message.details];
  await reject(mailbox, attempt.id, { errors: texts, state: "rejected", downloadId, messageId: message.id });
  return { stage: "done", invoiceId: attempt.invoiceId, errorMessage };
}

/** The texts of an error file; none when it cannot be read, and then the message's own line has to do. */
function errorsIn(document: Uint8Array): readonly string[] {
  try {
    return readErrors(document);
  } catch (error) {
    if (error instanceof XmlError) return [];
    throw error;
  }
}
