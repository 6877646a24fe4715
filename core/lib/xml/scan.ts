import { byteText, decoded, same, walkable } from "./bytes.ts";
import { isBlank, isForbiddenWide, isNamePart, isNameStart, STOPS_TEXT, textKind } from "./characters.ts";
import {
  HAS_ELEMENTS,
  HAS_MARKUP,
  HAS_TEXT,
  HAS_WIDE,
  NEEDS_ASSEMBLY,
  SELF_CLOSED,
  XmlDocument,
} from "./document.ts";
import { xmlErrorAt, type XmlError } from "./error.ts";
import { declarationEnd, markupEnd, referenceEnd } from "./lexical.ts";
import type { Names } from "./names.ts";
import { NamespaceProblem, Scopes } from "./scopes.ts";
import * as sign from "./signs.ts";
import { attributeText } from "./text.ts";
import { WrittenNames } from "./written-names.ts";

/** Deepest nesting read; UBL needs about fifteen levels. */
export const DEEPEST_NESTING = 256;
/** Most attributes one element may have; they are compared pairwise. */
const MOST_ATTRIBUTES = 64;

/** Reads a whole document in one pass over its text. Knows XML 1.0 and namespaces, and refuses every DOCTYPE. */
export class Scanner {
  readonly #source: string;
  /** The same as numbers, which are several times faster to walk; ends in a 0 that no document may contain. */
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #doc: XmlDocument;
  readonly #scopes: Scopes;
  readonly #written: WrittenNames;
  #at = 0;
  /** The innermost open element, -1 outside the root. */
  #open = -1;
  #depth = 0;
  /** For each open element: where its name ends, and whether it opened a scope. */
  readonly #nameEnds: number[] = [];
  readonly #scoped: boolean[] = [];
  /** Whether the value last read has references or line breaks. */
  #rawValue = false;

  /** Takes a document in UTF-8 without a byte order mark. */
  constructor(document: Uint8Array, names: Names) {
    const source = byteText(document);
    const walked = walkable(document);
    this.#source = source;
    this.#bytes = walked.bytes;
    this.#view = walked.view;
    this.#doc = new XmlDocument(source, names);
    this.#scopes = new Scopes(names);
    this.#written = new WrittenNames(source, walked, this.#scopes);
  }

  /** Throws XmlError. */
  scan(): XmlDocument {
    try {
      this.#document();
    } catch (error) {
      if (error instanceof NamespaceProblem) throw this.#error(error.message);
      throw error;
    }
    return this.#doc;
  }

  #document(): void {
    this.#at = declarationEnd(this.#source, 0);
    this.#outside();
    if (this.#at >= this.#source.length) throw this.#error("There is no root element.");
    this.#startTag();
    if (this.#depth > 0) this.#content();
    this.#outside();
    if (this.#at < this.#source.length) throw this.#error("Something follows the root element.");
    this.#doc.attributeStart[this.#doc.size] = this.#doc.attributeCount;
  }

  /** Comments, instructions and blanks before and after the root element. */
  #outside(): void {
    const source = this.#source;
    const bytes = this.#bytes;
    for (;;) {
      while (isBlank(bytes[this.#at]!)) this.#at++;
      if (this.#at >= source.length) return;
      if (bytes[this.#at]! !== sign.LESS) throw this.#error("Text may not stand outside the root element.");
      if (isNameStart(bytes[this.#at + 1]!)) return;
      if (source.startsWith("<![", this.#at))
        throw this.#error("CDATA may not stand outside the root element.");
      this.#at = markupEnd(source, bytes, this.#at);
    }
  }

  /** Everything between the root's start tag and its end tag. */
  #content(): void {
    const bytes = this.#bytes;
    while (this.#depth > 0) {
      let at = this.#at;
      let code = bytes[at]!;
      while (code === 0x20 || code === 0x0a || code === 0x09) code = bytes[++at]!;
      this.#at = at;
      if (code !== sign.LESS) {
        this.#text();
        continue;
      }
      const next = bytes[at + 1]!;
      if (next === sign.SLASH) this.#endTag();
      else if (next === sign.EXCLAMATION || next === sign.QUESTION) this.#markup();
      else {
        this.#doc.shape[this.#open]! |= HAS_ELEMENTS | NEEDS_ASSEMBLY;
        this.#startTag();
      }
    }
  }

  /** A run of text up to the next `<`. */
  #text(): void {
    const source = this.#source;
    const bytes = this.#bytes;
    let at = this.#at;
    let flags = 0;
    for (; ; at++) {
      const code = bytes[at]!;
      const kind = textKind[code]!;
      flags |= kind;
      if (kind < STOPS_TEXT) continue;
      if (code === sign.LESS) break;
      if (code === sign.AMPERSAND) {
        at = referenceEnd(source, at);
        flags |= HAS_TEXT | NEEDS_ASSEMBLY;
      } else if (code === sign.RETURN) flags |= NEEDS_ASSEMBLY;
      else if (at === source.length) throw this.#error("The document ends inside an element.", at);
      else if (code === sign.BRACKET) {
        if (source.startsWith("]]>", at)) throw this.#error("The text contains ]]>.", at);
        flags |= HAS_TEXT;
      } else if (code === sign.WIDE_STOP && !isForbiddenWide(bytes, at)) flags |= HAS_TEXT | HAS_WIDE;
      else throw this.#error("This character is not allowed in XML.", at);
    }
    this.#doc.shape[this.#open]! |= flags & ~STOPS_TEXT;
    this.#at = at;
  }

  #markup(): void {
    const end = markupEnd(this.#source, this.#bytes, this.#at);
    this.#doc.shape[this.#open]! |= HAS_MARKUP | NEEDS_ASSEMBLY;
    const isCdata = this.#bytes[this.#at + 2] === 0x5b;
    if (isCdata && /[^ \t\r\n]/.test(this.#source.slice(this.#at + 9, end - 3)))
      this.#doc.shape[this.#open]! |= HAS_TEXT;
    this.#at = end;
  }

  #startTag(): void {
    const bytes = this.#bytes;
    const doc = this.#doc;
    const tagStart = this.#at;
    if (this.#depth === DEEPEST_NESTING)
      throw this.#error(`Elements are nested deeper than ${DEEPEST_NESTING} levels.`);
    const entry = this.#written.read(tagStart + 1);
    if (entry < 0) throw this.#error("A tag must begin with a name.");
    const nameEnd = this.#written.end;
    const firstAttribute = doc.attributeCount;
    let scoped = false;
    let code = bytes[nameEnd]!;
    this.#at = nameEnd;
    if (code !== sign.GREATER) {
      scoped = this.#attributes();
      code = bytes[this.#at]!;
    }
    const element = doc.addElement(this.#written.element(entry), this.#open, tagStart);
    doc.attributeStart[element] = firstAttribute;
    if (code === sign.SLASH) {
      if (bytes[++this.#at]! !== sign.GREATER) throw this.#error("A tag must end with >.");
      doc.contentStart[element] = doc.contentEnd[element] = ++this.#at;
      doc.end[element] = doc.size;
      doc.shape[element] = SELF_CLOSED;
      if (scoped) this.#scopes.close();
      return;
    }
    doc.contentStart[element] = ++this.#at;
    this.#nameEnds[this.#depth] = nameEnd;
    this.#scoped[this.#depth++] = scoped;
    this.#open = element;
  }

  /** Reads the attributes of a tag up to its `>` or `/` and declares its namespaces; true when there were any. */
  #attributes(): boolean {
    const source = this.#source;
    const bytes = this.#bytes;
    const doc = this.#doc;
    const first = doc.attributeCount;
    let scoped = false;
    for (;;) {
      const before = this.#at;
      while (isBlank(bytes[this.#at]!)) this.#at++;
      const nameStart = this.#at;
      const code = bytes[nameStart]!;
      if (code === sign.GREATER || code === sign.SLASH) break;
      const entry = nameStart === before ? -1 : this.#written.read(nameStart);
      if (entry < 0) throw this.#error("Here an attribute or the end of the tag is expected.");
      const nameEnd = this.#written.end;
      const valueStart = this.#valueStart(nameEnd);
      this.#at = this.#valueEnd(valueStart) + 1;
      doc.addAttribute(entry, valueStart, this.#at - 1, this.#rawValue);
      if (code !== 0x78 || !source.startsWith("xmlns", nameStart)) continue;
      if (nameEnd > nameStart + 5 && bytes[nameStart + 5]! !== 0x3a) continue;
      if (!scoped) this.#scopes.open();
      scoped = true;
      this.#scopes.declare(
        decoded(source.slice(nameStart + 6, nameEnd)),
        attributeText(doc, --doc.attributeCount).trim(),
      );
    }
    // Only now are all prefixes of the tag declared, so the names can be resolved.
    for (let i = first; i < doc.attributeCount; i++) this.#resolveAttribute(first, i);
    return scoped;
  }

  #resolveAttribute(first: number, attribute: number): void {
    const names = this.#doc.attributeName;
    const name = this.#written.attribute(names[attribute]!);
    if (attribute - first === MOST_ATTRIBUTES) throw this.#error("An element has too many attributes.");
    for (let i = first; i < attribute; i++) {
      if (names[i] === name)
        throw this.#error(`The attribute ${this.#doc.names.local(name)} is given twice.`);
    }
    names[attribute] = name;
  }

  /** The offset behind the opening quote of the value after an attribute's name. */
  #valueStart(nameEnd: number): number {
    const bytes = this.#bytes;
    let at = nameEnd;
    while (isBlank(bytes[at]!)) at++;
    if (bytes[at]! !== sign.EQUALS) throw this.#error("An attribute needs a value.", at);
    do at++;
    while (isBlank(bytes[at]!));
    const quote = bytes[at]!;
    if (quote !== 0x22 && quote !== 0x27) throw this.#error("An attribute value needs quotes.", at);
    return at + 1;
  }

  /** Checks a value and returns the offset of its closing quote. */
  #valueEnd(from: number): number {
    const source = this.#source;
    const bytes = this.#bytes;
    const quote = bytes[from - 1]!;
    this.#rawValue = false;
    for (let at = from; at < source.length; at++) {
      const code = bytes[at]!;
      if (code === quote) return at;
      if (textKind[code] === HAS_TEXT || code === 0x20 || code === sign.BRACKET) continue;
      if (code === sign.LESS) break;
      this.#rawValue = true;
      if (code === sign.AMPERSAND) at = referenceEnd(source, at);
      else if ((code < 0x20 && !isBlank(code)) || isForbiddenWide(bytes, at))
        throw this.#error("This character is not allowed in XML.", at);
    }
    throw this.#error("The attribute value is not closed.", from);
  }

  #endTag(): void {
    const bytes = this.#bytes;
    const doc = this.#doc;
    const element = this.#open;
    const depth = --this.#depth;
    const start = doc.tagStart[element]! + 1;
    const length = this.#nameEnds[depth]! - start;
    let at = this.#at + 2;
    if (at + length > this.#source.length || !same(this.#view, start, at, length))
      throw this.#mismatch(start, length);
    at += length;
    while (isBlank(bytes[at]!)) at++;
    if (bytes[at]! !== sign.GREATER) {
      throw isNamePart(bytes[at]!)
        ? this.#mismatch(start, length)
        : this.#error("An end tag must end with >.", at);
    }
    doc.contentEnd[element] = this.#at;
    doc.end[element] = doc.size;
    this.#at = at + 1;
    this.#open = doc.parent[element]!;
    if (this.#scoped[depth]!) this.#scopes.close();
  }

  #mismatch(start: number, length: number): XmlError {
    return this.#error(
      `This end tag does not close <${decoded(this.#source.slice(start, start + length))}>.`,
    );
  }

  #error(message: string, at = this.#at): XmlError {
    return xmlErrorAt(this.#source, at, message);
  }
}
