/**
 * Canonical XML without comments, inclusive (REC-xml-c14n) and exclusive (REC-xml-exc-c14n): the form in which XML
 * signatures are made. Input is well-formed and free of a DTD: parse it with core/lib/xml first.
 */
const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>|<\?(?<instruction>[\s\S]*?)\?>|<\/(?<closing>[^\s>]+)\s*>|<(?<opening>[^\s/>]+)(?<attributes>(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?<selfClosing>\/?)>|[^<]+/g;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

type Namespaces = Readonly<Record<string, string>>;

export interface CanonicalOptions {
  /** Only the part of the document under the first element of this local name. */
  readonly only?: string;
  /** Leave out the first element of this local name: an enveloped signature. */
  readonly without?: string;
  readonly exclusive?: boolean;
  /** Drop white space between elements, as a verifier may try on a file that was re-indented after signing. */
  readonly withoutIndentation?: boolean;
}

/** The canonical form of a document, or of one element of it. */
export function canonical(xml: string, options: CanonicalOptions = {}): string {
  const writer = new CanonicalWriter(options);
  const source = xml.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
  for (const { 0: whole, groups = {} } of source.matchAll(TOKEN)) {
    const { cdata, instruction, closing, opening, attributes = "", selfClosing } = groups;
    if (opening !== undefined) {
      writer.open(opening, attributes);
      if (selfClosing) writer.close(opening);
    } else if (closing !== undefined) writer.close(closing);
    else if (cdata !== undefined) writer.text(cdata);
    else if (instruction !== undefined) writer.instruction(instruction);
    else if (!whole.startsWith("<!--")) writer.text(decoded(whole));
  }
  return writer.written;
}

const localOf = (name: string): string => name.slice(name.indexOf(":") + 1);

class CanonicalWriter {
  written = "";
  readonly #options: CanonicalOptions;
  /** Per open element: the namespaces in scope, and those its canonical form has already declared. */
  readonly #open: { scope: Namespaces; declared: Namespaces }[] = [];
  /** Depth at which the wanted part began and the unwanted one begins. */
  #from: number | undefined;
  #skip: number | undefined;
  #wasFound = false;
  #wasSkipped = false;

  constructor(options: CanonicalOptions) {
    this.#options = options;
    if (options.only === undefined) this.#from = 0;
  }

  get #isWriting(): boolean {
    return this.#from !== undefined && this.#skip === undefined;
  }

  open(name: string, attributes: string): void {
    const depth = this.#open.length;
    if (this.#from === undefined && !this.#wasFound && localOf(name) === this.#options.only)
      this.#from = depth;
    if (this.#skip === undefined && !this.#wasSkipped && localOf(name) === this.#options.without)
      this.#skip = depth;
    const above = this.#open.at(-1) ?? { scope: {}, declared: {} };
    const { scope, plain } = readAttributes(attributes, above.scope);
    const declared = { ...above.declared };
    if (this.#isWriting) {
      const wanted = this.#options.exclusive ? visiblyUsed(name, plain, scope) : scope;
      const fresh = Object.entries(wanted).filter(([prefix, uri]) => (declared[prefix] ?? "") !== uri);
      Object.assign(declared, Object.fromEntries(fresh));
      this.written += startTag(name, fresh, plain, scope);
    }
    this.#open.push({ scope, declared });
  }

  close(name: string): void {
    if (this.#isWriting) this.written += `</${name}>`;
    this.#open.pop();
    const depth = this.#open.length;
    if (this.#skip === depth) {
      this.#skip = undefined;
      this.#wasSkipped = true;
    }
    if (this.#options.only !== undefined && this.#from === depth) {
      this.#from = undefined;
      this.#wasFound = true;
    }
  }

  text(text: string): void {
    if (!this.#isWriting || this.#open.length === 0) return;
    if (this.#options.withoutIndentation && text.trim() === "") return;
    this.written += text.replaceAll(/[&<>\r]/g, (char) => TEXT_ESCAPES[char]!);
  }

  instruction(content: string): void {
    if (this.#isWriting && !/^xml\s/.test(content))
      this.written += this.#open.length > 0 ? `<?${content}?>` : `<?${content}?>\n`;
  }
}

function readAttributes(attributes: string, above: Namespaces) {
  const scope: Record<string, string> = { ...above };
  const plain: [string, string][] = [];
  for (const [, key = "", double, single] of attributes.matchAll(ATTRIBUTE)) {
    const value = decoded((double ?? single ?? "").replaceAll(/[\t\n]/g, " "));
    if (key === "xmlns") scope[""] = value;
    else if (key.startsWith("xmlns:")) scope[key.slice(6)] = value;
    else plain.push([key, value]);
  }
  return { scope, plain };
}

/** Exclusive form: only the namespaces that the element's own name and attributes use. */
function visiblyUsed(name: string, plain: readonly [string, string][], scope: Namespaces): Namespaces {
  const prefixes = [name, ...plain.map(([key]) => key).filter((key) => key.includes(":"))]
    .map((qualified) => (qualified.includes(":") ? qualified.slice(0, qualified.indexOf(":")) : ""))
    .filter((prefix) => prefix !== "xml");
  return Object.fromEntries(prefixes.map((prefix) => [prefix, scope[prefix] ?? ""]));
}

function startTag(
  name: string,
  namespaces: readonly [string, string][],
  plain: readonly [string, string][],
  scope: Namespaces,
): string {
  const sortKey = (key: string): string => {
    const colon = key.indexOf(":");
    return colon < 0 ? `\u0000${key}` : `${scope[key.slice(0, colon)] ?? ""}\u0000${key.slice(colon + 1)}`;
  };
  const declarations = namespaces
    .toSorted(([a], [b]) => compare(a, b))
    .map(([prefix, uri]) => ` xmlns${prefix && `:${prefix}`}="${escaped(uri)}"`);
  const others = plain
    .toSorted(([a], [b]) => compare(sortKey(a), sortKey(b)))
    .map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<${name}${declarations.join("")}${others.join("")}>`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const TEXT_ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;" };
const ATTRIBUTE_ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  '"': "&quot;",
  "\t": "&#x9;",
  "\n": "&#xA;",
  "\r": "&#xD;",
};
const escaped = (value: string): string =>
  value.replaceAll(/[&<"\t\n\r]/g, (char) => ATTRIBUTE_ESCAPES[char]!);

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replaceAll(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g,
    (whole, hex: string, decimal: string, name: string) => {
      if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (decimal) return String.fromCodePoint(Number(decimal));
      return ENTITIES[name] ?? whole;
    },
  );
