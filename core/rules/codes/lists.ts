import { data, type CodeListData } from "./data.ts";

export type CodeListName = keyof typeof data;

/** The rule files whose lists we know. */
export type CodeEdition = "ro-cius-1.0.9" | "en16931-1.3.16";

/** A code list as a rule file has it. */
export class CodeList {
  /** The codes as the official tests hold them: one text, a blank before and after each. */
  readonly #text: string;
  #codes: ReadonlySet<string> | undefined;
  #lastFound: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  has(code: string): boolean {
    // An invoice repeats its currency and unit on every line.
    if (code === this.#lastFound) return true;
    this.#codes ??= new Set(this.codes);
    const isFound = this.#codes.has(code);
    if (isFound) this.#lastFound = code;
    return isFound;
  }

  /** Whether the list's text contains this text anywhere, which some official tests ask instead. */
  contains(text: string): boolean {
    return this.#text.includes(text);
  }

  get codes(): string[] {
    return this.#text.trim().split(" ");
  }
}

const lists = new Map<string, CodeList>();

/** A list by name; without an edition the one both share, or RO_CIUS's where they differ. */
export function codeList(name: CodeListName, edition: CodeEdition = "ro-cius-1.0.9"): CodeList {
  const key = `${name} ${edition}`;
  let list = lists.get(key);
  if (!list) {
    const { codes, onlyRoCius, onlyEn16931 }: CodeListData = data[name];
    const own = edition === "ro-cius-1.0.9" ? onlyRoCius : onlyEn16931;
    lists.set(key, (list = new CodeList(` ${codes} ${own === "" ? "" : `${own} `}`)));
  }
  return list;
}
