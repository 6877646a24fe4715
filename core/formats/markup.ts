/**
 * XML by concatenation: the fastest way to write it and short enough to see that it is right. What is empty is not
 * written, and neither is a group in which nothing was. Each tag begins a line, so that two documents can be compared.
 */

const SPECIAL = /[&<>"\p{Cc}\p{Cs}\ufffe\uffff]/u;
const FORBIDDEN = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu;

/** What a reader of the XML will find of a text: without characters that XML 1.0 cannot carry, lines ended one way. */
export const carried = (text: string): string =>
  text.toWellFormed().replace(FORBIDDEN, "").replace(/\r\n?/g, "\n");

/** Text for an element or attribute. */
export function escape(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return carried(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** A name's tags, made once: joining them anew for every element took half the time of writing. */
interface Tags {
  start: string;
  open: string;
  close: string;
}

const known = new Map<string, Tags>();

function tagsOf(name: string): Tags {
  const found = known.get(name);
  if (found) return found;
  const tags = { start: `<${name}`, open: `<${name}>`, close: `</${name}>\n` };
  known.set(name, tags);
  return tags;
}

/** An element with text, or nothing when there is none. `attributes` comes ready: ` currencyID="RON"`. */
export function element(name: string, text: string | null | undefined, attributes = ""): string {
  const escaped = text ? escape(text) : "";
  if (escaped === "") return "";
  const { start, open, close } = tagsOf(name);
  return attributes === "" ? open + escaped + close : start + attributes + ">" + escaped + close;
}

/** An element around others, or nothing when they are all missing. */
export function group(name: string, inner: string): string {
  if (inner === "") return "";
  const { open, close } = tagsOf(name);
  return open + "\n" + inner + close;
}

const UNTIDY = /^ | $|[\t\n\r]| {2}/;

/** Text on one line: what the validator counts after normalising white space. */
export function oneLine(text: string | null | undefined): string {
  if (!text) return "";
  return UNTIDY.test(text) ? text.replace(/[\t\n\r ]+/g, " ").trim() : text;
}

/**
 * Cuts a text into pieces of at most `length` characters (code points, as the rules count them), between words where it
 * can. The pieces joined by blanks are the text again.
 */
export function pieces(text: string, length: number): string[] {
  const found: string[] = [];
  let rest = text.trim();
  while (rest.length > length) {
    const characters = Array.from(rest);
    if (characters.length <= length) break;
    const blank = characters
      .slice(0, length + 1)
      .join("")
      .search(/\s\S*$/);
    const cut = blank > length / 2 ? blank : characters.slice(0, length).join("").length;
    found.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  if (rest !== "") found.push(rest);
  return found;
}

/** The beginning of a text, on one line, that fits in `length` characters. */
export const limited = (text: string | null | undefined, length: number): string => {
  const line = oneLine(text);
  return line.length <= length ? line : (pieces(line, length)[0] ?? "");
};
