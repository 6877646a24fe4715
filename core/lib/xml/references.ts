import { isXmlCharacter } from "./characters.ts";

const SEMICOLON = 0x3b;
const HASH = 0x23;
const SMALL_X = 0x78;
const LONGEST_REFERENCE = 12;

/** The offset of the `;` that ends the reference at an `&`, or -1 when none is near. */
export function semicolonAfter(source: string, at: number): number {
  const last = Math.min(at + LONGEST_REFERENCE, source.length - 1);
  for (let end = at + 1; end <= last; end++) if (source.charCodeAt(end) === SEMICOLON) return end;
  return -1;
}

/**
 * The code point a reference stands for, or -1 when it is not one of the five entities nor a character reference to an
 * allowed character. `at` is the offset of its `&`, `semicolon` that of its `;`.
 */
export function referredCharacter(source: string, at: number, semicolon: number): number {
  if (semicolon < 0) return -1;
  if (source.charCodeAt(at + 1) !== HASH) return entity(source, at + 1, semicolon);
  const isHexadecimal = source.charCodeAt(at + 2) === SMALL_X;
  const first = at + (isHexadecimal ? 3 : 2);
  if (first === semicolon) return -1;
  let code = 0;
  for (let digit = first; digit < semicolon; digit++) {
    const value = digitValue(source.charCodeAt(digit));
    if (value < 0 || (!isHexadecimal && value > 9)) return -1;
    code = code * (isHexadecimal ? 16 : 10) + value;
  }
  return isXmlCharacter(code) ? code : -1;
}

function entity(source: string, from: number, to: number): number {
  const length = to - from;
  if (length === 3 && source.startsWith("amp", from)) return 0x26;
  if (length === 2 && source.startsWith("lt", from)) return 0x3c;
  if (length === 2 && source.startsWith("gt", from)) return 0x3e;
  if (length === 4 && source.startsWith("quot", from)) return 0x22;
  return length === 4 && source.startsWith("apos", from) ? 0x27 : -1;
}

function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
