import { extractText, getDocumentProxy } from "unpdf";
import { describe, expect, it } from "vitest";
import { LANGUAGES, type Language } from "#core/model/words.ts";
import { BUYER, DOCUMENTS, documentFrom, LONG_DOCUMENT } from "../../../tests/golden/documents.ts";
import { renderPdf } from "./render.ts";
import { printedDay, printedNumber } from "./numbers.ts";
import { wordsOf } from "./words.ts";

/** The text of each page, as a reader's search would find it. */
async function pagesOf(pdf: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)));
  return text.map((page) => page.replaceAll(/\s+/g, " "));
}
const textOf = async (pdf: Uint8Array) => (await pagesOf(pdf)).join(" ");

describe("renderPdf", () => {
  it.each(LANGUAGES.map((language) => [language]))(
    "prints title, parties and sums in %s",
    async (language: Language) => {
      const document = DOCUMENTS["380-everything"]!;
      const text = await textOf(await renderPdf(document, { language }));
      const words = wordsOf[language];
      for (const word of [
        words.invoice,
        words.totalWithoutVat,
        words.payable,
        words.dueDate,
        words.noSignature,
      ])
        expect(text).toContain(word);
      expect(text).toContain("Cumpărător & Fiii SRL");
      expect(text.replaceAll("\u00A0", " ")).toContain(
        printedNumber(document.invoice.payable, language).replaceAll("\u00A0", " "),
      );
    },
  );

  it("keeps every Romanian letter as text", async () => {
    const letters = "ăâîșț ĂÂÎȘȚ şţ „Țăndărică”";
    const document = documentFrom({ lines: [{ description: letters, quantity: 1, unitPrice: 1 }] });
    expect(await textOf(await renderPdf(document))).toContain(letters);
  });

  it("keeps Greek, Cyrillic and Polish names as text", async () => {
    const name = "Παράδειγμα Пример Żółć";
    const document = documentFrom(
      { lines: [{ description: "x", quantity: 1, unitPrice: 1 }] },
      { buyer: { ...BUYER, name } },
    );
    expect(await textOf(await renderPdf(document))).toContain(name);
  });

  it("repeats the head on every page and carries the sums", async () => {
    const pages = await pagesOf(await renderPdf(LONG_DOCUMENT));
    expect(pages.length).toBeGreaterThan(10);
    const { item, carriedForward, broughtForward } = wordsOf.ro;
    for (const [i, page] of pages.slice(0, -1).entries()) {
      expect(page).toContain(item);
      const [, carried] = new RegExp(`${carriedForward} (\\S+ \\S+)`).exec(page) ?? [];
      expect(carried).toBeDefined();
      expect(pages[i + 1]).toContain(`${broughtForward} ${carried}`);
    }
    expect(pages.at(-1)).toContain(`Pagina ${pages.length} din ${pages.length}`);
  });

  it("breaks a description longer than a page without losing a word", async () => {
    const words = Array.from({ length: 900 }, (_, i) => `cuvânt${i}`);
    const { invoice, ...rest } = DOCUMENTS["380-simple"]!;
    const lines = [{ ...invoice.lines[0]!, description: words.join(" ") }];
    const pages = await pagesOf(await renderPdf({ ...rest, invoice: { ...invoice, lines } }));
    expect(pages.length).toBeGreaterThan(1);
    const text = pages.join(" ");
    for (const word of words) expect(text).toContain(word);
  });

  it("marks drafts and cancelled documents", async () => {
    const { invoice, ...rest } = DOCUMENTS["380-simple"]!;
    const stamped = async (status: "draft" | "cancelled") =>
      textOf(await renderPdf({ ...rest, invoice: { ...invoice, status } }));
    expect(await stamped("draft")).toContain("CIORNĂ");
    expect(await stamped("cancelled")).toContain("ANULATĂ");
    expect(await textOf(await renderPdf(DOCUMENTS["380-simple"]!))).not.toMatch(/CIORNĂ|ANULATĂ/);
  });

  it.each(Object.entries(DOCUMENTS))("prints %s with the sums of its XML", async (_, document) => {
    const { invoice } = document;
    const text = await textOf(await renderPdf(document));
    for (const amount of [invoice.vatTotal, invoice.payable])
      expect(text).toContain(printedNumber(amount, "ro"));
    expect(text).toContain(invoice.number);
  });

  it("gives the same bytes for the same document", async () => {
    const [first, second] = [
      await renderPdf(DOCUMENTS["380-euro"]!),
      await renderPdf(DOCUMENTS["380-euro"]!),
    ];
    expect(Buffer.compare(first, second)).toBe(0);
  });

  it("is small: only the glyphs that are used are embedded", async () => {
    expect((await renderPdf(DOCUMENTS["380-simple"]!)).length).toBeLessThan(25_000);
  });
});

describe("printed numbers and days", () => {
  it.each([
    ["ro", "1.234.567,89", "−1.000,00", "0,123456", "20.11.2026"],
    ["de", "1.234.567,89", "−1.000,00", "0,123456", "20.11.2026"],
    ["en", "1,234,567.89", "−1,000.00", "0.123456", "20 Nov 2026"],
    ["fr", "1\u00A0234\u00A0567,89", "−1\u00A0000,00", "0,123456", "20/11/2026"],
  ] as const)("follow the custom of %s", (language, large, negative, small, day) => {
    expect(printedNumber("1234567.89", language)).toBe(large);
    expect(printedNumber("-1000", language)).toBe(negative);
    expect(printedNumber("0.123456", language)).toBe(small);
    expect(printedNumber("10", language, 0)).toBe("10");
    expect(printedDay("2026-11-20", language)).toBe(day);
  });
});
