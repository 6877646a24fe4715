/** What a character may be in XML 1.0 (fifth edition). Flags, because one table look-up answers for every ASCII character. */
const NAME_START = 1;
export const NAME_PART = 2;
/** Ends a run of plain text: `<`, `&`, `]` and what XML forbids. */
export const STOPS_TEXT = 4;
export const BLANK = 8;

/** Flags of the ASCII characters. */
export const ascii = new Uint8Array(128);
for (let code = 0; code < 0x20; code++) ascii[code] = STOPS_TEXT;
for (const code of [0x09, 0x0a, 0x20]) ascii[code] = BLANK;
// A carriage return stops text because it is read as a line feed (XML 1.0, 2.11).
ascii[0x0d] = BLANK | STOPS_TEXT;
for (const sign of "<&]") ascii[sign.charCodeAt(0)] = STOPS_TEXT;
for (const sign of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_:")
  ascii[sign.charCodeAt(0)] = NAME_START | NAME_PART;
for (const sign of "0123456789-.") ascii[sign.charCodeAt(0)] = NAME_PART;

/** Ranges of name characters beyond ASCII; half of a pair above U+FFFF counts as a name character. */
const nameRanges = [
  0xc0, 0xd6, 0xd8, 0xf6, 0xf8, 0x2ff, 0x370, 0x37d, 0x37f, 0x1fff, 0x200c, 0x200d, 0x2070, 0x218f, 0x2c00,
  0x2fef, 0x3001, 0xdfff, 0xf900, 0xfdcf, 0xfdf0, 0xfffd,
];
const namePartRanges = [0xb7, 0xb7, 0x300, 0x36f, 0x203f, 0x2040];

const within = (ranges: readonly number[], code: number): boolean => {
  for (let i = 0; i < ranges.length; i += 2) if (code >= ranges[i]! && code <= ranges[i + 1]!) return true;
  return false;
};

export function isNameStart(code: number): boolean {
  return code < 128 ? (ascii[code]! & NAME_START) !== 0 : within(nameRanges, code);
}

export function isNamePart(code: number): boolean {
  return code < 128
    ? (ascii[code]! & NAME_PART) !== 0
    : within(nameRanges, code) || within(namePartRanges, code);
}

/** White space as XML means it; a non-breaking space is not blank. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}

/** Whether a code point may appear in a document at all, written out or as a character reference. */
export function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
