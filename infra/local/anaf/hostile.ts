/** Files that an inbox must survive: the fault inbox.hostile_xml (SIMULATOR.md §10 row 66). */
export function hostileFile(kind: string): Uint8Array {
  switch (kind) {
    case "entities":
      return Buffer.from(invoice(entityBomb, "&l9;"));
    case "attachment":
      return Buffer.from(invoice("", attachment("QUJD".repeat(2_250_000))));
    case "bomb":
      // Blanks deflate to about a thousandth: a small download, a large file.
      return Buffer.from(invoice("", " ".repeat(64 * 1024 * 1024)));
    default:
      return Buffer.from(invoice(`<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>`, "&x;"));
  }
}

const entityBomb = `<!DOCTYPE Invoice [<!ENTITY l0 "boom">${Array.from(
  { length: 9 },
  (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`,
).join("")}]>`;

function invoice(doctype: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${doctype}<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID xmlns="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">SIM-1</ID>${content}</Invoice>`;
}

function attachment(base64: string): string {
  return `<Attachment xmlns="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"><EmbeddedDocumentBinaryObject xmlns="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" mimeCode="application/pdf" filename="mare.pdf">${base64}</EmbeddedDocumentBinaryObject></Attachment>`;
}
