import {
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFRawStream,
  PDFString,
} from "pdf-lib";
import { getDocumentProxy } from "unpdf";
import { beforeAll, describe, expect, it } from "vitest";
import { writeCii } from "#core/formats/cii/write.ts";
import { children, descend, localName, parseXml, root, text } from "#core/lib/xml/index.ts";
import { DOCUMENTS } from "../../../tests/golden/documents.ts";
import { srgbProfile } from "./srgb.ts";
import { writeFacturX } from "./write.ts";

const document = DOCUMENTS["380-everything"]!;
const xml = writeCii(document);

let bytes: Uint8Array;
let pdf: PDFDocument;
beforeAll(async () => {
  bytes = await writeFacturX(document, xml);
  pdf = await PDFDocument.load(bytes, { updateMetadata: false });
});

/** Follows names from one dictionary or stream to the next, references resolved. */
function at(from: PDFObject | undefined, ...names: string[]): PDFObject | undefined {
  let found = pdf.context.lookup(from);
  for (const name of names) {
    const dict = found instanceof PDFRawStream ? found.dict : found;
    found = dict instanceof PDFDict ? pdf.context.lookup(dict.get(PDFName.of(name))) : undefined;
  }
  return found;
}
const first = (list: PDFObject | undefined): PDFObject | undefined =>
  list instanceof PDFArray ? pdf.context.lookup(list.get(0)) : undefined;
const streamOf = (object: PDFObject | undefined): Uint8Array =>
  decodePDFRawStream(object as PDFRawStream).decode();
const textOf = (object: PDFObject | undefined): string =>
  object instanceof PDFString || object instanceof PDFHexString ? object.decodeText() : String(object);
const objects = () => pdf.context.enumerateIndirectObjects().map(([, object]) => object);

describe("a Factur-X of profile EN 16931", () => {
  it("carries the XML under its name, as another form of the whole document", async () => {
    const file = first(at(pdf.catalog, "AF"));
    expect(textOf(at(file, "F"))).toBe("factur-x.xml");
    expect(textOf(at(file, "UF"))).toBe("factur-x.xml");
    expect(String(at(file, "AFRelationship"))).toBe("/Alternative");
    const embedded = at(file, "EF", "F");
    expect(Buffer.compare(streamOf(embedded), xml)).toBe(0);
    expect(at(embedded, "Subtype")).toBe(PDFName.of("text/xml"));
    expect(textOf(at(embedded, "Params", "ModDate"))).toMatch(/^D:\d{14}Z$/);
    expect((at(embedded, "Params", "Size") as PDFNumber).asNumber()).toBe(xml.length);
    const names = at(pdf.catalog, "Names", "EmbeddedFiles", "Names") as PDFArray;
    expect(textOf(names.get(0))).toBe("factur-x.xml");
    expect(pdf.context.lookup(names.get(1))).toBe(file);
    // The same by another reader of PDF.
    const attachments = await (await getDocumentProxy(new Uint8Array(bytes))).getAttachments();
    expect([...(attachments?.keys() ?? [])]).toEqual(["factur-x.xml"]);
  });

  it("says in its metadata that it is PDF/A-3b and a Factur-X, and the rest as its Info dictionary does", () => {
    const metadata = at(pdf.catalog, "Metadata") as PDFRawStream;
    expect(metadata.dict.has(PDFName.of("Filter"))).toBe(false);
    const doc = parseXml(metadata.contents);
    const description = descend(doc, root(doc), "RDF", "Description");
    const said = (...path: string[]) => text(doc, descend(doc, description, ...path))?.trim();
    expect([said("part"), said("conformance")]).toEqual(["3", "B"]);
    expect([
      said("DocumentType"),
      said("DocumentFileName"),
      said("Version"),
      said("ConformanceLevel"),
    ]).toEqual(["INVOICE", "factur-x.xml", "1.0", "EN 16931"]);
    const info = pdf.context.lookup(pdf.context.trailerInfo.Info);
    expect(said("title", "Alt", "li")).toBe(textOf(at(info, "Title")));
    expect(said("creator", "Seq", "li")).toBe(textOf(at(info, "Author")));
    expect(said("Producer")).toBe(textOf(at(info, "Producer")));
    expect(said("CreatorTool")).toBe(textOf(at(info, "Creator")));
    for (const [property, key] of [
      ["CreateDate", "CreationDate"],
      ["ModifyDate", "ModDate"],
    ] as const)
      expect(said(property)?.replaceAll(/[-:T]/g, "")).toBe(textOf(at(info, key)).slice(2));
    expect(pdf.getTitle()).toContain(document.invoice.number);
  });

  it("describes each property that PDF/A does not know by itself", () => {
    const doc = parseXml((at(pdf.catalog, "Metadata") as PDFRawStream).contents);
    const description = descend(doc, root(doc), "RDF", "Description")!;
    const schema = descend(doc, description, "schemas", "Bag", "li");
    expect(text(doc, descend(doc, schema, "namespaceURI"))).toBe(
      "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
    );
    const described = children(doc, descend(doc, schema, "property", "Seq")!, "li").map((property) =>
      text(doc, descend(doc, property, "name")),
    );
    const own = children(doc, description)
      .map((node) => localName(doc, node))
      .filter((name) => ["DocumentFileName", "DocumentType", "Version", "ConformanceLevel"].includes(name));
    expect(described.toSorted()).toEqual(own.toSorted());
    expect(own).toHaveLength(4);
  });

  it("says what its colours mean, by a profile that is one", () => {
    const intent = first(at(pdf.catalog, "OutputIntents"));
    expect(String(at(intent, "S"))).toBe("/GTS_PDFA1");
    const profile = at(intent, "DestOutputProfile");
    expect((at(profile, "N") as PDFNumber).asNumber()).toBe(3);
    expect(Buffer.compare(streamOf(profile), srgbProfile())).toBe(0);
  });

  it("has an identity, and neither encryption, scripts nor anything seen through", () => {
    const ids = pdf.context.trailerInfo.ID as PDFArray;
    expect(ids.size()).toBe(2);
    expect(pdf.context.trailerInfo.Encrypt).toBeUndefined();
    const forbidden = ["JavaScript", "JS", "SMask", "ca", "CA", "BM", "AA", "OpenAction", "XFA"];
    const used = objects().flatMap((object) => {
      const dict = object instanceof PDFRawStream ? object.dict : object;
      return dict instanceof PDFDict ? dict.keys().map((key) => key.decodeText()) : [];
    });
    expect(used.filter((key) => forbidden.includes(key))).toEqual([]);
    expect(Buffer.from(bytes.subarray(0, 16)).toString("latin1")).toMatch(/^%PDF-1\.7\n%[\x80-\xff]{4}/);
  });

  it("has all its fonts inside, with their glyphs by number", () => {
    const fonts = objects().filter((object) => String(at(object, "Type")) === "/Font");
    const descendants = fonts.filter((font) => String(at(font, "Subtype")) === "/CIDFontType2");
    expect(fonts).toHaveLength(descendants.length * 2);
    expect(descendants.length).toBeGreaterThan(0);
    for (const font of descendants) {
      expect(at(font, "FontDescriptor", "FontFile2")).toBeInstanceOf(PDFRawStream);
      expect(String(at(font, "CIDToGIDMap"))).toBe("/Identity");
    }
  });

  it("gives the same bytes for the same document", async () => {
    expect(Buffer.compare(await writeFacturX(document, xml), bytes)).toBe(0);
  });
});

describe("the colour profile", () => {
  const profile = Buffer.from(srgbProfile());
  const tags = Array.from({ length: profile.readUInt32BE(128) }, (_, n) => ({
    signature: profile.toString("latin1", 132 + 12 * n, 136 + 12 * n),
    offset: profile.readUInt32BE(136 + 12 * n),
    size: profile.readUInt32BE(140 + 12 * n),
  }));
  const tag = (signature: string) => tags.find((one) => one.signature === signature)!;

  it("is a monitor's of version 2, with all a matrix profile must have, in place", () => {
    expect(profile.readUInt32BE(0)).toBe(profile.length);
    expect(profile.toString("latin1", 12, 24)).toBe("mntrRGB XYZ ");
    expect(profile.toString("latin1", 36, 40)).toBe("acsp");
    expect(profile[8]).toBe(2);
    const required = ["desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"];
    expect(tags.map(({ signature }) => signature)).toEqual(required);
    for (const { offset, size } of tags) {
      expect(offset % 4).toBe(0);
      expect(offset + size).toBeLessThanOrEqual(profile.length);
    }
  });

  it("mixes white out of full red, green and blue", () => {
    const sums = [0, 1, 2].map((axis) =>
      ["rXYZ", "gXYZ", "bXYZ"].reduce(
        (sum, name) => sum + profile.readInt32BE(tag(name).offset + 8 + 4 * axis) / 65_536,
        0,
      ),
    );
    for (const [axis, white] of [0.9642, 1, 0.8249].entries()) expect(sums[axis]).toBeCloseTo(white, 3);
  });

  it("is as light in the middle as sRGB: a stored half is a fifth of the light", () => {
    const { offset } = tag("rTRC");
    const points = profile.readUInt32BE(offset + 8);
    const lightAt = (stored: number) =>
      profile.readUInt16BE(offset + 12 + 2 * Math.round(stored * (points - 1))) / 65_535;
    expect([lightAt(0), lightAt(1)]).toEqual([0, 1]);
    expect(lightAt(0.5)).toBeCloseTo(0.214, 2);
  });
});
