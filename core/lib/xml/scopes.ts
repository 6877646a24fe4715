import type { Names } from "./names.ts";

const XML_URI = "http://www.w3.org/XML/1998/namespace";
const XMLNS_URI = "http://www.w3.org/2000/xmlns/";

/** In force at one place; real documents have a handful, and each look-up may walk them all. */
const MOST_DECLARATIONS = 256;

/** Different names in all the namespaces of one document; UBL has some 2 600 in all. */
const MOST_NAMES = 10_000;

/** Why a declaration or a name breaks the namespace rules; the scanner adds the place. */
export class NamespaceProblem extends Error {}

/**
 * The namespace declarations in force while a document is read. `current` changes whenever the set in force does, so
 * whoever remembers what a written name meant knows when to look again.
 */
export class Scopes {
  readonly #prefixes: string[] = [];
  readonly #uris: string[] = [];
  /** The known names of each namespace, looked up once and not for every name. */
  readonly #known: (ReadonlyMap<string, number> | undefined)[] = [];
  readonly #names: Names;
  /** How many declarations were in force, and which scope, before each element that declared something. */
  readonly #marks: number[] = [];
  #last = 0;
  current = 0;

  constructor(names: Names) {
    this.#names = names;
  }

  /** Opens the scope of an element that declares namespaces. */
  open(): void {
    this.#marks.push(this.#prefixes.length, this.current);
    this.current = ++this.#last;
  }

  close(): void {
    this.current = this.#marks.pop()!;
    this.#prefixes.length = this.#uris.length = this.#known.length = this.#marks.pop()!;
  }

  /** Declares a prefix ("" for the default namespace) in the scope just opened. */
  declare(prefix: string, uri: string): void {
    if (prefix === "xmlns" || (prefix === "xml") !== (uri === XML_URI) || uri === XMLNS_URI) {
      throw new NamespaceProblem(
        "The prefixes xml and xmlns and their namespaces cannot be declared otherwise.",
      );
    }
    if (prefix !== "" && uri === "") throw new NamespaceProblem(`The prefix ${prefix} is bound to nothing.`);
    for (let i = this.#prefixes.length - 1; i >= this.#marks.at(-2)!; i--) {
      if (this.#prefixes[i] === prefix)
        throw new NamespaceProblem(`The prefix ${prefix || "xmlns"} is declared twice.`);
    }
    if (this.#prefixes.length === MOST_DECLARATIONS)
      throw new NamespaceProblem("Too many namespaces are declared.");
    this.#prefixes.push(prefix);
    this.#uris.push(uri);
    this.#known.push(this.#names.known(uri));
  }

  /** The number of a name as written in a tag. Attributes without a prefix are in no namespace. */
  resolve(written: string, isAttribute: boolean): number {
    const colon = written.indexOf(":");
    if (colon < 0) return isAttribute ? this.#names.number("", written) : this.#resolve("", written);
    const local = written.slice(colon + 1);
    const number = this.#resolve(written.slice(0, colon), local);
    // Only now, because what is known to mean something is also known to be a name.
    if (number < this.#names.knownSize) return number;
    if (colon === 0 || local === "" || local.includes(":") || /^[-.0-9]/.test(local))
      throw new NamespaceProblem(`${written} is not a name.`);
    return number;
  }

  #resolve(prefix: string, local: string): number {
    for (let i = this.#prefixes.length - 1; i >= 0; i--) {
      if (this.#prefixes[i] === prefix)
        return this.#known[i]?.get(local) ?? this.#strangerNumber(this.#uris[i]!, local);
    }
    if (prefix !== "" && prefix !== "xml")
      throw new NamespaceProblem(`The prefix ${prefix} is not declared.`);
    return this.#strangerNumber(prefix === "" ? "" : XML_URI, local);
  }

  #strangerNumber(uri: string, local: string): number {
    if (this.#names.size > MOST_NAMES)
      throw new NamespaceProblem("The document uses too many different names.");
    return this.#names.number(uri, local);
  }
}
