import type { CompanyActor } from "#core/lib/actor.ts";
import { sha256 } from "#core/lib/ids.ts";
import { findFile, presignedUrl, putFile } from "#core/store/files.ts";
import type { Follow } from "#core/store/out.ts";
import type { StoredInvoice } from "./collection.ts";
import { readDocument } from "./document.ts";
import { get, getInvoice } from "./get.ts";
import { writeXml } from "./validate.ts";

/** A file of an invoice: its bytes under the name to save it by, or where to fetch them. */
export interface InvoiceFile {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  readonly contentType: string;
}

const contentTypes = { xml: "application/xml", pdf: "application/pdf" } as const;
type Kind = keyof typeof contentTypes;

/** Where a file of an invoice lies (DECISIONS 24). */
export const fileKey = (
  { companyId, issueDate, id }: Pick<StoredInvoice, "companyId" | "issueDate" | "id">,
  extension: string,
): string => `${companyId}/${issueDate.slice(0, 4)}/${issueDate.slice(5, 7)}/${id}.${extension}`;

/** The message that has the files of an issued invoice written; repeatable. */
export const followFiles = ({ organizationId, companyId }: CompanyActor, invoiceId: string): Follow => ({
  queue: "Documents",
  body: { organizationId, companyId, invoiceId },
});

/** Stores the XML of an issued invoice unless it is there already: the work of the Documents queue. */
export async function storeFiles(actor: CompanyActor, id: string): Promise<void> {
  const invoice = await getInvoice(actor.companyId, id);
  if (invoice.xmlSha256 !== null) await xmlOf(actor, invoice);
}

/**
 * The XML of an invoice: for drafts as it would be now, for issued ones the stored bytes. Bytes that are missing or
 * belong to an earlier state are written anew from the row; once the authority has them that must not be, and throws.
 */
export async function xmlOf(actor: CompanyActor, invoice: StoredInvoice): Promise<Uint8Array> {
  if (invoice.xmlSha256 === null) return writeXml(await readDocument(actor, invoice));
  const key = fileKey(invoice, "xml");
  const stored = await findFile(key);
  if (stored && sha256(stored) === invoice.xmlSha256) return stored;
  const written = await writeXml(await readDocument(actor, invoice));
  if (isFrozen(invoice) && sha256(written) !== invoice.xmlSha256)
    throw new Error(`The XML of invoice ${invoice.id} is lost and cannot be written the same again.`);
  await putFile(key, written, contentTypes.xml);
  return written;
}

/** From the moment a submission was decided the bytes are the ones of that moment (DECISIONS 22). */
const isFrozen = ({ submission, status }: StoredInvoice): boolean =>
  submission !== null && status !== "rejected";

/** The XML as a download. */
export async function getXml(actor: CompanyActor, id: string): Promise<InvoiceFile> {
  const invoice = await get(actor, id);
  return download(invoice, "xml", await xmlOf(actor, invoice));
}

const fileNameOf = ({ number }: StoredInvoice, kind: Kind): string => `invoice-${number}.${kind}`;

const download = (invoice: StoredInvoice, kind: Kind, bytes: Uint8Array): InvoiceFile => ({
  bytes,
  fileName: fileNameOf(invoice, kind),
  contentType: contentTypes[kind],
});

/** Five minutes' access to the stored XML without a credential; undefined for drafts, which are not stored. */
export async function xmlUrl(actor: CompanyActor, id: string): Promise<string | undefined> {
  const invoice = await get(actor, id);
  if (invoice.xmlSha256 === null) return undefined;
  await xmlOf(actor, invoice);
  return presignedUrl(fileKey(invoice, "xml"), {
    fileName: fileNameOf(invoice, "xml"),
    contentType: contentTypes.xml,
  });
}
