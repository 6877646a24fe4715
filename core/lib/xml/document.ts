import { xmlErrorAt } from "./error.ts";
import type { Names } from "./names.ts";

/** Bits of {@link XmlDocument.shape}. */
export const HAS_ELEMENTS = 1;
/** Text other than white space stands directly in the element. */
export const HAS_TEXT = 2;
/** The text is not one plain slice of the source: references, comments, CDATA, carriage returns or child elements. */
export const NEEDS_ASSEMBLY = 4;
/** Written as `<a/>`. */
export const SELF_CLOSED = 8;
/** A CDATA section, comment or processing instruction stands directly in the element. */
export const HAS_MARKUP = 16;
/** Characters beyond ASCII stand directly in the element. */
export const HAS_WIDE = 32;

/** Most elements one document may have: some 20 000 lines of the usual kind. */
const MOST_ELEMENTS = 400_000;

/**
 * A parsed document as flat arrays: element `n` is a number, counted in document order, so the first child of `n` is
 * `n + 1` and whatever follows its subtree is `end[n]`. Texts are ranges of the source, cut only when somebody asks.
 * Attributes lie in arrays of their own; those of `n` are `attributeStart[n]` up to `attributeStart[n + 1]`.
 */
export class XmlDocument {
  /** The bytes of the document in UTF-8, one character each; whoever cuts a text out of it decodes the cut. */
  readonly source: string;
  readonly names: Names;
  /** How many elements there are. */
  size = 0;
  attributeCount = 0;

  /** Number of the expanded name, see {@link Names}. */
  name: Int32Array;
  /** The element around; -1 for the root. */
  parent: Int32Array;
  end: Int32Array;
  /** Offset of the start tag's `<`. */
  tagStart: Int32Array;
  contentStart: Int32Array;
  contentEnd: Int32Array;
  shape: Uint8Array;
  attributeStart: Int32Array;

  attributeName: Int32Array;
  attributeFrom: Int32Array;
  attributeTo: Int32Array;
  /** 1 when the value has references, line breaks to be normalised or characters beyond ASCII. */
  attributeRaw: Uint8Array;

  /** Characters of text put together so far; bounded, because nested texts could be asked for level by level. */
  assembled = 0;

  constructor(source: string, names: Names) {
    this.source = source;
    this.names = names;
    const elements = (source.length >> 5) + 64;
    this.name = new Int32Array(elements);
    this.parent = new Int32Array(elements);
    this.end = new Int32Array(elements);
    this.tagStart = new Int32Array(elements);
    this.contentStart = new Int32Array(elements);
    this.contentEnd = new Int32Array(elements);
    this.shape = new Uint8Array(elements);
    this.attributeStart = new Int32Array(elements + 1);
    const attributes = (source.length >> 7) + 32;
    this.attributeName = new Int32Array(attributes);
    this.attributeFrom = new Int32Array(attributes);
    this.attributeTo = new Int32Array(attributes);
    this.attributeRaw = new Uint8Array(attributes);
  }

  /** Adds an element and returns its number; its end is set when its end tag is read. Throws XmlError when full. */
  addElement(name: number, parent: number, tagStart: number): number {
    if (this.size === MOST_ELEMENTS)
      throw xmlErrorAt(this.source, tagStart, "The document has too many elements.");
    const element = this.size++;
    if (element === this.name.length) this.#growElements();
    this.name[element] = name;
    this.parent[element] = parent;
    this.tagStart[element] = tagStart;
    return element;
  }

  addAttribute(name: number, from: number, to: number, raw: boolean): void {
    const attribute = this.attributeCount++;
    if (attribute === this.attributeName.length) this.#growAttributes();
    this.attributeName[attribute] = name;
    this.attributeFrom[attribute] = from;
    this.attributeTo[attribute] = to;
    if (raw) this.attributeRaw[attribute] = 1;
  }

  #growElements(): void {
    const size = this.name.length * 2;
    this.name = grown(this.name, new Int32Array(size));
    this.parent = grown(this.parent, new Int32Array(size));
    this.end = grown(this.end, new Int32Array(size));
    this.tagStart = grown(this.tagStart, new Int32Array(size));
    this.contentStart = grown(this.contentStart, new Int32Array(size));
    this.contentEnd = grown(this.contentEnd, new Int32Array(size));
    this.shape = grown(this.shape, new Uint8Array(size));
    this.attributeStart = grown(this.attributeStart, new Int32Array(size + 1));
  }

  #growAttributes(): void {
    const size = this.attributeName.length * 2;
    this.attributeName = grown(this.attributeName, new Int32Array(size));
    this.attributeFrom = grown(this.attributeFrom, new Int32Array(size));
    this.attributeTo = grown(this.attributeTo, new Int32Array(size));
    this.attributeRaw = grown(this.attributeRaw, new Uint8Array(size));
  }
}

function grown<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
