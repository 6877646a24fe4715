import { pieces } from "../ubl/markup.ts";

/**
 * What may stand in a FatturaPA text: Latin-1 in names and descriptions, ASCII in codes (the XSD's Latin and String
 * types). Romanian letters are in neither, so they lose their marks instead of costing the whole file.
 */

/** Signs that no Unicode decomposition leads into Latin-1 or ASCII. */
const REPLACED: Readonly<Record<string, string>> = {
  "€": "EUR",
  "–": "-",
  "—": "-",
  "•": "-",
  "‘": "'",
  "’": "'",
  "‚": "'",
  "“": '"',
  "”": '"',
  "„": '"',
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
  œ: "oe",
  Œ: "OE",
  ß: "ss",
  æ: "ae",
  Æ: "AE",
  ø: "o",
  Ø: "O",
};

const plain = (sign: string, beyond: RegExp): string =>
  REPLACED[sign] ?? (sign.normalize("NFKD").replace(/\p{M}/gu, "").replace(beyond, "") || "?");

const tidy = (text: string): string =>
  text
    .normalize("NFC")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();

/** A text on one line in Latin-1. */
export const latin = (text: string | null | undefined): string =>
  tidy(text ?? "").replace(/[^\u0020-\u00ff]/gu, (sign) => plain(sign, /[^\u0020-\u00ff]/gu));

/** A text on one line in ASCII. */
export const ascii = (text: string | null | undefined): string =>
  tidy(text ?? "").replace(/[^\u0020-\u007e]/gu, (sign) => plain(sign, /[^\u0020-\u007e]/gu));

/** The beginning of a text in Latin-1 that fits in `length` characters. */
export const latinUpTo = (text: string | null | undefined, length: number): string =>
  pieces(latin(text), length)[0] ?? "";

/** A code in ASCII, or nothing when it is longer than Italy takes: half a code names something else. */
export const codeUpTo = (text: string | null | undefined, length: number): string => {
  const code = ascii(text);
  return code.length <= length ? code : "";
};
