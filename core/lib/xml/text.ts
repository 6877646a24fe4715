import { decodedWide } from "./bytes.ts";
import { HAS_MARKUP, HAS_WIDE, NEEDS_ASSEMBLY, SELF_CLOSED, type XmlDocument } from "./document.ts";
import { xmlErrorAt } from "./error.ts";
import { referredCharacter, semicolonAfter } from "./references.ts";
import { AMPERSAND, LESS, RETURN } from "./signs.ts";

/** The string value of an element as XPath defines it: all text inside, also that of child elements. */
export function textOf(doc: XmlDocument, element: number): string {
  const shape = doc.shape[element]!;
  const from = doc.contentStart[element]!;
  const to = doc.contentEnd[element]!;
  if ((shape & (NEEDS_ASSEMBLY | HAS_WIDE)) === 0) return doc.source.slice(from, to);
  if ((shape & NEEDS_ASSEMBLY) === 0) return decodedWide(doc.source.slice(from, to));
  if (doc.lastAssembled !== element) {
    spend(doc, element, to - from);
    doc.lastText = assemble(doc.source, from, to);
    doc.lastAssembled = element;
  }
  return doc.lastText;
}

/** The value of attribute number `attribute` with references resolved and line breaks turned into blanks. */
export function attributeText(doc: XmlDocument, attribute: number): string {
  const from = doc.attributeFrom[attribute]!;
  const to = doc.attributeTo[attribute]!;
  return doc.attributeRaw[attribute] === 1
    ? assemble(doc.source, from, to, true)
    : doc.source.slice(from, to);
}

/** The text nodes that stand directly in an element: comments, instructions and child elements part them. */
export function textNodesOf(doc: XmlDocument, element: number): string[] {
  const shape = doc.shape[element]!;
  if ((shape & NEEDS_ASSEMBLY) === 0) {
    const whole = textOf(doc, element);
    return whole === "" ? [] : [whole];
  }
  const parts: string[] = [];
  let from = doc.contentStart[element]!;
  const take = (to: number): void => {
    spend(doc, element, to - from);
    for (const run of (shape & HAS_MARKUP) === 0 ? [[from, to] as const] : runs(doc.source, from, to)) {
      const text = assemble(doc.source, run[0], run[1]);
      if (text !== "") parts.push(text);
    }
  };
  for (let child = element + 1; child < doc.end[element]!; child = doc.end[child]!) {
    take(doc.tagStart[child]!);
    const closed = (doc.shape[child]! & SELF_CLOSED) !== 0;
    from = closed ? doc.contentEnd[child]! : doc.source.indexOf(">", doc.contentEnd[child]) + 1;
  }
  take(doc.contentEnd[element]!);
  return parts;
}

/** Texts may be asked for again at every level of nesting; beyond this the document is refused instead of read forever. */
const ASSEMBLY_FACTOR = 4;
const ASSEMBLY_MINIMUM = 1_000_000;

function spend(doc: XmlDocument, element: number, characters: number): void {
  doc.assembled += characters;
  if (doc.assembled > ASSEMBLY_FACTOR * doc.source.length + ASSEMBLY_MINIMUM) {
    throw xmlErrorAt(doc.source, doc.tagStart[element]!, "Text is nested too often to be read.");
  }
}

/** The stretches between comments and processing instructions; CDATA belongs to the text around it. */
function runs(source: string, from: number, to: number): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let start = from;
  for (let at = source.indexOf("<", from); at >= 0 && at < to; at = source.indexOf("<", at)) {
    if (source.startsWith("<![CDATA[", at)) {
      at = source.indexOf("]]>", at) + 3;
      continue;
    }
    found.push([start, at]);
    start = at = markupEnd(source, at);
  }
  found.push([start, to]);
  return found;
}

/** Puts text together from well-formed content, byte by byte: no text is longer than the way it is written. */
function assemble(source: string, from: number, to: number, isAttribute = false): string {
  const bytes = Buffer.allocUnsafe(to - from);
  let length = 0;
  let at = from;
  while (at < to) {
    const code = source.charCodeAt(at);
    if (code === LESS) {
      if (source.startsWith("<![CDATA[", at)) {
        const close = source.indexOf("]]>", at);
        length = copy(source, at + 9, close, bytes, length);
        at = close + 3;
      } else at = markupEnd(source, at);
    } else if (code === AMPERSAND) {
      const semicolon = semicolonAfter(source, at);
      length = writeCharacter(referredCharacter(source, at, semicolon), bytes, length);
      at = semicolon + 1;
    } else if (code === RETURN) {
      bytes[length++] = isAttribute ? 0x20 : 0x0a;
      at += source.charCodeAt(at + 1) === 0x0a ? 2 : 1;
    } else {
      bytes[length++] = isAttribute && code < 0x20 ? 0x20 : code;
      at++;
    }
  }
  return bytes.toString("utf8", 0, length);
}

/** Copies characters as they stand, but for line breaks, which are read as line feeds. */
function copy(source: string, from: number, to: number, bytes: Uint8Array, length: number): number {
  let end = length;
  for (let at = from; at < to; at++) {
    const code = source.charCodeAt(at);
    if (code !== RETURN) bytes[end++] = code;
    else if (source.charCodeAt(at + 1) !== 0x0a) bytes[end++] = 0x0a;
  }
  return end;
}

function writeCharacter(code: number, bytes: Uint8Array, length: number): number {
  let end = length;
  if (code < 0x80) bytes[end++] = code;
  else {
    if (code < 0x800) bytes[end++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) bytes[end++] = 0xe0 | (code >> 12);
      else {
        bytes[end++] = 0xf0 | (code >> 18);
        bytes[end++] = 0x80 | ((code >> 12) & 0x3f);
      }
      bytes[end++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[end++] = 0x80 | (code & 0x3f);
  }
  return end;
}

/** The offset behind the comment, instruction or tag that begins at `at`. */
function markupEnd(source: string, at: number): number {
  if (source.startsWith("<!--", at)) return source.indexOf("-->", at) + 3;
  if (source.charCodeAt(at + 1) === 0x3f) return source.indexOf("?>", at) + 2;
  let quote = 0;
  for (let position = at; position < source.length; position++) {
    const code = source.charCodeAt(position);
    if (quote !== 0) quote = code === quote ? 0 : quote;
    else if (code === 0x22 || code === 0x27) quote = code;
    else if (code === 0x3e) return position + 1;
  }
  return source.length;
}
