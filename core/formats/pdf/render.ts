import type { PDFDocument } from "pdf-lib";
import type { IssuableDocument } from "#core/model/invoice.ts";
import type { Language } from "#core/model/words.ts";
import { drawFeet, drawRemarks } from "./foot.ts";
import { drawHead } from "./head.ts";
import { Sheet } from "./sheet.ts";
import { drawSums } from "./sums.ts";
import { drawLines } from "./table.ts";
import { wordsOf } from "./words.ts";

/**
 * The printed document, A4, in the invoice's language unless another is asked for. It shows the sums of the XML to the
 * cent (DECISIONS 18). Every text can be searched and copied, diacritics included; the same document gives the same
 * bytes.
 */
export async function renderPdf(document: IssuableDocument, options: Options = {}): Promise<Uint8Array> {
  const pdf = await drawPdf(document, options);
  return pdf.save();
}

interface Options {
  readonly language?: Language | undefined;
}

/** The same as an open document, for who adds to it before it is saved. */
export async function drawPdf(document: IssuableDocument, options: Options = {}): Promise<PDFDocument> {
  const { invoice, seller } = document;
  const language = options.language ?? invoice.language;
  const words = wordsOf[language];
  const sheet = await Sheet.open();
  drawHead(sheet, document, words, language);
  drawLines(sheet, invoice, words, language);
  drawSums(sheet, document, words, language);
  drawRemarks(sheet, document, words, language);
  drawFeet(sheet, document, words);

  const made = new Date(invoice.updatedAt);
  const { document: pdf } = sheet;
  pdf.setTitle(`${words.invoice} ${invoice.number}`, { showInWindowTitleBar: true });
  pdf.setAuthor(seller.name);
  pdf.setLanguage(language);
  pdf.setCreationDate(made);
  pdf.setModificationDate(made);
  return pdf;
}
