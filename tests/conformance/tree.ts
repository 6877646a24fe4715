/** An XML element as data, so that tests change documents by path instead of by text. */
export interface Tree {
  name: string;
  attributes: Record<string, string>;
  /** Child elements, or the text of a leaf. */
  content: Tree[] | string;
}

/** `tree("cbc:ID", "1")`, `tree("cbc:Amount currencyID=RON", "1.00")`, `tree("cac:Party", [...])`. */
export function tree(head: string, content: Tree[] | string = ""): Tree {
  const [name, ...pairs] = head.split(" ");
  return {
    name: name!,
    attributes: Object.fromEntries(pairs.map((pair) => pair.split("=") as [string, string])),
    content,
  };
}

const escape = (text: string): string => text.replace(/[&<"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function write({ name, attributes, content }: Tree): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value)}"`);
  return `<${name}${pairs.join("")}>${typeof content === "string" ? escape(content) : content.map(write).join("")}</${name}>`;
}

const childrenOf = (node: Tree): Tree[] => (typeof node.content === "string" ? [] : node.content);

/** The element at `cac:Item/cbc:Name`; `cac:InvoiceLine[2]` is the second of its kind. Throws when there is none. */
export function at(root: Tree, path: string): Tree {
  let found = root;
  for (const step of path === "" ? [] : path.split("/")) {
    const [, name, position] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step)!;
    const next = childrenOf(found).filter((child) => child.name === name)[Number(position ?? 1) - 1];
    if (!next) throw new Error(`${path} is not in the document`);
    found = next;
  }
  return found;
}

/** A change to a document. */
export type Change = (root: Tree) => void;

export const set =
  (path: string, text: string): Change =>
  (root) => {
    at(root, path).content = text;
  };

export const setAttribute =
  (path: string, name: string, value: string): Change =>
  (root) => {
    at(root, path).attributes[name] = value;
  };

export const dropAttribute =
  (path: string, name: string): Change =>
  (root) => {
    delete at(root, path).attributes[name];
  };

/** Removes the elements of that name at the path's parent: all of them, or the one numbered. */
export const drop =
  (path: string): Change =>
  (root) => {
    const cut = path.lastIndexOf("/");
    const parent = at(root, cut < 0 ? "" : path.slice(0, cut));
    const last = path.slice(cut + 1);
    const target = last.includes("[") ? at(root, path) : undefined;
    parent.content = childrenOf(parent).filter((child) => (target ? child !== target : child.name !== last));
  };

/** Puts elements at the end of an element. */
export const add =
  (path: string, ...elements: Tree[]): Change =>
  (root) => {
    const parent = at(root, path);
    parent.content = [...childrenOf(parent), ...structuredClone(elements)];
  };

/** Repeats an element behind itself. */
export const repeat =
  (path: string, times = 1): Change =>
  (root) => {
    const cut = path.lastIndexOf("/");
    const parent = at(root, cut < 0 ? "" : path.slice(0, cut));
    const original = at(root, path);
    const position = childrenOf(parent).indexOf(original) + 1;
    const copies = Array.from({ length: times }, () => structuredClone(original));
    parent.content = childrenOf(parent).toSpliced(position, 0, ...copies);
  };

export const all =
  (...changes: Change[]): Change =>
  (root) => {
    for (const change of changes) change(root);
  };

/** Makes sure an element is at a path, with what leads there. */
export const ensure =
  (path: string): Change =>
  (root) => {
    let found = root;
    for (const name of path.split("/")) {
      let next = childrenOf(found).find((child) => child.name === name);
      if (!next) {
        next = tree(name);
        found.content = [...childrenOf(found), next];
      }
      found = next;
    }
  };
