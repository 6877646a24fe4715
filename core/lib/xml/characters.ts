import { HAS_TEXT, HAS_WIDE } from "./document.ts";

/** Flags of {@link nameKind}. */
const NAME_START = 1;
export const NAME_PART = 2;

/**
 * What a byte may be in a name of XML 1.0 (fifth edition). Bytes beyond ASCII count as parts here; whether their
 * characters are is asked once for each different name, by {@link isName}.
 */
export const nameKind = new Uint8Array(256).fill(NAME_START | NAME_PART, 0x80);
for (const sign of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_:")
  nameKind[sign.charCodeAt(0)] = NAME_START | NAME_PART;
for (const sign of "0123456789-.") nameKind[sign.charCodeAt(0)] = NAME_PART;

export const isNameStart = (byte: number): boolean => (nameKind[byte]! & NAME_START) !== 0;
export const isNamePart = (byte: number): boolean => (nameKind[byte]! & NAME_PART) !== 0;

const WIDE_START =
  "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef" +
  "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}";
const NAME = new RegExp(
  `^[A-Za-z_:${WIDE_START}][-A-Za-z0-9._:${WIDE_START}\u00b7\u0300-\u036f\u203f\u2040]*$`,
  "u",
);

/** Whether a text is a name, colons included. */
export const isName = (text: string): boolean => NAME.test(text);

/** Ends a run of plain text: `<`, `&`, `]`, what XML forbids, and the byte that what it forbids may begin with. */
export const STOPS_TEXT = 128;

/** What a byte tells about the text it stands in, in the bits of an element's shape; nothing for blanks. */
export const textKind = new Uint8Array(256).fill(HAS_TEXT, 0x20).fill(HAS_TEXT | HAS_WIDE, 0x80);
textKind.fill(STOPS_TEXT, 0, 0x20);
for (const blank of [0x09, 0x0a, 0x20]) textKind[blank] = 0;
// A carriage return stops text because it is read as a line feed (XML 1.0, 2.11).
for (const sign of "\r<&]\u00ef") textKind[sign.charCodeAt(0)] = STOPS_TEXT;

/** White space as XML means it; a non-breaking space is not blank. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}

/** Whether the bytes at an offset are U+FFFE or U+FFFF, the only characters of valid UTF-8 that XML forbids beyond ASCII. */
export function isForbiddenWide(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2]! >= 0xbe;
}

/** Whether a code point may appear in a document at all, written out or as a character reference. */
export function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
