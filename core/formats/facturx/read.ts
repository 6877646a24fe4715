import { decodePDFRawStream, PDFArray, PDFDict, PDFDocument, PDFName, PDFRawStream } from "pdf-lib";

/** The XML inside a Factur-X: the file that the whole document names as its own. Undefined when there is none. */
export async function xmlIn(pdf: Uint8Array): Promise<Uint8Array | undefined> {
  const { catalog, context } = await PDFDocument.load(pdf, { updateMetadata: false });
  const files = context.lookupMaybe(catalog.get(PDFName.of("AF")), PDFArray);
  const file = files && context.lookupMaybe(files.get(0), PDFDict);
  const forms = file && context.lookupMaybe(file.get(PDFName.of("EF")), PDFDict);
  const stream = forms && context.lookup(forms.get(PDFName.of("F")));
  return stream instanceof PDFRawStream ? decodePDFRawStream(stream).decode() : undefined;
}
