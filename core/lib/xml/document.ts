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
/** Invoices have one for every four elements. */
const MOST_ATTRIBUTES = 500_000;

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
  /** The element whose text was put together last, and the text: rules ask for it one after the other. */
  lastAssembled = -1;
  lastText = "";

  constructor(source: string, names: Names) {
    this.source = source;
    this.names = names;
    const room = Math.ceil(source.length / BYTES_PER_ELEMENT) + 64;
    const elements = elementArrays(room);
    this.name = elements.name;
    this.parent = elements.parent;
    this.end = elements.end;
    this.tagStart = elements.tagStart;
    this.contentStart = elements.contentStart;
    this.contentEnd = elements.contentEnd;
    this.attributeStart = elements.attributeStart;
    this.shape = elements.shape;
    const attributes = attributeArrays(Math.ceil(room / 4));
    this.attributeName = attributes.attributeName;
    this.attributeFrom = attributes.attributeFrom;
    this.attributeTo = attributes.attributeTo;
    this.attributeRaw = attributes.attributeRaw;
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

  /** Throws XmlError when full. */
  addAttribute(name: number, from: number, to: number, raw: boolean): void {
    if (this.attributeCount === MOST_ATTRIBUTES)
      throw xmlErrorAt(this.source, from, "The document has too many attributes.");
    const attribute = this.attributeCount++;
    if (attribute === this.attributeName.length) this.#growAttributes();
    this.attributeName[attribute] = name;
    this.attributeFrom[attribute] = from;
    this.attributeTo[attribute] = to;
    if (raw) this.attributeRaw[attribute] = 1;
  }

  #growElements(): void {
    const larger = elementArrays(this.name.length * 2);
    for (const key of keysOf(larger)) larger[key].set(this[key]);
    Object.assign(this, larger);
  }

  #growAttributes(): void {
    const larger = attributeArrays(this.attributeName.length * 2);
    for (const key of keysOf(larger)) larger[key].set(this[key]);
    Object.assign(this, larger);
  }
}

/** Invoices take some 50, and 35 when written without white space. */
const BYTES_PER_ELEMENT = 45;

/** The arrays lie in one stretch of memory, because asking for memory costs more than a small invoice needs it for. */
function elementArrays(room: number) {
  const memory = new ArrayBuffer(room * 29 + 4);
  const array = (place: number, length = room): Int32Array =>
    new Int32Array(memory, place * room * 4, length);
  return {
    name: array(0),
    parent: array(1),
    end: array(2),
    tagStart: array(3),
    contentStart: array(4),
    contentEnd: array(5),
    attributeStart: array(6, room + 1),
    shape: new Uint8Array(memory, room * 28 + 4, room),
  };
}

function attributeArrays(room: number) {
  const memory = new ArrayBuffer(room * 13);
  const array = (place: number): Int32Array => new Int32Array(memory, place * room * 4, room);
  return {
    attributeName: array(0),
    attributeFrom: array(1),
    attributeTo: array(2),
    attributeRaw: new Uint8Array(memory, room * 12, room),
  };
}

const keysOf = <T extends object>(of: T): (keyof T)[] => Object.keys(of) as (keyof T)[];
