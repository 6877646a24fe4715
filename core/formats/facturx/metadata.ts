import { element, escape, group } from "#core/formats/markup.ts";
import type { Instant } from "#core/lib/dates.ts";

/** The name that the XML must have inside the PDF, so that readers find it. */
export const XML_NAME = "factur-x.xml";

/** What the PDF says of itself; its Info dictionary must say the very same (ISO 19005-3, 6.6.2.3). */
export interface About {
  readonly title: string;
  readonly author: string;
  readonly creator: string;
  readonly producer: string;
  readonly made: Instant;
}

const FACTURX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#";

/** What the invoice says of itself there, by the name and meaning of each property. */
const PROPERTIES = [
  ["DocumentFileName", XML_NAME, "name of the embedded XML invoice file"],
  ["DocumentType", "INVOICE", "INVOICE"],
  ["Version", "1.0", "version of the data model of the embedded XML"],
  ["ConformanceLevel", "EN 16931", "profile of the embedded XML"],
] as const;

const NAMESPACES = {
  rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  dc: "http://purl.org/dc/elements/1.1/",
  pdf: "http://ns.adobe.com/pdf/1.3/",
  xmp: "http://ns.adobe.com/xap/1.0/",
  pdfaid: "http://www.aiim.org/pdfa/ns/id/",
  pdfaExtension: "http://www.aiim.org/pdfa/ns/extension/",
  pdfaSchema: "http://www.aiim.org/pdfa/ns/schema#",
  pdfaProperty: "http://www.aiim.org/pdfa/ns/property#",
  fx: FACTURX,
};

const resource = ' rdf:parseType="Resource"';

const nested = (name: string, attributes: string, inner: string): string =>
  `<${name}${attributes}>\n${inner}</${name}>\n`;

/** PDF/A knows the properties of some schemas only; whoever uses another must describe it. */
function extensionSchema(): string {
  const properties = PROPERTIES.map(([name, , meaning]) =>
    nested(
      "rdf:li",
      resource,
      element("pdfaProperty:name", name) +
        element("pdfaProperty:valueType", "Text") +
        element("pdfaProperty:category", "external") +
        element("pdfaProperty:description", meaning),
    ),
  ).join("");
  const schema =
    element("pdfaSchema:schema", "Factur-X PDFA Extension Schema") +
    element("pdfaSchema:namespaceURI", FACTURX) +
    element("pdfaSchema:prefix", "fx") +
    group("pdfaSchema:property", group("rdf:Seq", properties));
  return group("pdfaExtension:schemas", group("rdf:Bag", nested("rdf:li", resource, schema)));
}

/** The XMP packet of a Factur-X of profile EN 16931 in PDF/A-3b, UTF-8. */
export function metadataOf({ title, author, creator, producer, made }: About): Uint8Array {
  const described =
    element("pdfaid:part", "3") +
    element("pdfaid:conformance", "B") +
    group("dc:title", group("rdf:Alt", element("rdf:li", title, ' xml:lang="x-default"'))) +
    group("dc:creator", group("rdf:Seq", element("rdf:li", author))) +
    element("pdf:Producer", producer) +
    element("xmp:CreatorTool", creator) +
    element("xmp:CreateDate", made) +
    element("xmp:ModifyDate", made) +
    PROPERTIES.map(([name, value]) => element(`fx:${name}`, value)).join("") +
    extensionSchema();
  const names = Object.entries(NAMESPACES)
    .map(([prefix, uri]) => ` xmlns:${prefix}="${escape(uri)}"`)
    .join("");
  const packet = nested(
    "x:xmpmeta",
    ' xmlns:x="adobe:ns:meta/"',
    nested("rdf:RDF", names, nested("rdf:Description", ' rdf:about=""', described)),
  );
  return Buffer.from(
    `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>\n${packet}<?xpacket end="r"?>`,
    "utf8",
  );
}
