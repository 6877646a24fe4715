import { HAS_WIDE, NEEDS_ASSEMBLY } from "#core/lib/xml/document.ts";
import { xmlErrorAt } from "#core/lib/xml/error.ts";
import { attributeText, textOf, type XmlDocument } from "#core/lib/xml/index.ts";
import { engineFault } from "./fault.ts";
import { decimalsOf } from "./values.ts";
import { VatSums } from "./vat-sums.ts";
import { VatUse } from "./vat.ts";

/** Kept from one document to the next, so that its memory is not asked of the system each time. */
let scratch = new Int32Array(0);
const LARGEST_SCRATCH = 1_000_000;

function scratchFor(size: number): Int32Array {
  if (scratch.length >= size) return scratch;
  if (size > LARGEST_SCRATCH) return new Int32Array(size);
  return (scratch = new Int32Array(Math.min(size * 2, LARGEST_SCRATCH)));
}

const MOST_FAULTS = 20_000;
/** Real documents pass by some ten for each of theirs. */
const PASSED_PER_ELEMENT = 100;

/**
 * A document prepared for the rules: for every name the chain of elements bearing it, in document order, and the same
 * among the children of the root, so that `//cac:TaxCategory` or a root path costs what it finds and not a walk. Valid until the next one is made.
 */
export class View {
  readonly doc: XmlDocument;
  /** First element of each name; -1 for none. Follow with `next`. */
  readonly first: Int32Array;
  readonly next: Int32Array;
  /** The same among the children of the root. */
  readonly firstInRoot: Int32Array;
  readonly nextInRoot: Int32Array;

  /** How often each attribute name occurs. */
  readonly attributeCount: Int32Array;
  /** What VAT rules ask again and again. */
  readonly vat = new VatUse(this);
  readonly vatSums = new VatSums(this);

  constructor(doc: XmlDocument) {
    this.doc = doc;
    const { size, name, parent } = doc;
    this.#mostPassed = 1_000_000 + size * PASSED_PER_ELEMENT;
    const known = doc.names.size;
    const memory = scratchFor(3 * known + 2 * size);
    const array = (from: number, length: number): Int32Array => memory.subarray(from, from + length);
    this.first = array(0, known).fill(-1);
    this.firstInRoot = array(known, known).fill(-1);
    this.attributeCount = array(2 * known, known).fill(0);
    this.next = array(3 * known, size);
    this.nextInRoot = array(3 * known + size, size);
    for (let i = 0; i < doc.attributeCount; i++) this.attributeCount[doc.attributeName[i]!]!++;
    for (let node = size - 1; node >= 0; node--) {
      const id = name[node]!;
      this.next[node] = this.first[id]!;
      this.first[id] = node;
      if (parent[node] !== 0) continue;
      this.nextInRoot[node] = this.firstInRoot[id]!;
      this.firstInRoot[id] = node;
    }
  }

  /** The first child with a name, or -1. */
  child(node: number, name: number): number {
    if (node === 0) return this.firstInRoot[name]!;
    const { name: names, end: ends } = this.doc;
    const end = ends[node]!;
    let found = node + 1;
    let steps = 0;
    while (found < end && names[found] !== name) {
      found = ends[found]!;
      steps++;
    }
    this.#spend(steps);
    return found < end ? found : -1;
  }

  /** The next sibling of the same name, or -1. */
  twin(node: number): number {
    const { parent: parents, name: names, end: ends } = this.doc;
    const parent = parents[node]!;
    if (parent === 0) return this.nextInRoot[node]!;
    if (parent < 0) return -1;
    const end = ends[parent]!;
    const name = names[node];
    let found = ends[node]!;
    let steps = 0;
    while (found < end && names[found] !== name) {
      found = ends[found]!;
      steps++;
    }
    this.#spend(steps);
    return found < end ? found : -1;
  }

  #faults = 0;

  /** Passes over an engine fault, and over nothing else. A throw costs, so hostile documents may not have any number. */
  forgive(error: unknown): void {
    if (error !== engineFault) throw error;
    if (++this.#faults > MOST_FAULTS)
      throw xmlErrorAt(this.doc.source, 0, "Too many values are not what they should be.");
  }

  /** Elements passed by so far, and how many may be. */
  #passed = 0;
  readonly #mostPassed: number;

  /** Counts elements passed by in search of others. Hostile documents could make that quadratic, so it ends. */
  #spend(steps: number): void {
    this.#passed += steps;
    if (this.#passed > this.#mostPassed)
      throw xmlErrorAt(this.doc.source, 0, "Too many elements stand side by side to be searched.");
  }

  readonly #kept = new Map<string, unknown>();

  /**
   * Computes something about the document once. For what a rule needs of many elements: asked of each of them, hostile
   * documents would make it quadratic. An engine fault is not kept, so it strikes whoever asks.
   */
  once<Value>(key: string, compute: () => Value): Value {
    if (!this.#kept.has(key)) this.#kept.set(key, compute());
    return this.#kept.get(key) as Value;
  }

  text(node: number): string {
    return textOf(this.doc, node);
  }

  /** Whether an element has any text, were it blanks; read only where it may turn out empty. */
  hasText(node: number): boolean {
    if ((this.doc.shape[node]! & NEEDS_ASSEMBLY) !== 0) return this.text(node) !== "";
    return this.mostLength(node) > 0;
  }

  /** How many characters follow the first full stop of an element's text. */
  decimals(node: number): number {
    const { source, contentStart, contentEnd, shape } = this.doc;
    if ((shape[node]! & (NEEDS_ASSEMBLY | HAS_WIDE)) !== 0) return decimalsOf(this.text(node));
    const end = contentEnd[node]!;
    for (let at = contentStart[node]!; at < end; at++) {
      if (source.charCodeAt(at) === 0x2e) return end - at <= 3 ? end - at - 1 : decimalsOf(this.text(node));
    }
    return 0;
  }

  /** An upper bound of the length of an element's text, known without reading it: references only get shorter. */
  mostLength(node: number): number {
    return this.doc.contentEnd[node]! - this.doc.contentStart[node]!;
  }

  /** The number of the attribute with a name, or -1. */
  attribute(node: number, name: number): number {
    const { attributeName, attributeStart } = this.doc;
    const end = attributeStart[node + 1]!;
    for (let i = attributeStart[node]!; i < end; i++) if (attributeName[i] === name) return i;
    return -1;
  }

  /** The value of an attribute; undefined when it is absent. */
  attributeText(node: number, name: number): string | undefined {
    const found = this.attribute(node, name);
    return found < 0 ? undefined : attributeText(this.doc, found);
  }

  /** Whether the element's parent, that one's parent and so on have these names. */
  isInside(node: number, around: readonly number[]): boolean {
    let parent = this.doc.parent[node]!;
    for (const name of around) {
      if (parent < 0 || this.doc.name[parent] !== name) return false;
      parent = this.doc.parent[parent]!;
    }
    return true;
  }
}
