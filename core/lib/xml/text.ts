import { decoded, decodedWide } from "./bytes.ts";
import { isXmlCharacter } from "./characters.ts";
import { HAS_MARKUP, HAS_WIDE, NEEDS_ASSEMBLY, SELF_CLOSED, type XmlDocument } from "./document.ts";
import { xmlErrorAt } from "./error.ts";

const NAMED: Readonly<Record<string, number>> = { lt: 60, gt: 62, amp: 38, quot: 34, apos: 39 };
const LONGEST_REFERENCE = 12;

/**
 * The code point a reference stands for, or -1 when it is not one of the five entities nor a character reference to an
 * allowed character. `at` is the offset of its `&`, `semicolon` that of its `;`.
 */
export function referredCharacter(source: string, at: number, semicolon: number): number {
  if (semicolon < 0 || semicolon - at > LONGEST_REFERENCE) return -1;
  const name = source.slice(at + 1, semicolon);
  if (name.charCodeAt(0) !== 0x23) return Object.hasOwn(NAMED, name) ? NAMED[name]! : -1;
  const hexadecimal = name.charCodeAt(1) === 0x78;
  const digits = name.slice(hexadecimal ? 2 : 1);
  if (!(hexadecimal ? /^[0-9A-Fa-f]+$/ : /^[0-9]+$/).test(digits)) return -1;
  const code = Number.parseInt(digits, hexadecimal ? 16 : 10);
  return isXmlCharacter(code) ? code : -1;
}

/** The string value of an element as XPath defines it: all text inside, also that of child elements. */
export function textOf(doc: XmlDocument, element: number): string {
  const shape = doc.shape[element]!;
  const from = doc.contentStart[element]!;
  const to = doc.contentEnd[element]!;
  if ((shape & (NEEDS_ASSEMBLY | HAS_WIDE)) === 0) return doc.source.slice(from, to);
  if ((shape & NEEDS_ASSEMBLY) === 0) return decodedWide(doc.source.slice(from, to));
  spend(doc, element, to - from);
  return assemble(doc.source, from, to);
}

/** The value of attribute number `attribute` with references resolved and line breaks turned into blanks. */
export function attributeText(doc: XmlDocument, attribute: number): string {
  const value = doc.source.slice(doc.attributeFrom[attribute], doc.attributeTo[attribute]);
  return doc.attributeRaw[attribute] === 1 ? resolved(decoded(value).replace(/\r\n|[\r\n\t]/g, " ")) : value;
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
const ASSEMBLY_FACTOR = 8;
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

/** Puts text together from well-formed content. */
function assemble(source: string, from: number, to: number): string {
  let text = "";
  let start = from;
  for (let at = source.indexOf("<", from); at >= 0 && at < to; at = source.indexOf("<", at)) {
    text += resolved(lineFeeds(source.slice(start, at)));
    if (source.startsWith("<![CDATA[", at)) {
      const close = source.indexOf("]]>", at);
      text += lineFeeds(source.slice(at + 9, close));
      at = close + 3;
    } else {
      at = markupEnd(source, at);
    }
    start = at;
  }
  return text + resolved(lineFeeds(source.slice(start, to)));
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

/** The characters of a cut from the source; every line break is read as a line feed. */
function lineFeeds(cut: string): string {
  const text = decoded(cut);
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

function resolved(text: string): string {
  let at = text.indexOf("&");
  if (at < 0) return text;
  let result = "";
  let start = 0;
  while (at >= 0) {
    const semicolon = text.indexOf(";", at);
    result += text.slice(start, at) + String.fromCodePoint(referredCharacter(text, at, semicolon));
    start = semicolon + 1;
    at = text.indexOf("&", start);
  }
  return result + text.slice(start);
}
