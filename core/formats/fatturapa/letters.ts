import { pieces } from "../markup.ts";

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

/** Whether a text is as it has to be already, as nearly every one is. */
const UNTIDY = /[^\u0020-\u007e]|^ | $| {2}/;

const tidy = (text: string): string =>
  text
    .normalize("NFC")
    .replace(/\p{Cf}/gu, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();

/** Replaces every sign of a text that is beyond an alphabet. */
function within(alphabet: RegExp, text: string | null | undefined): string {
  if (!text || !UNTIDY.test(text)) return text ?? "";
  return tidy(text).replace(alphabet, (sign) => plain(sign, alphabet));
}

/** A text on one line in Latin-1. */
export const latin = (text: string | null | undefined): string => within(/[^\u0020-\u00ff]/gu, text);

/** A text on one line in ASCII. */
export const ascii = (text: string | null | undefined): string => within(/[^\u0020-\u007e]/gu, text);

/** The beginning of a text in Latin-1 that fits in `length` characters. */
export const latinUpTo = (text: string | null | undefined, length: number): string =>
  pieces(latin(text), length)[0] ?? "";

/** A code in ASCII, or nothing when it is longer than Italy takes: half a code names something else. */
export const codeUpTo = (text: string | null | undefined, length: number): string => {
  const code = ascii(text);
  return code.length <= length ? code : "";
};
