import { attributeText, textNodesOf, textOf, type XmlDocument } from "#core/lib/xml/index.ts";
import { HAS_ELEMENTS, HAS_TEXT, NEEDS_ASSEMBLY } from "#core/lib/xml/document.ts";
import { displayName, nameNumber, names, namespaces } from "../names.ts";
import { acceptsAttribute, type DataType } from "./data-types.ts";
import { creditNoteRoot, type Declaration, extensionContent, invoiceRoot, type Model } from "./models.ts";

export type StructureProblemKind =
  | "wrong-root"
  | "unknown-element"
  | "misplaced-element"
  | "repeated-element"
  | "missing-element"
  | "unexpected-text"
  | "element-in-value"
  | "wrong-value"
  | "unknown-attribute"
  | "wrong-attribute"
  | "missing-attribute"
  | "wrong-extension";

/** Where and why a document breaks the schemas. `subject` is the name of what is missing or wrong. */
export interface StructureProblem {
  readonly kind: StructureProblemKind;
  readonly node: number;
  readonly subject: string;
}

/** Enough to mend a document by; the verdict needs only the first. */
const MOST_PROBLEMS = 20;

/** Allowed on any element by XML Schema itself. */
const schemaAttributes = ["xsi:schemaLocation", "xsi:noNamespaceSchemaLocation", "xsi:type"].map(nameNumber);

/**
 * Compares one element and what stands directly in it with the UBL 2.1 schemas: order, occurrence, type, attributes.
 * Asked of every element of a document, this is the whole check.
 */
export function checkElement(
  doc: XmlDocument,
  node: number,
  { model, dataType }: Declaration,
  problems: StructureProblem[],
): void {
  if (problems.length >= MOST_PROBLEMS) return;
  if (node === 0 && doc.name[0] !== invoiceRoot && doc.name[0] !== creditNoteRoot) {
    problems.push({ kind: "wrong-root", node, subject: nameOf(doc, node) });
  }
  if (dataType !== undefined) checkValue(doc, node, dataType, problems);
  else if (model !== undefined) checkAggregate(doc, node, model, problems);
  else if (doc.name[node] === extensionContent) checkExtension(doc, node, problems);
}

function checkAggregate(doc: XmlDocument, node: number, model: Model, problems: StructureProblem[]): void {
  if ((doc.shape[node]! & HAS_TEXT) !== 0 && textNodesOf(doc, node).some((text) => /[^ \t\r\n]/.test(text))) {
    problems.push({ kind: "unexpected-text", node, subject: nameOf(doc, node) });
  }
  if (doc.attributeStart[node] !== doc.attributeStart[node + 1]) checkAttributes(doc, node, [], problems);
  const end = doc.end[node]!;
  let last = -1;
  for (let child = node + 1; child < end && problems.length < MOST_PROBLEMS; child = doc.end[child]!) {
    const place = (model.place[doc.name[child]!] ?? 0) - 1;
    if (place > last) {
      const missing = model.nextRequired[last + 1]!;
      if (missing < place)
        problems.push({ kind: "missing-element", node, subject: placeName(model, missing) });
      last = place;
    } else if (place < 0)
      problems.push({ kind: "unknown-element", node: child, subject: nameOf(doc, child) });
    else if (place < last)
      problems.push({ kind: "misplaced-element", node: child, subject: nameOf(doc, child) });
    else if (!model.repeats[place])
      problems.push({ kind: "repeated-element", node: child, subject: nameOf(doc, child) });
  }
  const missing = model.nextRequired[last + 1]!;
  if (missing < model.names.length)
    problems.push({ kind: "missing-element", node, subject: placeName(model, missing) });
}

function checkValue(doc: XmlDocument, node: number, type: DataType, problems: StructureProblem[]): void {
  const shape = doc.shape[node]!;
  if ((shape & HAS_ELEMENTS) !== 0) {
    problems.push({ kind: "element-in-value", node, subject: nameOf(doc, node) });
    return;
  }
  const attributed = doc.attributeStart[node] !== doc.attributeStart[node + 1];
  if (attributed || type.required !== undefined)
    checkAttributes(doc, node, type.attributes, problems, type.required);
  if (type.accepts === undefined) return;
  const plain = (shape & NEEDS_ASSEMBLY) === 0;
  const text = plain ? doc.source : textOf(doc, node);
  const from = plain ? doc.contentStart[node]! : 0;
  const to = plain ? doc.contentEnd[node]! : text.length;
  if (!type.accepts(text, from, to)) problems.push({ kind: "wrong-value", node, subject: type.name });
}

function checkAttributes(
  doc: XmlDocument,
  node: number,
  allowed: readonly number[],
  problems: StructureProblem[],
  required?: number,
): void {
  let isMissing = required !== undefined;
  for (let i = doc.attributeStart[node]!; i < doc.attributeStart[node + 1]!; i++) {
    const name = doc.attributeName[i]!;
    if (name === required) isMissing = false;
    if (allowed.includes(name)) {
      if (!acceptsAttribute(name, attributeText(doc, i))) {
        problems.push({ kind: "wrong-attribute", node, subject: doc.names.local(name) });
      }
    } else if (!schemaAttributes.includes(name)) {
      problems.push({
        kind: "unknown-attribute",
        node,
        subject: displayName(doc.names.uri(name), doc.names.local(name)),
      });
    }
  }
  if (isMissing) problems.push({ kind: "missing-attribute", node, subject: names.local(required!) });
}

/** An extension holds exactly one element of a foreign namespace; inside it only what the schemas know is checked. */
function checkExtension(doc: XmlDocument, node: number, problems: StructureProblem[]): void {
  const first = node + 1;
  const uri = doc.names.uri(doc.name[first] ?? 0);
  const isSingle = first < doc.end[node]! && doc.end[first] === doc.end[node];
  if (!isSingle || uri === namespaces.ext || uri === "") {
    problems.push({ kind: "wrong-extension", node, subject: nameOf(doc, node) });
  }
}

const nameOf = (doc: XmlDocument, node: number): string =>
  displayName(doc.names.uri(doc.name[node]!), doc.names.local(doc.name[node]!));

const placeName = (model: Model, place: number): string => {
  const name = model.names[place]!;
  return displayName(names.uri(name), names.local(name));
};
