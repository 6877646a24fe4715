import { AFRelationship, PDFArray, type PDFDocument, PDFHexString, PDFName, PDFString } from "pdf-lib";
import { drawPdf } from "#core/formats/pdf/render.ts";
import type { Instant } from "#core/lib/dates.ts";
import { sha256 } from "#core/lib/ids.ts";
import type { IssuableDocument } from "#core/model/invoice.ts";
import { type About, metadataOf, XML_NAME } from "./metadata.ts";
import { srgbProfile } from "./srgb.ts";

const PROGRAM = "Storno, open and serverless";

/**
 * The printed invoice with its XML inside: Factur-X 1.0 of profile EN 16931, a PDF/A-3b. `xml` is the same document as a
 * Cross Industry Invoice of that profile. The same document and XML always give the same bytes.
 */
export async function writeFacturX(document: IssuableDocument, xml: Uint8Array): Promise<Uint8Array> {
  const pdf = await drawPdf(document);
  // Times in a PDF know no milliseconds, and both places must say the same.
  const made: Instant = `${document.invoice.updatedAt.slice(0, 19)}Z`;
  const about: About = {
    title: pdf.getTitle() ?? document.invoice.number,
    author: pdf.getAuthor() ?? document.seller.name,
    creator: PROGRAM,
    producer: PROGRAM,
    made,
  };
  describe(pdf, about);
  nameColours(pdf);
  await embed(pdf, xml, made);
  identify(pdf, sha256(xml));
  return pdf.save({ useObjectStreams: false });
}

/** What the PDF says of itself, in its Info dictionary and again as XMP. */
function describe(pdf: PDFDocument, about: About): void {
  const made = new Date(about.made);
  pdf.setCreator(about.creator);
  pdf.setProducer(about.producer);
  pdf.setCreationDate(made);
  pdf.setModificationDate(made);
  const { context, catalog } = pdf;
  // Not compressed, so that programs which know no PDF find it.
  const metadata = context.stream(metadataOf(about), { Type: "Metadata", Subtype: "XML" });
  catalog.set(PDFName.of("Metadata"), context.register(metadata));
}

/** Which colours are meant by the numbers on the page. */
function nameColours({ context, catalog }: PDFDocument): void {
  const profile = context.register(context.flateStream(srgbProfile(), { N: 3 }));
  const intent = context.obj({
    Type: "OutputIntent",
    S: "GTS_PDFA1",
    OutputConditionIdentifier: PDFString.of("sRGB IEC61966-2.1"),
    Info: PDFString.of("sRGB IEC61966-2.1"),
    DestOutputProfile: profile,
  });
  catalog.set(PDFName.of("OutputIntents"), context.obj([context.register(intent)]));
}

/** The XML as a file of the whole document, of which the pages are another form (`Alternative`). */
async function embed(pdf: PDFDocument, xml: Uint8Array, made: Instant): Promise<void> {
  const time = new Date(made);
  await pdf.attach(xml, XML_NAME, {
    mimeType: "text/xml",
    description: "Factur-X invoice",
    creationDate: time,
    modificationDate: time,
    afRelationship: AFRelationship.Alternative,
  });
  await pdf.flush();
}

/** PDF/A wants every file to have an identity (ISO 19005-3, 6.1.3). */
function identify({ context }: PDFDocument, hash: string): void {
  const id = PDFHexString.of(hash.slice(0, 32));
  const ids = PDFArray.withContext(context);
  ids.push(id);
  ids.push(id);
  context.trailerInfo.ID = ids;
}
