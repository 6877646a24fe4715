import { type Sign, signOf } from "#core/formats/received/amounts.ts";
import {
  type ParsedAttachment,
  parsedAttachment,
  type ParsedDocument,
} from "#core/formats/received/document.ts";
import { Reader } from "#core/formats/received/reader.ts";
import { Decimal, sum } from "#core/lib/decimal.ts";
import type { DecimalText } from "#core/lib/decimal.ts";
import { localName, namespaceOf, root } from "#core/lib/xml/index.ts";
import type { XmlDocument, XmlNode } from "#core/lib/xml/index.ts";
import type { InvoiceLine, InvoiceTotals } from "#core/model/invoice.ts";
import type { Party, PaymentAccount } from "#core/model/party.ts";
import { embedded, ownTaxTotal, parseHeader } from "./parse-header.ts";
import { parseLine } from "./parse-lines.ts";
import { parseParty } from "./parse-party.ts";

const NAMESPACES = /^urn:oasis:names:specification:ubl:schema:xsd:(Invoice|CreditNote)-2$/;

/** Whether a document is a UBL Invoice or CreditNote, by its root. */
export const isUbl = (doc: XmlDocument): boolean => kindOf(doc) !== undefined;

function kindOf(doc: XmlDocument): string | undefined {
  const kind = NAMESPACES.exec(namespaceOf(doc, root(doc)))?.[1];
  return kind === localName(doc, root(doc)) ? kind : undefined;
}

/** Reads a UBL Invoice or CreditNote, which the document must be. Everything but its root may be missing or odd. */
export function readUbl(doc: XmlDocument): ParsedDocument {
  const top = root(doc);
  const reader = new Reader(doc);
  const isCreditNote = kindOf(doc) === "CreditNote";
  const sign = signIn(reader, top, isCreditNote);
  const lines = reader
    .nodes(top, isCreditNote ? "CreditNoteLine" : "InvoiceLine")
    .map((line, at) => parseLine(reader, line, at + 1, sign));
  const issueDate = reader.day(top, "IssueDate");
  return {
    documentType: isCreditNote ? "credit_note" : "invoice",
    typeCode: reader.text(top, isCreditNote ? "CreditNoteTypeCode" : "InvoiceTypeCode"),
    customizationId: reader.text(top, "CustomizationID"),
    number: reader.text(top, "ID"),
    issueDate,
    header: parseHeader(reader, top, issueDate, sign),
    supplier: withAccount(
      parseParty(reader, reader.node(top, "AccountingSupplierParty", "Party")),
      reader,
      top,
    ),
    buyer: parseParty(reader, reader.node(top, "AccountingCustomerParty", "Party")),
    lines,
    totals: totals(reader, top, sign, lines),
    bankAccounts: accounts(reader, top),
    parent: parentOf(reader, top),
    attachments: attachments(reader, top),
  };
}

/** The sign of its totals tells how a credit note was written. */
function signIn(reader: Reader, top: XmlNode, isCreditNote: boolean): Sign {
  const sums = reader.node(top, "LegalMonetaryTotal");
  return signOf(
    isCreditNote,
    reader.decimal(sums, "TaxInclusiveAmount") ?? reader.decimal(sums, "PayableAmount"),
  );
}

function totals(reader: Reader, top: XmlNode, sign: Sign, lines: readonly InvoiceLine[]): InvoiceTotals {
  const sums = reader.node(top, "LegalMonetaryTotal");
  const own = ownTaxTotal(reader, top);
  const read = (name: string) => reader.decimal(sums, name);
  const total = read("TaxInclusiveAmount") ?? read("PayableAmount") ?? Decimal.zero;
  const vat = reader.decimal(own, "TaxAmount") ?? total.minus(read("TaxExclusiveAmount") ?? total);
  const write = (value: Decimal): DecimalText => (sign < 0 ? value.negated() : value).text();
  return {
    subtotal: write(read("LineExtensionAmount") ?? read("TaxExclusiveAmount") ?? total.minus(vat)),
    vatTotal: write(vat),
    total: write(total),
    discount: sum(lines.map((line) => line.discount)).text(),
    payable: write(read("PayableAmount") ?? total),
  };
}

function attachments(reader: Reader, top: XmlNode): ParsedAttachment[] {
  return reader.nodes(top, "AdditionalDocumentReference").flatMap((node) => {
    const file = embedded(reader, node);
    if (file === undefined) return [];
    return [
      parsedAttachment(reader.whole(file) ?? "", {
        filename: reader.attribute(file, "filename") ?? reader.text(node, "ID"),
        mimeType: reader.attribute(file, "mimeCode"),
        description: reader.text(node, "DocumentDescription"),
      }),
    ];
  });
}

function accounts(reader: Reader, top: XmlNode): PaymentAccount[] {
  const currency = reader.text(top, "DocumentCurrencyCode") ?? "RON";
  return reader.nodes(top, "PaymentMeans").flatMap((means) => {
    const iban = reader.text(means, "PayeeFinancialAccount", "ID");
    return iban ? [{ iban, bankName: reader.text(means, "PayeeFinancialAccount", "Name"), currency }] : [];
  });
}

function withAccount(supplier: Party, reader: Reader, top: XmlNode): Party {
  const [first] = accounts(reader, top);
  return { ...supplier, bankAccount: first?.iban ?? null, bankName: first?.bankName ?? null };
}

function parentOf(reader: Reader, top: XmlNode): ParsedDocument["parent"] {
  const reference = reader.node(top, "BillingReference", "InvoiceDocumentReference");
  const number = reader.text(reference, "ID");
  return number === null ? null : { number, issueDate: reader.day(reference, "IssueDate") };
}
