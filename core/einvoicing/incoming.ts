import { findOrCreateProduct } from "#core/catalog/line-product.ts";
import { arrivalId, arrived } from "#core/documents/invoices/received.ts";
import { invoices, type StoredInvoice } from "#core/documents/invoices/collection.ts";
import { fileKey } from "#core/documents/invoices/files.ts";
import type { ParsedDocument } from "#core/formats/received/document.ts";
import { system } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { sha256 } from "#core/lib/ids.ts";
import { findOrCreateSupplier } from "#core/parties/suppliers.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { putFile } from "#core/store/files.ts";
import { Stale, type Write } from "#core/store/write.ts";
import type { Reading } from "./downloads.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Message, MessageSummary } from "./messages.ts";

/** DynamoDB takes a hundred writes together; beyond these the products of an invoice are written before it. */
const mostTogether = 40;

/**
 * A document from the mailbox becomes an invoice, with its supplier and products, once. What cannot be read is kept as it came and shown with the reason.
 */
export async function receive(
  mailbox: Mailbox,
  message: Message,
  xml: Uint8Array,
  direction: "incoming" | "outgoing" = "incoming",
): Promise<Reading> {
  const document = await parsed(xml);
  if (typeof document === "string") return { stage: "unreadable", errorMessage: document };
  const id = arrivalId(mailbox.companyId, message.downloadId);
  const invoice =
    (await invoices.find(mailbox.companyId, id)) ??
    (await enter(mailbox, message, { xml, document, direction }));
  return { stage: "done", errorMessage: null, invoiceId: invoice.id, summary: summaryOf(invoice) };
}

/** The document, or why it cannot be read. */
async function parsed(xml: Uint8Array): Promise<ParsedDocument | string> {
  const { parseInvoice } = await import("#core/formats/received/parse.ts");
  try {
    return parseInvoice(xml);
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "XmlError" || name === "DomainError") return message;
    throw error;
  }
}

interface Content {
  readonly xml: Uint8Array;
  readonly document: ParsedDocument;
  readonly direction: "incoming" | "outgoing";
}

async function enter(mailbox: Mailbox, message: Message, content: Content): Promise<StoredInvoice> {
  const { companyId, organizationId } = mailbox;
  const { xml, document, direction } = content;
  const id = arrivalId(companyId, message.downloadId);
  return untilCommitted(async () => {
    const twin = await invoices.find(companyId, id);
    if (twin) return twin;
    const { partyId, writes, lines } = await neighbours(companyId, document, direction);
    const write = await arrived(system(organizationId, companyId), {
      downloadId: message.downloadId,
      messageId: message.downloadId,
      uploadId: message.uploadIndex,
      direction,
      document: { ...document, lines },
      xmlSha256: sha256(xml),
      partyId,
      receivedAt: instant(),
    });
    await putFile(fileKey(write.value, "xml"), xml, "application/xml");
    const first = writes.length > mostTogether ? writes : [];
    for (let from = 0; from < first.length; from += mostTogether)
      await orAgain(commit(first.slice(from, from + mostTogether)));
    await orAgain(commit([...(first.length > 0 ? [] : writes), write]));
    return write.value;
  });
}

/** Another message of the same supplier may have made him known in this moment: then he is there the next time. */
async function orAgain(committed: Promise<void>): Promise<void> {
  try {
    await committed;
  } catch (error) {
    throw error instanceof DomainError && error.kind === "conflict" ? new Stale() : error;
  }
}

/** Who sent it, and what was bought; made known by the writes when they were not. */
async function neighbours(companyId: string, document: ParsedDocument, direction: Content["direction"]) {
  const { supplier, lines, header } = document;
  // What another program sent names its buyer on the document; a client is made when somebody invoices it from here.
  if (direction === "outgoing") return { partyId: null, writes: [], lines };
  const { entry, writes } = await findOrCreateSupplier(companyId, supplier);
  const products = await Promise.all(
    lines.map((line) => findOrCreateProduct(companyId, entry.id, line, header.currency)),
  );
  // Two lines may sell the same new product.
  const fresh = new Map<string, readonly Write[]>(
    products.map((product) => [product.entry.id, product.writes]),
  );
  return {
    partyId: entry.id,
    writes: [...writes, ...[...fresh.values()].flat()],
    lines: lines.map((line, at) => ({ ...line, productId: products[at]!.entry.id })),
  };
}

const summaryOf = (invoice: StoredInvoice): MessageSummary => ({
  number: invoice.number,
  date: invoice.issueDate,
  partner: invoice.direction === "incoming" ? invoice.senderName : invoice.receiverName,
  total: invoice.total,
  currency: invoice.currency,
});
