import { decoded, same, type Walkable } from "./bytes.ts";
import { isName, isNamePart, isNameStart, NAME_PART, nameKind } from "./characters.ts";
import { NamespaceProblem, type Scopes } from "./scopes.ts";

/** Different names one document may use; UBL has some 2 600 in all. */
const MOST_NAMES = 8192;
const SLOTS = MOST_NAMES * 2;

/** For small documents, kept from one to the next. */
const fewSlots = new Uint16Array(2048);

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
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  readonly #elementName: number[] = [];
  readonly #elementScope: number[] = [];
  readonly #attributeName: number[] = [];
  readonly #attributeScope: number[] = [];
  /** After each entry, the one that followed it last time: documents repeat themselves, so the guess is mostly right. */
  readonly #followers: number[] = [];
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
    const guess = this.#last < 0 ? -1 : this.#followers[this.#last]!;
    if (guess >= 0 && this.#isAt(guess, at)) {
      this.end = at + this.#lengths[guess]!;
      this.#last = guess;
      return guess;
    }
    const entry = this.#find(at);
    if (entry < 0) return entry;
    if (this.#last >= 0) this.#followers[this.#last] = entry;
    this.#last = entry;
    return entry;
  }

  /** Whether the name of an entry, and no longer one, stands at an offset. */
  #isAt(entry: number, at: number): boolean {
    const length = this.#lengths[entry]!;
    const end = at + length;
    // The end first: it tells `cbc:ID` from `cbc:IssueDate` at once.
    if (end > this.#source.length || isNamePart(this.#bytes[end]!)) return false;
    return same(this.#view, this.#starts[entry]!, at, length);
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
      if (this.#lengths[entry - 1] === end - at && same(this.#view, this.#starts[entry - 1]!, at, end - at))
        return entry - 1;
      slot = (slot + 1) & mask;
    }
    return this.#add(slot, at, end - at);
  }

  /** The number of the expanded name an entry stands for here. Throws NamespaceProblem. */
  element(entry: number): number {
    if (this.#elementScope[entry] !== this.#scopes.current) {
      this.#elementName[entry] = this.#scopes.resolve(this.#text(entry), false);
      this.#elementScope[entry] = this.#scopes.current;
    }
    return this.#elementName[entry]!;
  }

  /** The same for an attribute, which takes no default namespace. */
  attribute(entry: number): number {
    if (this.#attributeScope[entry] !== this.#scopes.current) {
      this.#attributeName[entry] = this.#scopes.resolve(this.#text(entry), true);
      this.#attributeScope[entry] = this.#scopes.current;
    }
    return this.#attributeName[entry]!;
  }

  #add(slot: number, start: number, length: number): number {
    const entry = this.#starts.length;
    if (entry === this.#slots.length >> 1)
      throw new NamespaceProblem("The document uses too many different names.");
    const text = this.#source.slice(start, start + length);
    const name = decoded(text);
    // Of ASCII characters it is known already.
    if (name !== text && !isName(name))
      throw new NamespaceProblem("A name has a character that no name may have.");
    this.#slots[slot] = entry + 1;
    this.#followers.push(-1);
    this.#starts.push(start);
    this.#lengths.push(length);
    this.#elementName.push(0);
    this.#elementScope.push(-1);
    this.#attributeName.push(0);
    this.#attributeScope.push(-1);
    return entry;
  }

  #text(entry: number): string {
    const start = this.#starts[entry]!;
    return decoded(this.#source.slice(start, start + this.#lengths[entry]!));
  }
}
