import { isCii, readCii } from "#core/formats/cii/parse.ts";
import { isUbl, readUbl } from "#core/formats/ubl/parse.ts";
import { malformed } from "#core/lib/error.ts";
import { localName, parseXml, root } from "#core/lib/xml/index.ts";
import type { ParsedDocument } from "./document.ts";

/**
 * Reads an invoice that somebody sent, in either syntax of EN 16931 (Directive 2014/55/EU). Only its root must be right;
 * everything else may be missing or odd. Throws XmlError when the bytes are not safe XML, `malformed` when the document
 * is something else.
 */
export function parseInvoice(bytes: Uint8Array | string): ParsedDocument {
  const doc = parseXml(bytes);
  if (isUbl(doc)) return readUbl(doc);
  if (isCii(doc)) return readCii(doc);
  const name = localName(doc, root(doc));
  throw malformed({ file: `is ${name}, neither a UBL 2.1 nor a Cross Industry Invoice` });
}
