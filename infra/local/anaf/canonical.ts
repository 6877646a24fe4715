/**
 * Canonical XML 1.0, inclusive, without comments (W3C xml-c14n), for the documents that ANAF's test environment
 * seals (ANAF.md §7). No DTD is expected: the upload refuses one. Input must be well-formed.
 */
const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?([\s\S]*?)\?>|<\/([^\s>]+)\s*>|<([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|[^<]+/g;
const attributePattern = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

type Scope = Record<string, string>;

export function canonicalize(xml: string): string {
  const source = xml.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const scopes: Scope[] = [{}];
  let depth = 0;
  let out = "";
  for (const match of source.matchAll(token)) {
    const [text, cdata, instruction, closing, opening, attributes = "", selfClosing] = match;
    if (cdata !== undefined) out += escapeText(cdata);
    else if (opening !== undefined) {
      const parent = scopes.at(-1) ?? {};
      const scope = { ...parent };
      out += openTag(opening, attributes, parent, scope);
      if (selfClosing) out += `</${opening}>`;
      else {
        scopes.push(scope);
        depth++;
      }
    } else if (closing !== undefined) {
      out += `</${closing}>`;
      scopes.pop();
      depth--;
    } else if (instruction !== undefined) {
      // The declaration goes; other instructions stay, on a line of their own outside the root.
      if (!/^xml\s/.test(instruction)) out += depth > 0 ? text : `${text}\n`;
    } else if (depth > 0 && !text.startsWith("<!--")) out += escapeText(decode(text));
  }
  return out;
}

function openTag(name: string, attributes: string, parent: Scope, scope: Scope): string {
  const namespaces: [string, string][] = [];
  const others: [string, string][] = [];
  for (const [, key = "", double, single] of attributes.matchAll(attributePattern)) {
    // Attribute normalization turns raw white space into blanks; character references survive it.
    const value = decode((double ?? single ?? "").replace(/[\t\n]/g, " "));
    if (key === "xmlns" || key.startsWith("xmlns:")) {
      const prefix = key === "xmlns" ? "" : key.slice(6);
      // A declaration that repeats what is already in force is left out.
      if ((parent[prefix] ?? "") !== value) namespaces.push([prefix, value]);
      scope[prefix] = value;
    } else others.push([key, value]);
  }
  namespaces.sort(([a], [b]) => compare(a, b));
  const order = (key: string): string => {
    const colon = key.indexOf(":");
    if (colon < 0) return `\u0000${key}`;
    const uri = key.startsWith("xml:") ? "http://www.w3.org/XML/1998/namespace" : scope[key.slice(0, colon)];
    return `${uri ?? ""}\u0000${key.slice(colon + 1)}`;
  };
  others.sort(([a], [b]) => compare(order(a), order(b)));
  const declared = namespaces.map(
    ([prefix, uri]) => ` xmlns${prefix && `:${prefix}`}="${escapeAttribute(uri)}"`,
  );
  const given = others.map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`);
  return `<${name}${declared.join("")}${given.join("")}>`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g,
    (whole, hex, decimal, name: string | undefined) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(String(hex), 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return entities[name ?? ""] ?? whole;
    },
  );
}

function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[char] ?? "&#xD;");
}

function escapeAttribute(text: string): string {
  const escapes: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    '"': "&quot;",
    "\t": "&#x9;",
    "\n": "&#xA;",
  };
  return text.replace(/[&<"\t\n\r]/g, (char) => escapes[char] ?? "&#xD;");
}
