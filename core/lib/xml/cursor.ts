import { attributeText, textOf } from "./text.ts";
import type { XmlDocument } from "./document.ts";

/** An element of a document: its number in document order. */
export type XmlNode = number;

/** The root element of every document. */
export const root = (_doc: XmlDocument): XmlNode => 0;

export const localName = (doc: XmlDocument, node: XmlNode): string => doc.names.local(doc.name[node]!);

export const namespaceOf = (doc: XmlDocument, node: XmlNode): string => doc.names.uri(doc.name[node]!);

/** All child elements, or those with a local name, in order. */
export function children(doc: XmlDocument, node: XmlNode, name?: string): XmlNode[] {
  const found: XmlNode[] = [];
  const end = doc.end[node]!;
  for (let element = node + 1; element < end; element = doc.end[element]!) {
    if (name === undefined || localName(doc, element) === name) found.push(element);
  }
  return found;
}

/** The first child element with a local name. Without a node (an absent parent) there is no child either. */
export function child(doc: XmlDocument, node: XmlNode | undefined, name: string): XmlNode | undefined {
  if (node === undefined) return undefined;
  const end = doc.end[node]!;
  for (let found = node + 1; found < end; found = doc.end[found]!)
    if (localName(doc, found) === name) return found;
  return undefined;
}

/** Follows local names downwards, taking the first child each time. */
export function descend(
  doc: XmlDocument,
  node: XmlNode | undefined,
  ...names: string[]
): XmlNode | undefined {
  let found = node;
  for (const name of names) found = child(doc, found, name);
  return found;
}

/** The text of an element as it stands, blanks included; undefined when there is no element. */
export function text(doc: XmlDocument, node: XmlNode | undefined): string | undefined {
  return node === undefined ? undefined : textOf(doc, node);
}

/** The value of the attribute with a local name. */
export function attribute(doc: XmlDocument, node: XmlNode | undefined, name: string): string | undefined {
  if (node === undefined) return undefined;
  for (let i = doc.attributeStart[node]!; i < doc.attributeStart[node + 1]!; i++) {
    if (doc.names.local(doc.attributeName[i]!) === name) return attributeText(doc, i);
  }
  return undefined;
}

/** All attributes of an element by local name: small answers (ANAF's headers) carry everything there. */
export function attributes(doc: XmlDocument, node: XmlNode): Record<string, string> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let i = doc.attributeStart[node]!; i < doc.attributeStart[node + 1]!; i++) {
    found[doc.names.local(doc.attributeName[i]!)] = attributeText(doc, i);
  }
  return found;
}
