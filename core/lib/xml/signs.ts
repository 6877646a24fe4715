/** Bytes that mean something in markup. */
export const LESS = 0x3c;
export const GREATER = 0x3e;
export const SLASH = 0x2f;
export const EQUALS = 0x3d;
export const AMPERSAND = 0x26;
export const BRACKET = 0x5d;
export const RETURN = 0x0d;
export const EXCLAMATION = 0x21;
export const QUESTION = 0x3f;
/** The first byte of U+FFFE and U+FFFF. */
export const WIDE_STOP = 0xef;
