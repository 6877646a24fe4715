import type { ParsedDocument } from "#core/formats/received/document.ts";
import type { CompanyActor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { bucharestDay, type Instant } from "#core/lib/dates.ts";
import { ZERO } from "#core/lib/decimal.ts";
import { idFrom } from "#core/lib/ids.ts";
import type { Attachment } from "#core/model/invoice.ts";
import type { Party } from "#core/model/party.ts";
import { isSelfSettled } from "#core/model/paid.ts";
import { INVOICE_UNTDID_CODES } from "#core/model/words.ts";
import type { Change } from "#core/store/collection.ts";
import { putFile } from "#core/store/files.ts";
import { attachmentKey } from "./attachments.ts";
import { invoices, likenessOf, type StoredInvoice } from "./collection.ts";
import { followProducts } from "./products.ts";
import { untouched } from "./untouched.ts";
import { firstEvent } from "./timeline.ts";

/** What came out of the authority's mailbox. */
export interface Arrival {
  readonly downloadId: string;
  readonly messageId: string | null;
  readonly uploadId: string | null;
  readonly direction: "incoming" | "outgoing";
  readonly document: ParsedDocument;
  /** SHA-256 of the XML as it came; the caller stores those bytes under `fileKey`. */
  readonly xmlSha256: string;
  /** The supplier who sent it, or the client of one of ours that another program sent. */
  readonly partyId: string | null;
  readonly receivedAt: Instant;
}

/** The id of the invoice that a download becomes: the same each time, so that it becomes one invoice. */
export const arrivalId = (companyId: string, downloadId: string): string =>
  idFrom(`${companyId}#anaf#${downloadId}`);

/**
 * The write that enters a document of the mailbox as a `synced` invoice, with the sums its sender stated, and stores
 * its attachments. Committing it twice fails as `Stale`: look for `arrivalId` first. One with the number of another by
 * the same supplier is marked as a duplicate.
 */
export async function arrived(actor: CompanyActor, arrival: Arrival): Promise<Change<StoredInvoice>> {
  const invoice = invoiceOf(actor, arrival);
  const like = await invoices.findBy(likenessOf(actor.companyId, invoice), { limit: 2 });
  const isDuplicate = arrival.direction === "incoming" && like.some(({ id }) => id !== invoice.id);
  await Promise.all(
    arrival.document.attachments.map((file, at) =>
      putFile(attachmentKey(invoice, invoice.attachments[at]!.id), file.content(), file.mimeType),
    ),
  );
  return invoices.insert(
    actor.companyId,
    { ...invoice, isDuplicate },
    {
      events: [{ name: "invoice.created" }],
      // What is bought is in the catalogue already; what another program sold is learnt as what is sold from here.
      follow: arrival.direction === "incoming" ? [] : followProducts(actor, invoice),
    },
  );
}

function invoiceOf(actor: CompanyActor, arrival: Arrival): StoredInvoice {
  const { document, direction, partyId, receivedAt, downloadId } = arrival;
  const { supplier, buyer, totals } = document;
  const id = arrivalId(actor.companyId, downloadId);
  const isIncoming = direction === "incoming";
  const createdAt = instant();
  const settlement = isSelfSettled(totals)
    ? { amountPaid: totals.payable, balance: ZERO, paidAt: receivedAt }
    : { balance: totals.payable };
  return {
    ...document.header,
    ...untouched,
    ...totals,
    ...settlement,
    id,
    rev: 1,
    companyId: actor.companyId,
    number: document.number ?? `ANAF-${downloadId}`,
    issueDate: document.issueDate ?? bucharestDay(receivedAt),
    documentType: document.documentType,
    untdidTypeCode: INVOICE_UNTDID_CODES.find((code) => code === document.typeCode) ?? "380",
    status: "synced",
    direction,
    clientId: isIncoming ? null : partyId,
    supplierId: isIncoming ? partyId : null,
    senderCif: codeOf(supplier),
    senderName: supplier.name,
    receiverCif: codeOf(buyer),
    receiverName: buyer.name,
    parentDocumentId: null,
    parentDocumentNumber: document.parent?.number ?? null,
    parentDocumentDate: document.parent?.issueDate ?? null,
    refundInvoices: [],
    buyerSnapshot: { ...buyer, clientCode: null },
    sellerSnapshot: { ...supplier, sector: null, capitalSocial: null, website: null, vatOnCollection: false },
    bankAccounts: document.bankAccounts,
    lines: document.lines,
    payments: [],
    attachments: attachmentsOf(id, arrival),
    events: [firstEvent(id, "synced", { actor, action: "synced_from_anaf", details: { downloadId } })],
    anafDownloadId: downloadId,
    anafMessageId: arrival.messageId,
    anafUploadId: arrival.uploadId,
    anafStatus: "ok",
    syncedAt: receivedAt,
    createdAt,
    updatedAt: createdAt,
    deletedAt: null,
    xmlSha256: arrival.xmlSha256,
    submission: null,
  };
}

const codeOf = ({ cif, vatCode, cnp }: Party): string | null => cif ?? vatCode ?? cnp;

const attachmentsOf = (invoiceId: string, { document, receivedAt }: Arrival): Attachment[] =>
  document.attachments.map(({ filename, mimeType, description, sizeBytes }, at) => ({
    id: idFrom(`${invoiceId}#attachment#${at}`),
    filename,
    mimeType,
    description,
    size: sizeBytes,
    uploadedAt: receivedAt,
    uploadedBy: null,
  }));
