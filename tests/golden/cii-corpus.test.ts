import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import type { ParsedDocument } from "#core/formats/received/document.ts";
import { parseInvoice } from "#core/formats/received/parse.ts";
import { Decimal, sum } from "#core/lib/decimal.ts";

const corpus = resolve(import.meta.dirname, "../../../shared/conformance/corpus");
const hasCorpus = existsSync(corpus);
if (!hasCorpus) console.log("The conformance corpus is not here: foreign CII documents are not read.");

/** Another parser than ours, so that what is compared was read twice. */
const other = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  parseTagValue: false,
  parseAttributeValue: false,
  alwaysCreateTextNode: true,
});

type Tree = { [name: string]: Tree | Tree[] } & { readonly "#text"?: string };

const all = (from: Tree | undefined, name: string): Tree[] => {
  const found = from?.[name];
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
};
const at = (from: Tree | undefined, path: string): Tree | undefined =>
  path.split("/").reduce<Tree | undefined>((found, name) => all(found, name)[0], from);
const textAt = (from: Tree | undefined, path: string): string | null =>
  (at(from, path)?.["#text"] ?? "").trim() || null;

/** What a document says, found by path: no model, no signs, no defaults. */
function quickLook(xml: string) {
  const top = (other.parse(xml) as Tree)["CrossIndustryInvoice"] as Tree;
  const transaction = at(top, "SupplyChainTradeTransaction");
  const sums = "ApplicableHeaderTradeSettlement/SpecifiedTradeSettlementHeaderMonetarySummation";
  const currency = textAt(transaction, "ApplicableHeaderTradeSettlement/InvoiceCurrencyCode");
  const lines = all(transaction, "IncludedSupplyChainTradeLineItem").filter(
    (line) =>
      !/GROUP|INFORMATION/.test(textAt(line, "AssociatedDocumentLineDocument/LineStatusReasonCode") ?? ""),
  );
  const seller = at(transaction, "ApplicableHeaderTradeAgreement/SellerTradeParty");
  return {
    number: textAt(top, "ExchangedDocument/ID"),
    day: textAt(top, "ExchangedDocument/IssueDateTime/DateTimeString"),
    type: textAt(top, "ExchangedDocument/TypeCode"),
    currency,
    seller: textAt(seller, "Name"),
    sellerVatId: all(seller, "SpecifiedTaxRegistration")
      .map((entry) => at(entry, "ID"))
      .find((id) => /^VAT?$/.test(String((id as Record<string, unknown> | undefined)?.["@_schemeID"])))?.[
      "#text"
    ],
    total: textAt(transaction, `${sums}/GrandTotalAmount`),
    payable: textAt(transaction, `${sums}/DuePayableAmount`),
    lineTotal: textAt(transaction, `${sums}/LineTotalAmount`),
    allowances: textAt(transaction, `${sums}/AllowanceTotalAmount`),
    charges: textAt(transaction, `${sums}/ChargeTotalAmount`),
    vat: all(at(transaction, sums), "TaxTotalAmount").find(
      (entry) => (entry as Record<string, unknown>)["@_currencyID"] === currency,
    )?.["#text"],
    lines: lines.map((line) => ({
      quantity: textAt(line, "SpecifiedLineTradeDelivery/BilledQuantity"),
      net: textAt(
        line,
        "SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
      ),
    })),
    files: all(at(transaction, "ApplicableHeaderTradeAgreement"), "AdditionalReferencedDocument")
      .flatMap((entry) => all(entry, "AttachmentBinaryObject"))
      .map((file) => Buffer.from(file["#text"] ?? "", "base64").length),
  };
}

const isNumber = (written: string | null | undefined): written is string =>
  /^-?\d+(\.\d+)?$/.test(written ?? "");

/** One document has the thirteenth month of 2015. */
function dayOf(written: string | null): string | null {
  const day = written?.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3") ?? "";
  return Number.isNaN(Date.parse(day)) ? null : day;
}

/** What the quick look found, in the form of the model: figures that are none keep what was read. */
function expectedOf(found: ReturnType<typeof quickLook>, read: ReturnType<typeof seen>) {
  const isCreditNote = found.type === "381";
  const isTurned = isCreditNote && !(found.total ?? found.payable ?? "").startsWith("-");
  const figure = (written: string | null | undefined, otherwise: string | undefined) =>
    isNumber(written)
      ? Decimal.from(written)
          .times(isTurned ? -1 : 1)
          .text()
      : otherwise;
  return {
    number: found.number,
    issueDate: dayOf(found.day),
    documentType: isCreditNote ? "credit_note" : "invoice",
    currency: found.currency ?? "RON",
    seller: found.seller?.replaceAll("&amp;", "&") ?? "",
    sellerVatId: found.sellerVatId?.trim() || null,
    total: figure(found.total, read.total),
    payable: figure(found.payable, read.payable),
    subtotal: figure(found.lineTotal, read.subtotal),
    vatTotal: figure(found.vat, read.vatTotal),
    lines: found.lines.map(({ quantity, net }, n) => ({
      quantity: figure(quantity, read.lines[n]?.quantity),
      net: figure(net, read.lines[n]?.net),
    })),
    files: found.files.map((size) => ({ size, said: size })),
  };
}

/** The same of what our reader made of it. */
const seen = ({ totals, ...read }: ParsedDocument) => ({
  number: read.number,
  issueDate: read.issueDate,
  documentType: read.documentType,
  currency: read.header.currency,
  seller: read.supplier.name,
  sellerVatId: read.supplier.vatCode,
  total: totals.total,
  payable: totals.payable,
  subtotal: totals.subtotal,
  vatTotal: totals.vatTotal,
  lines: read.lines.map(({ quantity, lineTotal }) => ({ quantity, net: lineTotal })),
  files: read.attachments.map((file) => ({ size: file.content().length, said: file.sizeBytes })),
});

describe.skipIf(!hasCorpus)("Cross Industry Invoices of many origins", () => {
  const names = hasCorpus ? readdirSync(corpus).filter((name) => name.endsWith(".xml")) : [];
  const documents = names
    .map((name) => ({ name, bytes: readFileSync(`${corpus}/${name}`) }))
    .filter(({ bytes }) => bytes.includes("CrossIndustryInvoice"))
    .map(({ name, bytes }) => ({ name, bytes, found: quickLook(bytes.toString("utf8")) }));

  it("are all read, and say what another parser finds in them", () => {
    for (const { name, bytes, found } of documents) {
      const read = seen(parseInvoice(bytes));
      expect(read, name).toEqual(expectedOf(found, read));
    }
    expect(documents.length).toBeGreaterThan(170);
  });

  it("have lines, allowances and charges that make their totals wherever the sender's own do", () => {
    const sound = documents.filter(({ found: { lines, lineTotal } }) => {
      const isWhole = lines.length > 0 && isNumber(lineTotal) && lines.every(({ net }) => isNumber(net));
      return isWhole && sum(lines.map(({ net }) => net!)).equals(lineTotal);
    });
    for (const { name, bytes, found } of sound) {
      const { lines, totals, header } = parseInvoice(bytes);
      expect(sum(lines.map((line) => line.lineTotal)).text(), name).toBe(totals.subtotal);
      const entries = header.ublExtensions?.allowanceCharges ?? [];
      const net = Decimal.from(found.charges ?? 0)
        .minus(found.allowances ?? 0)
        .abs();
      const ours = sum(
        entries.map(({ amount, chargeIndicator }) => Decimal.from(amount).times(chargeIndicator ? 1 : -1)),
      );
      expect(ours.abs().text(), name).toBe(net.text());
    }
    expect(sound.length).toBeGreaterThan(140);
  });
});
