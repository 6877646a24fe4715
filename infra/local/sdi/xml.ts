import { XMLParser, XMLValidator } from "fast-xml-parser";

/** An element as it stands in a file: children in order, since order is what a schema is about. */
export interface Element {
  /** As written, with its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Its own text; "" when it has only children. */
  readonly text: string;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** What the parser gives for a node: one key for its name, one for its attributes. */
type Node = Record<string, unknown>;

const elementFrom = (node: Node): Element | undefined => {
  const name = Object.keys(node).find((key) => key !== ":@" && key !== "#text");
  if (name === undefined) return undefined;
  const content = node[name] as Node[];
  const children = content.flatMap((child) => elementFrom(child) ?? []);
  const text = content.map((child) => (child["#text"] as string | undefined) ?? "").join("");
  return { name, attributes: (node[":@"] ?? {}) as Record<string, string>, children, text };
};

/** The document element; undefined when the text is not well-formed, or has a DOCTYPE, which the exchange refuses. */
export function parse(xml: string): Element | undefined {
  if (xml.includes("<!DOCTYPE") || XMLValidator.validate(xml) !== true) return undefined;
  return (parser.parse(xml) as Node[]).flatMap((node) => elementFrom(node) ?? [])[0];
}

/** Every element at a path of names. */
export const all = (from: Element, path: string): Element[] =>
  path
    .split("/")
    .reduce<Element[]>(
      (parents, name) => parents.flatMap((parent) => parent.children.filter((child) => child.name === name)),
      [from],
    );

/** The text of the first element at a path, without blanks around it; "" when there is none. */
export const textAt = (from: Element, path: string): string => all(from, path)[0]?.text.trim() ?? "";

/** Text for an element or attribute. */
export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
