import type { CompanyActor } from "#core/lib/actor.ts";
import { sha256 } from "#core/lib/ids.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import { findFile, presignedUrl, putFile } from "#core/store/files.ts";
import type { Follow } from "#core/store/out.ts";
import { invoices, type StoredInvoice } from "./collection.ts";
import { untouched } from "./untouched.ts";
import { readDocument } from "./document.ts";
import { get } from "./get.ts";
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
  const invoice = await invoices.find(actor.companyId, id);
  if (invoice && !invoice.deletedAt && invoice.xmlSha256 !== null) await xmlOf(actor, invoice);
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

/** The print of an invoice: a draft's as it would be now; any other is kept until something it shows changes. */
async function pdfOf(actor: CompanyActor, invoice: StoredInvoice): Promise<Uint8Array> {
  const document = await readDocument(actor, invoice);
  const { renderPdf } = await import("#core/formats/pdf/render.ts");
  if (invoice.xmlSha256 === null) return renderPdf(document);
  const key = fileKey(invoice, "pdf");
  const from = printedState(document);
  const stored = await findFile(key, { from });
  if (stored) return stored;
  const printed = await renderPdf(document);
  await putFile(key, printed, contentTypes.pdf, { from });
  return printed;
}

/** Changes with everything a print shows: the document, what was paid and whether it is cancelled. */
function printedState({ invoice, ...around }: IssuableDocument): string {
  const { amountPaid, status } = invoice;
  const moving = { events: [], payments: [], attachments: [], refundInvoices: [], updatedAt: "", rev: 0 };
  const shown = {
    ...invoice,
    ...untouched,
    ...moving,
    submission: null,
    elsewhere: [],
    amountPaid,
    status: status === "cancelled",
  };
  return sha256(JSON.stringify({ ...around, shown })).slice(0, 32);
}

const renderers = { xml: xmlOf, pdf: pdfOf };

/** A file of an invoice as a download. */
export async function getFile(actor: CompanyActor, id: string, kind: Kind): Promise<InvoiceFile> {
  const invoice = await get(actor, id);
  const bytes = await renderers[kind](actor, invoice);
  return { bytes, fileName: fileNameOf(invoice, kind), contentType: contentTypes[kind] };
}

const fileNameOf = ({ number }: StoredInvoice, kind: Kind): string => `invoice-${number}.${kind}`;

/** Five minutes' access to the stored file without a credential; undefined for drafts, which are not stored. */
export async function fileUrl(actor: CompanyActor, id: string, kind: Kind): Promise<string | undefined> {
  const invoice = await get(actor, id);
  if (invoice.xmlSha256 === null) return undefined;
  await renderers[kind](actor, invoice);
  return presignedUrl(fileKey(invoice, kind), {
    fileName: fileNameOf(invoice, kind),
    contentType: contentTypes[kind],
  });
}
