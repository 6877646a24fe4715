import { XMLParser, XMLValidator } from "fast-xml-parser";

/** An element: its children by local name, its attributes under `@name`, its text under `#text`. */
export interface Element {
  [name: string]: Element[] | string | undefined;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // Only XML white space is trimmed, below: a non-breaking space is content.
  trimValues: false,
  htmlEntities: true,
  alwaysCreateTextNode: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
});

export interface SyntaxFault {
  line: number;
  column: number;
  reason: string;
}

/** Why the text is not well-formed XML, or undefined. A DTD counts as a fault, as on ANAF's parser. */
export function findSyntaxFault(xml: string): SyntaxFault | undefined {
  const doctype = xml.indexOf("<!DOCTYPE");
  if (doctype >= 0) {
    const before = xml.slice(0, doctype).split("\n");
    const reason = `DOCTYPE is disallowed when the feature "http://apache.org/xml/features/disallow-doctype-decl" set to true.`;
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 10, reason };
  }
  const verdict = XMLValidator.validate(xml);
  return verdict === true
    ? undefined
    : { line: verdict.err.line, column: verdict.err.col, reason: `${verdict.err.msg} ` };
}

/** Local name and namespace of the document element, read without parsing the rest. */
export function rootOf(xml: string): { name: string; namespace: string } | undefined {
  const match = /<(?:([\w.-]+):)?([\w.-]+)((?:\s[^<>]*)?)>/.exec(
    xml.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, ""),
  );
  if (!match) return undefined;
  const [, prefix, name = "", attributes = ""] = match;
  const declaration = new RegExp(`\\sxmlns${prefix ? `:${prefix}` : ""}\\s*=\\s*["']([^"']*)["']`);
  return { name, namespace: declaration.exec(attributes)?.[1] ?? "" };
}

/** The document element of well-formed XML. */
export function parseXml(xml: string): Element {
  const tree = parser.parse(xml) as Element;
  const roots = Object.values(tree).find((value) => Array.isArray(value));
  return roots?.[0] ?? {};
}

/** Every element at a path of local names. */
export function elementsAt(element: Element, path: string): Element[] {
  return path.split("/").reduce<Element[]>(
    (parents, name) =>
      parents.flatMap((parent) => {
        const children = parent[name];
        return Array.isArray(children) ? children : [];
      }),
    [element],
  );
}

/** Text of the first element at the path; `""` when there is none. */
export function textAt(element: Element, path: string): string {
  const [first] = elementsAt(element, path);
  return first ? textOf(first) : "";
}

export function textOf(element: Element): string {
  const text = element["#text"];
  return typeof text === "string" ? text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "") : "";
}

export function attributeOf(element: Element, name: string): string {
  const value = element[`@${name}`];
  return typeof value === "string" ? value : "";
}

/** Every element of that name anywhere below. */
export function descendants(element: Element, name: string): Element[] {
  const found: Element[] = [];
  for (const [key, value] of Object.entries(element)) {
    if (!Array.isArray(value)) continue;
    if (key === name) found.push(...value);
    for (const child of value) found.push(...descendants(child, name));
  }
  return found;
}
