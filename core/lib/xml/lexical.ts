import { decoded } from "./bytes.ts";
import { isBlank, isForbiddenWide, isName, isNamePart, isNameStart } from "./characters.ts";
import { xmlErrorAt } from "./error.ts";
import { referredCharacter, semicolonAfter } from "./references.ts";
import { QUESTION } from "./signs.ts";

/** Checks the reference at an `&` and returns the offset of its `;`. */
export function referenceEnd(source: string, at: number): number {
  const semicolon = semicolonAfter(source, at);
  if (referredCharacter(source, at, semicolon) < 0) {
    throw xmlErrorAt(
      source,
      at,
      "Only &lt; &gt; &amp; &quot; &apos; and character references may follow an ampersand.",
    );
  }
  return semicolon;
}

/** The offset behind the comment, CDATA section or processing instruction at `at`; checks what is inside. */
export function markupEnd(source: string, bytes: Uint8Array, at: number): number {
  if (source.startsWith("<!--", at)) {
    const dashes = source.indexOf("--", at + 4);
    if (dashes < 0 || source.charCodeAt(dashes + 2) !== 0x3e)
      throw xmlErrorAt(source, at, "The comment is malformed.");
    return checked(source, bytes, at + 4, dashes) + 3;
  }
  if (source.startsWith("<![CDATA[", at)) {
    const close = source.indexOf("]]>", at + 9);
    if (close < 0) throw xmlErrorAt(source, at, "The CDATA section is not closed.");
    return checked(source, bytes, at + 9, close) + 3;
  }
  if (bytes[at + 1] === QUESTION) {
    const close = source.indexOf("?>", at + 2);
    if (close < 0 || !isTarget(source, bytes, at + 2, close))
      throw xmlErrorAt(source, at, "The processing instruction is malformed.");
    return checked(source, bytes, at + 2, close) + 2;
  }
  if (source.startsWith("<!DOCTYPE", at)) throw xmlErrorAt(source, at, "A DOCTYPE is not accepted.");
  throw xmlErrorAt(source, at, "This markup is not allowed here.");
}

/** Whether an instruction begins with a name without a colon that is not xml. */
function isTarget(source: string, bytes: Uint8Array, from: number, close: number): boolean {
  let end = from;
  while (end < close && isNamePart(bytes[end]!)) end++;
  if (end < close && !isBlank(bytes[end]!)) return false;
  const cut = source.slice(from, end);
  const name = decoded(cut);
  if (name !== cut ? !isName(name) : !isNameStart(bytes[from]!)) return false;
  return !cut.includes(":") && (cut.length !== 3 || cut.toLowerCase() !== "xml");
}

/** Checks that only allowed characters stand between two offsets and returns the second. */
function checked(source: string, bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if ((byte < 0x20 && !isBlank(byte)) || (byte === 0xef && isForbiddenWide(bytes, at)))
      throw xmlErrorAt(source, at, "This character is not allowed in XML.");
  }
  return to;
}

const DECLARATION =
  /^<\?xml\s+version\s*=\s*(["'])1\.[0-9]+\1(\s+encoding\s*=\s*(["'])[A-Za-z][\w.-]*\3)?(\s+standalone\s*=\s*(["'])(yes|no)\5)?\s*\?>$/;

/** The offset behind the XML declaration, if the document begins with one at `at`. */
export function declarationEnd(source: string, at: number): number {
  if (!source.startsWith("<?xml", at) || !isBlank(source.charCodeAt(at + 5))) return at;
  const end = source.indexOf("?>", at) + 2;
  if (end < 2 || end - at > 200 || !DECLARATION.test(source.slice(at, end))) {
    throw xmlErrorAt(source, at, "The XML declaration is malformed.");
  }
  return end;
}
