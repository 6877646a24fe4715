import type { Day } from "#core/lib/dates.ts";
import { Decimal, sum } from "#core/lib/decimal.ts";
import type { DecimalText } from "#core/lib/decimal.ts";
import { malformed } from "#core/lib/error.ts";
import { localName, namespaceOf, parseXml, root } from "#core/lib/xml/index.ts";
import type { XmlNode } from "#core/lib/xml/index.ts";
import type { InvoiceLine, InvoiceTotals } from "#core/model/invoice.ts";
import type { HeaderFields } from "#core/model/invoice-input.ts";
import type { Party, PaymentAccount } from "#core/model/party.ts";
import type { DocumentType } from "#core/model/words.ts";
import { embedded, ownTaxTotal, parseHeader } from "./parse-header.ts";
import { parseLine, type Sign } from "./parse-lines.ts";
import { parseParty } from "./parse-party.ts";
import { Reader } from "./reader.ts";

/** A file inside a received document. Its bytes are decoded only when asked for. */
export interface ParsedAttachment {
  filename: string;
  mimeType: string;
  description: string | null;
  sizeBytes: number;
  content: () => Uint8Array;
}

/** A received document in the words of the model, as far as it could be read. */
export interface ParsedDocument {
  documentType: DocumentType;
  /** BT-3 as written, which on received documents may be any UNTDID 1001 code. */
  typeCode: string | null;
  customizationId: string | null;
  number: string | null;
  /** BT-2; the header's issueDate is empty text when it could not be read. */
  issueDate: Day | null;
  header: HeaderFields;
  supplier: Party;
  buyer: Party;
  lines: InvoiceLine[];
  /** As the sender stated them, with the sign of our model: negative for what is credited. */
  totals: InvoiceTotals;
  bankAccounts: PaymentAccount[];
  parent: { number: string; issueDate: Day | null } | null;
  attachments: ParsedAttachment[];
}

const NAMESPACES = /^urn:oasis:names:specification:ubl:schema:xsd:(Invoice|CreditNote)-2$/;

/**
 * Reads a UBL Invoice or CreditNote that somebody sent. Only the root must be right; everything else may be missing or
 * odd. Throws XmlError when the bytes are not safe XML, `malformed` when the document is something else.
 */
export function parseUbl(bytes: Uint8Array | string): ParsedDocument {
  const doc = parseXml(bytes);
  const top = root(doc);
  const kind = NAMESPACES.exec(namespaceOf(doc, top))?.[1];
  if (kind === undefined || localName(doc, top) !== kind)
    throw malformed({ file: "is not a UBL 2.1 Invoice or CreditNote" });
  const reader = new Reader(doc);
  const isCreditNote = kind === "CreditNote";
  const sign = signOf(reader, top, isCreditNote);
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

/**
 * A credit note credits, however its sender wrote the figures: the schema wants them positive, but many programs write
 * them negative. Invoices mean what they say.
 */
function signOf(reader: Reader, top: XmlNode, isCreditNote: boolean): Sign {
  const sums = reader.node(top, "LegalMonetaryTotal");
  const total = reader.decimal(sums, "TaxInclusiveAmount") ?? reader.decimal(sums, "PayableAmount");
  return isCreditNote && (total === null || total.sign >= 0) ? -1 : 1;
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
    const base64 = (reader.whole(file) ?? "").replace(/\s+/g, "");
    return [
      {
        filename: reader.attribute(file, "filename") ?? reader.text(node, "ID") ?? "attachment",
        mimeType: reader.attribute(file, "mimeCode") ?? "application/octet-stream",
        description: reader.text(node, "DocumentDescription"),
        sizeBytes: Math.floor((base64.replace(/=+$/, "").length * 3) / 4),
        content: () => Buffer.from(base64, "base64"),
      },
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
