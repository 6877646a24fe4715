import { signOf } from "#core/formats/received/amounts.ts";
import {
  type ParsedAttachment,
  parsedAttachment,
  type ParsedDocument,
} from "#core/formats/received/document.ts";
import { Reader } from "#core/formats/received/reader.ts";
import { Decimal, type DecimalText, sum } from "#core/lib/decimal.ts";
import { localName, namespaceOf, root, type XmlDocument } from "#core/lib/xml/index.ts";
import type { XmlNode } from "#core/lib/xml/index.ts";
import type { InvoiceLine, InvoiceTotals } from "#core/model/invoice.ts";
import type { PaymentAccount } from "#core/model/party.ts";
import { dayIn } from "./days.ts";
import { accountIn, currencyOf, parseHeader, type Parts, vatTotalIn } from "./parse-header.ts";
import { isCounted, parseLine } from "./parse-lines.ts";
import { parseParty } from "./parse-party.ts";

/** The namespace of the document in D16B and in its successors up to now, D22B among them. */
const NAMESPACE = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";

/** UNTDID 1001 codes of documents that credit; in this syntax only the code (BT-3) tells them from invoices. */
const CREDITING: ReadonlySet<string | null> = new Set("81 83 261 262 296 308 381 396 420 458 532".split(" "));

/** Whether a document is a UN/CEFACT Cross Industry Invoice, by its root. */
export const isCii = (doc: XmlDocument): boolean =>
  localName(doc, root(doc)) === "CrossIndustryInvoice" && namespaceOf(doc, root(doc)) === NAMESPACE;

/**
 * Reads a Cross Industry Invoice (EN 16931-3-3, which Factur-X and XRechnung use too), which the document must be.
 * Everything but its root may be missing or odd.
 */
export function readCii(doc: XmlDocument): ParsedDocument {
  const reader = new Reader(doc);
  const top = root(doc);
  const exchanged = reader.node(top, "ExchangedDocument");
  const context = reader.node(top, "ExchangedDocumentContext");
  const transaction = reader.node(top, "SupplyChainTradeTransaction");
  const parts: Parts = {
    agreement: reader.node(transaction, "ApplicableHeaderTradeAgreement"),
    delivery: reader.node(transaction, "ApplicableHeaderTradeDelivery"),
    settlement: reader.node(transaction, "ApplicableHeaderTradeSettlement"),
  };
  const typeCode = reader.text(exchanged, "TypeCode");
  const isCreditNote = CREDITING.has(typeCode);
  const stated = statedTotals(reader, parts);
  const sign = signOf(isCreditNote, stated.total);
  const lines = reader
    .nodes(transaction, "IncludedSupplyChainTradeLineItem")
    .filter((line) => isCounted(reader, line))
    .map((line, at) => parseLine(reader, line, at + 1, sign));
  const bankAccounts = accounts(reader, parts);
  const [first] = bankAccounts;
  return {
    documentType: isCreditNote ? "credit_note" : "invoice",
    typeCode,
    customizationId: parameter(reader, context, "Guideline"),
    number: reader.text(exchanged, "ID"),
    issueDate: dayIn(reader, exchanged, "IssueDateTime"),
    header: {
      ...parseHeader(reader, exchanged, parts, sign),
      businessProcessType: parameter(reader, context, "BusinessProcess"),
    },
    supplier: {
      ...parseParty(reader, reader.node(parts.agreement, "SellerTradeParty")),
      bankAccount: first?.iban ?? null,
      bankName: first?.bankName ?? null,
    },
    buyer: parseParty(reader, reader.node(parts.agreement, "BuyerTradeParty")),
    lines,
    totals: totalsOf(stated, lines, sign < 0),
    bankAccounts,
    parent: parentOf(reader, parts),
    attachments: attachments(reader, parts),
  };
}

/** BT-23 and BT-24. */
const parameter = (
  reader: Reader,
  context: XmlNode | undefined,
  kind: "BusinessProcess" | "Guideline",
): string | null => reader.text(context, `${kind}SpecifiedDocumentContextParameter`, "ID");

interface StatedTotals {
  readonly lines: Decimal | null; // BT-106
  readonly taxExclusive: Decimal | null; // BT-109
  readonly vat: Decimal | null; // BT-110
  readonly total: Decimal | null; // BT-112, else BT-115
  readonly payable: Decimal | null; // BT-115
}

function statedTotals(reader: Reader, parts: Parts): StatedTotals {
  const sums = reader.node(parts.settlement, "SpecifiedTradeSettlementHeaderMonetarySummation");
  const payable = reader.decimal(sums, "DuePayableAmount");
  return {
    lines: reader.decimal(sums, "LineTotalAmount"),
    taxExclusive: reader.decimal(sums, "TaxBasisTotalAmount"),
    vat: vatTotalIn(reader, parts.settlement, currencyOf(reader, parts)),
    total: reader.decimal(sums, "GrandTotalAmount") ?? payable,
    payable,
  };
}

/** What the lesser profiles leave out is worked out of the rest: the smallest one states no sum of its lines. */
function totalsOf(stated: StatedTotals, lines: readonly InvoiceLine[], isTurned: boolean): InvoiceTotals {
  const total = stated.total ?? Decimal.zero;
  const vat = stated.vat ?? total.minus(stated.taxExclusive ?? total);
  const write = (value: Decimal): DecimalText => (isTurned ? value.negated() : value).text();
  return {
    subtotal: write(stated.lines ?? stated.taxExclusive ?? total.minus(vat)),
    vatTotal: write(vat),
    total: write(total),
    discount: sum(lines.map((line) => line.discount)).text(),
    payable: write(stated.payable ?? total),
  };
}

function attachments(reader: Reader, { agreement }: Parts): ParsedAttachment[] {
  return reader.nodes(agreement, "AdditionalReferencedDocument").flatMap((node) => {
    const file = reader.node(node, "AttachmentBinaryObject");
    if (file === undefined) return [];
    return [
      parsedAttachment(reader.whole(file) ?? "", {
        filename: reader.attribute(file, "filename") ?? reader.text(node, "IssuerAssignedID"),
        mimeType: reader.attribute(file, "mimeCode"),
        description: reader.text(node, "Name"),
      }),
    ];
  });
}

function accounts(reader: Reader, parts: Parts): PaymentAccount[] {
  const currency = currencyOf(reader, parts);
  return reader.nodes(parts.settlement, "SpecifiedTradeSettlementPaymentMeans").flatMap((means) => {
    const account = accountIn(reader, means);
    return account ? [{ ...account, currency }] : [];
  });
}

/** The document that is credited or corrected, BG-3. */
function parentOf(reader: Reader, { settlement }: Parts): ParsedDocument["parent"] {
  const reference = reader.node(settlement, "InvoiceReferencedDocument");
  const number = reader.text(reference, "IssuerAssignedID");
  return number === null ? null : { number, issueDate: dayIn(reader, reference, "FormattedIssueDateTime") };
}
