/**
 * Derives the structure tables from the UBL 2.1 schemas: which elements a type holds, in which order and how often, and
 * which basic type each leaf has. Run: `node scripts/generate/structure.ts <folder of the UBL 2.1 schemas>`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  attribute,
  child,
  children,
  descend,
  localName,
  parseXml,
  type XmlDocument,
  type XmlNode,
} from "#core/lib/xml/index.ts";

const folder = process.argv[2] ?? "../shared/conformance/xsd/ubl21";
const target = "core/rules/structure/ubl21.ts";
const ROOTS = ["Invoice", "CreditNote"];

const read = (path: string): XmlDocument => parseXml(readFileSync(join(folder, path)));
const basic = read("common/UBL-CommonBasicComponents-2.1.xsd");
const aggregate = read("common/UBL-CommonAggregateComponents-2.1.xsd");
const extension = read("common/UBL-CommonExtensionComponents-2.1.xsd");

/** Name → type of the elements a schema declares. */
function elementsOf(doc: XmlDocument): Map<string, string> {
  return new Map(
    children(doc, 0, "element").map((node) => [attribute(doc, node, "name")!, attribute(doc, node, "type")!]),
  );
}

function typeNamed(doc: XmlDocument, name: string): XmlNode {
  const found = children(doc, 0, "complexType").find((node) => attribute(doc, node, "name") === name);
  if (found === undefined) throw new Error(`No type ${name}`);
  return found;
}

/** `UBLExtensions? ID … | InvoicePeriod*`: basic elements, a bar, aggregates; `?` 0..1, `*` 0..n, `+` 1..n. */
function contentOf(doc: XmlDocument, type: string): { model: string; aggregates: string[] } {
  const basics: string[] = [];
  const aggregates: string[] = [];
  for (const node of children(doc, descend(doc, typeNamed(doc, type), "sequence")!)) {
    const ref = attribute(doc, node, "ref")!;
    const optional = attribute(doc, node, "minOccurs") === "0";
    const many = attribute(doc, node, "maxOccurs") === "unbounded";
    const occurs = many ? (optional ? "*" : "+") : optional ? "?" : "";
    if (localName(doc, node) !== "element") throw new Error(`${type} holds ${localName(doc, node)}`);
    if (ref.startsWith("cac:") || (doc === aggregate && !ref.includes(":")))
      aggregates.push(ref.replace("cac:", "") + occurs);
    else if (aggregates.length > 0) throw new Error(`${type} has a basic element after an aggregate`);
    else
      basics.push((ref.startsWith("cbc:") ? ref.slice(4) : ref.includes(":") ? ref : `ext:${ref}`) + occurs);
  }
  return { model: [...basics, ...(aggregates.length > 0 ? ["|", ...aggregates] : [])].join(" "), aggregates };
}

/** AmountType, CodeType … : the unqualified data type under a basic element. */
function dataTypeOf(doc: XmlDocument, type: string): string {
  const base = descend(doc, typeNamed(doc, type), "simpleContent", "extension");
  const name = base === undefined ? undefined : attribute(doc, base, "base");
  if (!name?.startsWith("udt:")) throw new Error(`${type} is based on ${name}`);
  return name.slice(4).replace(/Type$/, "");
}

const aggregateElements = elementsOf(aggregate);
const types = new Map<string, string>();
const elements = new Map<string, string>();
const pending: string[] = [];
for (const root of ROOTS) {
  const content = contentOf(read(`maindoc/UBL-${root}-2.1.xsd`), `${root}Type`);
  types.set(root, content.model);
  pending.push(...content.aggregates);
}
while (pending.length > 0) {
  const element = pending.pop()!.replace(/[?*+]$/, "");
  if (elements.has(element)) continue;
  const type = aggregateElements.get(element)!;
  elements.set(element, type.replace(/Type$/, ""));
  if (types.has(type.replace(/Type$/, ""))) continue;
  const content = contentOf(aggregate, type);
  types.set(type.replace(/Type$/, ""), content.model);
  pending.push(...content.aggregates);
}
for (const type of ["UBLExtensions", "UBLExtension"])
  types.set(type, contentOf(extension, `${type}Type`).model);

const used = new Set(
  [...types.values()]
    .flatMap((model) => model.split("|")[0]!.split(" "))
    .map((name) => name.replace(/[?*+]$/, "")),
);
const leaves = new Map<string, string[]>();
for (const [doc, prefix] of [
  [basic, ""],
  [extension, "ext:"],
] as const) {
  for (const [name, type] of elementsOf(doc)) {
    if (!used.has(prefix + name) || child(doc, typeNamedOrRoot(doc, type), "simpleContent") === undefined)
      continue;
    const dataType = dataTypeOf(doc, type);
    leaves.set(dataType, [...(leaves.get(dataType) ?? []), prefix + name]);
  }
}

function typeNamedOrRoot(doc: XmlDocument, type: string): XmlNode {
  return type === "ExtensionContentType" ? 0 : typeNamed(doc, type);
}

const byType = new Map<string, string[]>();
for (const [element, type] of [...elements].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
  byType.set(type, [...(byType.get(type) ?? []), element]);
}
const table = (entries: Iterable<[string, string]>): string =>
  [...entries]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `  ${key}:\n    "${value}",`)
    .join("\n");

writeFileSync(
  target,
  `/* oxlint-disable max-lines */
/**
 * Generated by scripts/generate/structure.ts from the UBL 2.1 schemas (OASIS, 4 November 2013); do not edit.
 * Only what an Invoice or a CreditNote can reach. Order matters; \`?\` is 0..1, \`*\` 0..n, \`+\` 1..n, no sign exactly one.
 * Before the bar stand basic elements (cbc, or ext where written), behind it aggregates (cac).
 */
export const models: Readonly<Record<string, string>> = {
${table(types)}
};

/** Which aggregate elements have which model. */
export const aggregatesByModel: Readonly<Record<string, string>> = {
${table([...byType].map(([type, names]) => [type, names.join(" ")]))}
};

/** Which basic elements have which data type. */
export const basicsByType: Readonly<Record<string, string>> = {
${table([...leaves].map(([type, names]) => [type, names.join(" ")]))}
};
`,
);
