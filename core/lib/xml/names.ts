/**
 * Expanded names (namespace and local part) as small numbers, so that documents hold numbers and code compares them.
 * A table may stand on a base table whose numbers it keeps: the product's known names are numbered once, and each
 * document numbers only its strangers, which vanish with it. What is added to the base later is unknown to documents
 * read before.
 */
export class Names {
  readonly #base: Names | undefined;
  readonly #offset: number;
  readonly #ids = new Map<string, Map<string, number>>();
  readonly #uris: string[] = [];
  readonly #locals: string[] = [];

  constructor(base?: Names) {
    this.#base = base;
    this.#offset = base?.size ?? 0;
  }

  get size(): number {
    return this.#offset + this.#locals.length;
  }

  /** How many names the base table had when this one began. */
  get knownSize(): number {
    return this.#offset;
  }

  /** Local names and numbers that the base table has of a namespace, or of none. */
  known(uri: string): ReadonlyMap<string, number> | undefined {
    return this.#base === undefined ? undefined : this.#base.#ids.get(uri);
  }

  /** The number of a name, or undefined when nobody numbered it. */
  find(uri: string, local: string): number | undefined {
    return this.#base?.find(uri, local) ?? this.#ids.get(uri)?.get(local);
  }

  /** The number of a name, given now if it has none. */
  number(uri: string, local: string): number {
    const known = this.find(uri, local);
    if (known !== undefined) return known;
    let inUri = this.#ids.get(uri);
    if (!inUri) this.#ids.set(uri, (inUri = new Map()));
    const id = this.size;
    inUri.set(local, id);
    this.#uris.push(uri);
    this.#locals.push(local);
    return id;
  }

  local(id: number): string {
    return id < this.#offset ? this.#base!.local(id) : (this.#locals[id - this.#offset] ?? "");
  }

  uri(id: number): string {
    return id < this.#offset ? this.#base!.uri(id) : (this.#uris[id - this.#offset] ?? "");
  }
}
