import { isDay, type Day } from "#core/lib/dates.ts";
import { Decimal } from "#core/lib/decimal.ts";
import { attribute, children, descend, text, type XmlDocument, type XmlNode } from "#core/lib/xml/index.ts";

/** As XML Schema writes a decimal: without exponent. Larger values than these are no money. */
const DECIMAL = /^[+-]?(?:\d{1,15}(?:\.\d{0,20})?|\.\d{1,20})$/;

/** What a stored field may take of a text somebody else wrote. */
const LONGEST_TEXT = 5000;

/**
 * Looks into a received document by local names. Whatever is missing, empty or unreadable is null: a document that
 * arrived is a fact, and what cannot be read of it must not stop the rest.
 */
export class Reader {
  readonly doc: XmlDocument;

  constructor(doc: XmlDocument) {
    this.doc = doc;
  }

  node(from: XmlNode | undefined, ...path: string[]): XmlNode | undefined {
    return descend(this.doc, from, ...path);
  }

  nodes(from: XmlNode | undefined, name: string): XmlNode[] {
    return from === undefined ? [] : children(this.doc, from, name);
  }

  text(from: XmlNode | undefined, ...path: string[]): string | null {
    return this.whole(from, ...path)?.slice(0, LONGEST_TEXT) ?? null;
  }

  /** Text of any length, for what is not stored as a field. */
  whole(from: XmlNode | undefined, ...path: string[]): string | null {
    return text(this.doc, this.node(from, ...path))?.trim() || null;
  }

  attribute(from: XmlNode | undefined, name: string): string | null {
    return attribute(this.doc, from, name)?.trim() || null;
  }

  /** Whether it says yes, as XML Schema lets one write it. */
  isTrue(from: XmlNode | undefined, ...path: string[]): boolean {
    const written = this.text(from, ...path);
    return written === "true" || written === "1";
  }

  day(from: XmlNode | undefined, ...path: string[]): Day | null {
    const written = this.text(from, ...path)?.slice(0, 10);
    return written && isDay(written) ? written : null;
  }

  decimal(from: XmlNode | undefined, ...path: string[]): Decimal | null {
    const written = this.text(from, ...path);
    return written !== null && DECIMAL.test(written) ? Decimal.from(written) : null;
  }
}
