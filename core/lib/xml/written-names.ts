import { decoded, same, type Walkable } from "./bytes.ts";
import { isName, isNamePart, isNameStart, NAME_PART, nameKind } from "./characters.ts";
import { NamespaceProblem, type Scopes } from "./scopes.ts";

/** Different names one document may use; UBL has some 2 600 in all. */
const MOST_NAMES = 8192;
const SLOTS = MOST_NAMES * 2;

/** For small documents, kept from one to the next. */
const fewSlots = new Uint16Array(2048);

const column = (): Int32Array => new Int32Array(MOST_NAMES);
/** What is known of each entry; kept from one document to the next, whose entries take the place of the former. */
const entries = {
  starts: column(),
  lengths: column(),
  elementName: column(),
  elementScope: column(),
  attributeName: column(),
  attributeScope: column(),
  /** The entry that followed it last time: documents repeat themselves, so the guess is mostly right. */
  followers: column(),
};

/** Unforeseeable, so that nobody can write names that all fall into one slot. */
const seed = Math.floor(Math.random() * 0x7fffffff);

/**
 * Names as written in tags (`cbc:ID`), recognised by hash without cutting a string, and what each means under the
 * namespaces in force. A name is resolved again only when the scope has changed since.
 */
export class WrittenNames {
  readonly #source: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #scopes: Scopes;
  /** Entry + 1 by hash; 0 is free. */
  readonly #slots: Uint16Array;
  #count = 0;
  #last = -1;
  /** Offset behind the name last read. */
  end = 0;

  constructor(source: string, { bytes, view }: Walkable, scopes: Scopes) {
    this.#source = source;
    this.#bytes = bytes;
    this.#view = view;
    this.#scopes = scopes;
    this.#slots = source.length < 65_536 ? fewSlots.fill(0) : new Uint16Array(SLOTS);
  }

  /** Reads the name at an offset and returns its entry, or -1 when there is none. */
  read(at: number): number {
    const guess = this.#last < 0 ? -1 : entries.followers[this.#last]!;
    if (guess >= 0 && this.#isAt(guess, at)) {
      this.end = at + entries.lengths[guess]!;
      this.#last = guess;
      return guess;
    }
    const entry = this.#find(at);
    if (entry < 0) return entry;
    if (this.#last >= 0) entries.followers[this.#last] = entry;
    this.#last = entry;
    return entry;
  }

  /** Whether the name of an entry, and no longer one, stands at an offset. */
  #isAt(entry: number, at: number): boolean {
    const length = entries.lengths[entry]!;
    const end = at + length;
    // The end first: it tells `cbc:ID` from `cbc:IssueDate` at once.
    if (end > this.#source.length || isNamePart(this.#bytes[end]!)) return false;
    return same(this.#view, entries.starts[entry]!, at, length);
  }

  #find(at: number): number {
    const bytes = this.#bytes;
    let code = bytes[at]!;
    if (!isNameStart(code)) return -1;
    let hash = Math.imul(seed ^ code, 0x01000193);
    let end = at + 1;
    for (;;) {
      code = bytes[end]!;
      if ((nameKind[code]! & NAME_PART) === 0) break;
      hash = Math.imul(hash ^ code, 0x01000193);
      end++;
    }
    this.end = end;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      if (
        entries.lengths[entry - 1] === end - at &&
        same(this.#view, entries.starts[entry - 1]!, at, end - at)
      )
        return entry - 1;
      slot = (slot + 1) & mask;
    }
    return this.#add(slot, at, end - at);
  }

  /** The number of the expanded name an entry stands for here. Throws NamespaceProblem. */
  element(entry: number): number {
    if (entries.elementScope[entry] !== this.#scopes.current) {
      entries.elementName[entry] = this.#scopes.resolve(this.#text(entry), false);
      entries.elementScope[entry] = this.#scopes.current;
    }
    return entries.elementName[entry]!;
  }

  /** The same for an attribute, which takes no default namespace. */
  attribute(entry: number): number {
    if (entries.attributeScope[entry] !== this.#scopes.current) {
      entries.attributeName[entry] = this.#scopes.resolve(this.#text(entry), true);
      entries.attributeScope[entry] = this.#scopes.current;
    }
    return entries.attributeName[entry]!;
  }

  #add(slot: number, start: number, length: number): number {
    const entry = this.#count;
    if (entry === this.#slots.length >> 1)
      throw new NamespaceProblem("The document uses too many different names.");
    const text = this.#source.slice(start, start + length);
    const name = decoded(text);
    // Of ASCII characters it is known already.
    if (name !== text && !isName(name))
      throw new NamespaceProblem("A name has a character that no name may have.");
    this.#count++;
    this.#slots[slot] = entry + 1;
    entries.followers[entry] = -1;
    entries.starts[entry] = start;
    entries.lengths[entry] = length;
    entries.elementScope[entry] = -1;
    entries.attributeScope[entry] = -1;
    return entry;
  }

  #text(entry: number): string {
    const start = entries.starts[entry]!;
    return decoded(this.#source.slice(start, start + entries.lengths[entry]!));
  }
}
