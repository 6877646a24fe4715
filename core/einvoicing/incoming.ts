import { findOrCreateProduct } from "#core/catalog/line-product.ts";
import { products } from "#core/catalog/product.ts";
import { series } from "#core/companies/document-series.ts";
import { arrivalId, arrived } from "#core/documents/invoices/received.ts";
import { invoices, type StoredInvoice } from "#core/documents/invoices/collection.ts";
import { noteFoundNumber } from "#core/companies/found-number.ts";
import { fileKey } from "#core/documents/invoices/files.ts";
import type { ParsedDocument } from "#core/formats/received/document.ts";
import { system } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { DomainError } from "#core/lib/error.ts";
import { sha256 } from "#core/lib/ids.ts";
import { clients } from "#core/parties/client.ts";
import { findOrCreateClient } from "#core/parties/clients.ts";
import { suppliers } from "#core/parties/supplier.ts";
import { findOrCreateSupplier } from "#core/parties/suppliers.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { putFile } from "#core/store/files.ts";
import { Stale, type Write } from "#core/store/write.ts";
import type { Reading } from "./downloads.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Made, Message, MessageSummary } from "./messages.ts";

/** DynamoDB takes a hundred writes together; beyond these the products of an invoice are written before it. */
const mostTogether = 40;

/**
 * A document from the mailbox becomes an invoice, once, with its supplier and products, or, when the company sent it by
 * another program, with its client and series. What cannot be read is kept as it came and shown with the reason.
 */
export async function receive(
  mailbox: Mailbox,
  message: Message,
  xml: Uint8Array,
  found: "received" | "sent" = "received",
): Promise<Reading> {
  const document = await parsed(xml);
  if (typeof document === "string") return { stage: "unreadable", errorMessage: document };
  const direction = found === "sent" && !isBoughtBy(mailbox, document) ? "outgoing" : "incoming";
  const id = arrivalId(mailbox.companyId, message.downloadId);
  const known = await invoices.find(mailbox.companyId, id);
  const { invoice, made } = known
    ? { invoice: known, made: madeBy(mailbox.companyId, []) }
    : await enter(mailbox, message, { xml, document, direction });
  return { stage: "done", errorMessage: null, invoiceId: invoice.id, summary: summaryOf(invoice), made };
}

/** The document, or why it cannot be read. */
export async function parsed(xml: Uint8Array): Promise<ParsedDocument | string> {
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

interface Entered {
  readonly invoice: StoredInvoice;
  readonly made: Made;
}

async function enter(mailbox: Mailbox, message: Message, content: Content): Promise<Entered> {
  const { companyId, organizationId } = mailbox;
  const { xml, document, direction } = content;
  const id = arrivalId(companyId, message.downloadId);
  return untilCommitted(async () => {
    const twin = await invoices.find(companyId, id);
    if (twin) return { invoice: twin, made: madeBy(companyId, []) };
    const neighbours = direction === "outgoing" ? sentNeighbours : receivedNeighbours;
    const { partyId, writes, lines } = await neighbours(companyId, document);
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
    return { invoice: write.value, made: madeBy(companyId, writes) };
  });
}

/** What is new among the writes that make an invoice's neighbours known; what they only change was there. */
function madeBy(companyId: string, writes: readonly Write[]): Made {
  const count = (...kinds: readonly { partition(scope: string): string }[]): number => {
    const partitions = new Set(kinds.map((kind) => kind.partition(companyId)));
    return writes.filter((write) => "put" in write && write.when === "absent" && partitions.has(write.put.pk))
      .length;
  };
  return { clients: count(clients, suppliers), products: count(products), series: count(series) };
}

/** Another message of the same supplier may have made him known in this moment: then he is there the next time. */
async function orAgain(committed: Promise<void>): Promise<void> {
  try {
    await committed;
  } catch (error) {
    throw error instanceof DomainError && error.kind === "conflict" ? new Stale() : error;
  }
}

/** Whether the company sent the document as its buyer, in the seller's name (self-billing). */
const isBoughtBy = ({ cif }: Mailbox, { supplier, buyer }: ParsedDocument): boolean =>
  buyer.cif === cif && supplier.cif !== cif;

/** The other party and what was traded, as the invoice names them, and the writes that make them known. */
interface Neighbours {
  readonly partyId: string;
  readonly writes: readonly Write[];
  readonly lines: ParsedDocument["lines"];
}

/** The buyer of what another program sent, and the series it numbers in. Its products are learnt afterwards. */
async function sentNeighbours(companyId: string, document: ParsedDocument): Promise<Neighbours> {
  const { buyer, number, documentType, lines } = document;
  const [{ entry, writes }, counted] = await Promise.all([
    findOrCreateClient(companyId, buyer),
    number === null ? [] : noteFoundNumber(companyId, number, documentType),
  ]);
  return { partyId: entry.id, writes: [...writes, ...counted], lines };
}

/** Who sent it, and what was bought. */
async function receivedNeighbours(companyId: string, document: ParsedDocument): Promise<Neighbours> {
  const { supplier, lines, header } = document;
  const { entry, writes } = await findOrCreateSupplier(companyId, supplier);
  const bought = await Promise.all(
    lines.map((line) => findOrCreateProduct(companyId, entry.id, line, header.currency)),
  );
  // Two lines may sell the same new product.
  const fresh = new Map<string, readonly Write[]>(
    bought.map((product) => [product.entry.id, product.writes]),
  );
  return {
    partyId: entry.id,
    writes: [...writes, ...[...fresh.values()].flat()],
    lines: lines.map((line, at) => ({ ...line, productId: bought[at]!.entry.id })),
  };
}

const summaryOf = (invoice: StoredInvoice): MessageSummary => ({
  number: invoice.number,
  date: invoice.issueDate,
  partner: invoice.direction === "incoming" ? invoice.senderName : invoice.receiverName,
  total: invoice.total,
  currency: invoice.currency,
});
