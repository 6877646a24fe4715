import type { Invoice, IssuableDocument } from "#core/model/invoice.ts";
import { element, group, limited } from "../markup.ts";

const reference = (name: string, id: string | null, more = ""): string =>
  id ? group(name, element("cbc:ID", limited(id, 200)) + more) : "";

/** UNTDID 1001: the object a document is about (BT-18), and a project where the schema has no place for one (BT-11). */
const INVOICED_OBJECT = "130";
const PROJECT = "50";

const typed = (id: string | null, typeCode: string): string =>
  reference("cac:AdditionalDocumentReference", id, element("cbc:DocumentTypeCode", typeCode));

/** Supporting documents, BG-24. A type code would turn them into the invoiced object, so theirs goes unwritten. */
const supporting = (invoice: Invoice): string =>
  (invoice.ublExtensions?.additionalDocumentReferences ?? [])
    .map((entry) =>
      reference(
        "cac:AdditionalDocumentReference",
        entry.id,
        element("cbc:DocumentDescription", limited(entry.documentDescription, 100)),
      ),
    )
    .join("");

/** The document that is reversed or corrected, BG-3. */
const preceding = ({ parent }: IssuableDocument): string =>
  parent
    ? group(
        "cac:BillingReference",
        reference("cac:InvoiceDocumentReference", parent.number, element("cbc:IssueDate", parent.issueDate)),
      )
    : "";

/** All references between the header and the parties; the two schemas order them differently. */
export function references(document: IssuableDocument, isCreditNote: boolean): string {
  const { invoice } = document;
  const originator = reference("cac:OriginatorDocumentReference", invoice.tenderOrLotReference);
  const contract = reference("cac:ContractDocumentReference", invoice.contractNumber);
  const additional = typed(invoice.invoicedObjectIdentifier, INVOICED_OBJECT) + supporting(invoice);
  return (
    reference("cac:OrderReference", invoice.orderNumber) +
    preceding(document) +
    reference("cac:DespatchDocumentReference", invoice.despatchAdviceReference) +
    reference("cac:ReceiptDocumentReference", invoice.receivingAdviceReference) +
    (isCreditNote
      ? contract + additional + typed(invoice.projectReference, PROJECT) + originator
      : originator + contract + additional + reference("cac:ProjectReference", invoice.projectReference))
  );
}
