import { ascii, isNamePart, isNameStart, NAME_PART } from "./characters.ts";
import type { Names } from "./names.ts";
import { NamespaceProblem, type Scopes } from "./scopes.ts";

/** Different names one document may use; UBL has some 2 600 in all. */
const MOST_NAMES = 8192;
const SLOTS = MOST_NAMES * 2;

/** Unforeseeable, so that nobody can write names that all fall into one slot. */
const seed = Math.floor(Math.random() * 0x7fffffff);

/**
 * Names as written in tags (`cbc:ID`), recognised by hash without cutting a string, and what each means under the
 * namespaces in force. A name is resolved again only when the scope has changed since.
 */
export class WrittenNames {
  readonly #source: string;
  readonly #units: Uint16Array;
  readonly #names: Names;
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

  constructor(source: string, units: Uint16Array, names: Names, scopes: Scopes) {
    this.#source = source;
    this.#units = units;
    this.#names = names;
    this.#scopes = scopes;
    this.#slots = new Uint16Array(source.length < 65_536 ? 2048 : SLOTS);
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
    const units = this.#units;
    const start = this.#starts[entry]!;
    const length = this.#lengths[entry]!;
    // The end first: it tells `cbc:ID` from `cbc:IssueDate` at once.
    const next = units[at + length]!;
    if (next < 128 ? (ascii[next]! & NAME_PART) !== 0 : isNamePart(next)) return false;
    for (let i = 0; i < length; i++) if (units[at + i] !== units[start + i]) return false;
    return true;
  }

  #find(at: number): number {
    const units = this.#units;
    let code = units[at]!;
    if (!isNameStart(code)) return -1;
    let hash = Math.imul(seed ^ code, 0x01000193);
    let end = at + 1;
    for (;;) {
      code = units[end]!;
      if (code < 128 ? (ascii[code]! & NAME_PART) === 0 : !isNamePart(code)) break;
      hash = Math.imul(hash ^ code, 0x01000193);
      end++;
    }
    this.end = end;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      if (this.#lengths[entry - 1] === end - at && this.#same(this.#starts[entry - 1]!, at, end))
        return entry - 1;
      slot = (slot + 1) & mask;
    }
    return this.#add(slot, at, end - at);
  }

  /** The number of the expanded name an entry stands for here. Throws NamespaceProblem. */
  element(entry: number): number {
    if (this.#elementScope[entry] !== this.#scopes.current) {
      this.#elementName[entry] = this.#scopes.resolve(this.#names, this.#text(entry), false);
      this.#elementScope[entry] = this.#scopes.current;
    }
    return this.#elementName[entry]!;
  }

  /** The same for an attribute, which takes no default namespace. */
  attribute(entry: number): number {
    if (this.#attributeScope[entry] !== this.#scopes.current) {
      this.#attributeName[entry] = this.#scopes.resolve(this.#names, this.#text(entry), true);
      this.#attributeScope[entry] = this.#scopes.current;
    }
    return this.#attributeName[entry]!;
  }

  #same(start: number, at: number, end: number): boolean {
    const units = this.#units;
    for (let i = at; i < end; i++, start++) if (units[i] !== units[start]) return false;
    return true;
  }

  #add(slot: number, start: number, length: number): number {
    const entry = this.#starts.length;
    if (entry === this.#slots.length >> 1)
      throw new NamespaceProblem("The document uses too many different names.");
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
    return this.#source.slice(start, start + this.#lengths[entry]!);
  }
}
