import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseInvoice } from "#core/formats/received/parse.ts";
import { writeUbl } from "#core/formats/ubl/index.ts";
import { DomainError } from "#core/lib/error.ts";
import { XmlError } from "#core/lib/xml/index.ts";
import { DOCUMENTS } from "./documents.ts";

describe("parseInvoice reads what writeUbl wrote", () => {
  it.each(Object.entries(DOCUMENTS))("%s", (_name, { invoice, seller, buyer, parent }) => {
    const read = parseInvoice(
      writeUbl({ invoice, seller, buyer, parent, bankAccounts: invoice.bankAccounts }),
    );
    expect(read.documentType).toBe(invoice.documentType);
    expect(read.number).toBe(invoice.number);
    expect(read.parent).toEqual(parent);
    const { subtotal, vatTotal, total, payable } = invoice;
    expect(read.totals).toMatchObject({ subtotal, vatTotal, total, payable });
    expect(read.lines.map((line) => line.lineTotal)).toEqual(invoice.lines.map((line) => line.lineTotal));
    expect(read.lines.map((line) => line.quantity)).toEqual(invoice.lines.map((line) => line.quantity));
    expect(read.lines.map((line) => line.vatRate)).toEqual(invoice.lines.map((line) => line.vatRate));
    expect(read.lines.map((line) => line.unitOfMeasure)).toEqual(
      invoice.lines.map((line) => line.unitOfMeasure),
    );
    expect(read.supplier).toMatchObject({ name: seller.name, cif: seller.cif, address: seller.address });
    expect(read.buyer).toMatchObject({ name: buyer.name, type: buyer.type, country: buyer.country });
    const { dueDate, currency, orderNumber, contractNumber, projectReference, taxPointDate } = invoice;
    expect(read.header).toMatchObject({
      dueDate,
      currency,
      orderNumber,
      contractNumber,
      projectReference,
      taxPointDate,
    });
    expect(read.header.ublExtensions?.delivery?.actualDeliveryDate).toBe(
      invoice.ublExtensions?.delivery?.actualDeliveryDate,
    );
  });

  it("the VAT rate of exchange comes back from the two VAT totals", () => {
    expect(parseInvoice(writeUbl(DOCUMENTS["380-euro"]!)).header.exchangeRate).toBe("5.0911");
  });
});

const corpus = resolve(import.meta.dirname, "../../../shared/conformance/corpus");
const hasCorpus = existsSync(corpus);
if (!hasCorpus) console.log("The conformance corpus is not here: foreign documents are not parsed.");

describe.skipIf(!hasCorpus)("parseInvoice on documents of many origins, broken ones included", () => {
  it("reads each UBL invoice or refuses it in words, and never fails otherwise", () => {
    const answers = { read: 0, refused: 0 };
    for (const name of readdirSync(corpus)) {
      if (!name.endsWith(".xml")) continue;
      try {
        const { totals, lines } = parseInvoice(readFileSync(`${corpus}/${name}`));
        expect(totals.total, name).toMatch(/^-?\d/);
        for (const line of lines) expect(line.lineTotal, name).toMatch(/^-?\d/);
        answers.read += 1;
      } catch (error) {
        if (!(error instanceof DomainError || error instanceof XmlError)) throw error;
        answers.refused += 1;
      }
    }
    expect(answers.read).toBeGreaterThan(2000);
    expect(answers.refused).toBeGreaterThan(100);
  });
});
