import { HAS_ELEMENTS } from "#core/lib/xml/document.ts";
import type { XmlDocument } from "#core/lib/xml/index.ts";
import { displayName } from "./names.ts";

/** The XPath of an element with the usual prefixes, `/Invoice/cac:InvoiceLine[3]/cbc:ID`; numbered where it has twins. */
export function locationOf(doc: XmlDocument, node: number): string {
  const steps: string[] = [];
  for (let at = node; at >= 0; at = doc.parent[at]!) steps.push(stepOf(doc, at));
  return `/${steps.toReversed().join("/")}`;
}

/** The XPath of an attribute. */
export function attributeLocation(doc: XmlDocument, attribute: number): string {
  return `${locationOf(doc, ownerOf(doc, attribute))}/@${doc.names.local(doc.attributeName[attribute]!)}`;
}

/** The XPath of a place below an element: what is there as it is found, the rest as it would be written. */
export function placeBelow(doc: XmlDocument, node: number, at: string): string {
  let found = node;
  const steps = at.split("/");
  while (steps.length > 0) {
    const child = steps[0]!.startsWith("@") ? -1 : childNamed(doc, found, steps[0]!);
    if (child < 0) break;
    found = child;
    steps.shift();
  }
  return [locationOf(doc, found), ...steps].join("/");
}

const nameOf = (doc: XmlDocument, node: number): string =>
  displayName(doc.names.uri(doc.name[node]!), doc.names.local(doc.name[node]!));

function childNamed(doc: XmlDocument, node: number, name: string): number {
  if ((doc.shape[node]! & HAS_ELEMENTS) === 0) return -1;
  for (let child = node + 1; child < doc.end[node]!; child = doc.end[child]!)
    if (nameOf(doc, child) === name) return child;
  return -1;
}

function stepOf(doc: XmlDocument, node: number): string {
  const parent = doc.parent[node]!;
  if (parent < 0) return nameOf(doc, node);
  const positions = positionsOf(doc, parent, doc.name[node]!);
  return positions.size > 1 ? `${nameOf(doc, node)}[${positions.get(node)}]` : nameOf(doc, node);
}

/** Positions among siblings of one name, kept because a rule that breaks on one line mostly breaks on many. */
const known = new WeakMap<XmlDocument, Map<string, ReadonlyMap<number, number>>>();

function positionsOf(doc: XmlDocument, parent: number, name: number): ReadonlyMap<number, number> {
  let ofDocument = known.get(doc);
  if (!ofDocument) known.set(doc, (ofDocument = new Map()));
  const key = `${parent} ${name}`;
  const found = ofDocument.get(key);
  if (found) return found;
  const positions = new Map<number, number>();
  for (let twin = parent + 1; twin < doc.end[parent]!; twin = doc.end[twin]!) {
    if (doc.name[twin] === name) positions.set(twin, positions.size + 1);
  }
  ofDocument.set(key, positions);
  return positions;
}

/** The element an attribute stands on: the last whose attributes begin at or before it. */
function ownerOf(doc: XmlDocument, attribute: number): number {
  let low = 0;
  let high = doc.size - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (doc.attributeStart[middle]! <= attribute) low = middle;
    else high = middle - 1;
  }
  return low;
}
