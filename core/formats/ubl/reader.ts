import { isDay, type Day } from "#core/lib/dates.ts";
import { Decimal } from "#core/lib/decimal.ts";
import { attribute, children, descend, text, type XmlDocument, type XmlNode } from "#core/lib/xml/index.ts";

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
    return text(this.doc, this.node(from, ...path))?.trim() || null;
  }

  attribute(from: XmlNode | undefined, name: string): string | null {
    return attribute(this.doc, from, name)?.trim() || null;
  }

  day(from: XmlNode | undefined, ...path: string[]): Day | null {
    const written = this.text(from, ...path)?.slice(0, 10);
    return written && isDay(written) ? written : null;
  }

  decimal(from: XmlNode | undefined, ...path: string[]): Decimal | null {
    const written = this.text(from, ...path);
    if (written === null) return null;
    try {
      return Decimal.from(written);
    } catch {
      return null;
    }
  }
}
