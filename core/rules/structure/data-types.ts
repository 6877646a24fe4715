import { nameNumber } from "../names.ts";

/** Whether the characters of `text` from `from` to `to` are a value of the type, white space around it included. */
type Lexical = (text: string, from: number, to: number) => boolean;

/** What the schemas say about a basic element: its value and its attributes (CCTS core component types). */
export interface DataType {
  readonly name: string;
  /** Absent where any text will do. */
  readonly accepts: Lexical | undefined;
  readonly attributes: readonly number[];
  /** The attribute that must be there. */
  readonly required: number | undefined;
}

function isDecimal(text: string, from: number, to: number): boolean {
  let at = from;
  let last = to;
  while (at < last && text.charCodeAt(at) <= 0x20) at++;
  while (last > at && text.charCodeAt(last - 1) <= 0x20) last--;
  const sign = text.charCodeAt(at);
  if (at < last && (sign === 0x2b || sign === 0x2d)) at++;
  let digits = 0;
  let dots = 0;
  for (; at < last; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) digits++;
    else if (code === 0x2e && dots === 0) dots++;
    else return false;
  }
  return digits > 0;
}

/** Base 64 in groups of four, blanks allowed anywhere; the unused bits before the padding must be zero. */
function isBase64(text: string, from: number, to: number): boolean {
  let count = 0;
  let padding = 0;
  let last = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) continue;
    if (code === 0x3d) padding++;
    else if (padding > 0 || code > 0x7a || sextets[code] === undefined || sextets[code] === 255) return false;
    else last = sextets[code];
    count++;
  }
  if (count % 4 !== 0 || padding > 2) return false;
  return padding === 0 || (padding === 1 ? (last & 3) === 0 : (last & 15) === 0);
}

const sextets = new Uint8Array(128).fill(255);
const BASE_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
for (let value = 0; value < BASE_64.length; value++) sextets[BASE_64.charCodeAt(value)] = value;

const DATE =
  /^[ \t\r\n]*-?([1-9]\d{4,}|\d{4})-(\d\d)-(\d\d)(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?[ \t\r\n]*$/;
const TIME =
  /^[ \t\r\n]*(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?[ \t\r\n]*$/;
const BOOLEAN = /^[ \t\r\n]*(?:true|false|0|1)[ \t\r\n]*$/;
const LANGUAGE = /^[ \t\r\n]*[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*[ \t\r\n]*$/;

/** A day of the calendar as XML Schema 1.0 writes it; there is no year 0. */
export function isSchemaDate(text: string): boolean {
  const found = DATE.exec(text);
  if (!found) return false;
  const year = Number(found[1]);
  const month = Number(found[2]);
  return (
    year > 0 && month >= 1 && month <= 12 && Number(found[3]) >= 1 && Number(found[3]) <= daysIn(year, month)
  );
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const matching =
  (pattern: RegExp): Lexical =>
  (text, from, to) =>
    to - from < 100 && pattern.test(text.slice(from, to));

const dataType = (
  name: string,
  accepts: Lexical | undefined,
  attributes: string,
  required?: string,
): DataType => ({
  name,
  accepts,
  attributes: attributes === "" ? [] : attributes.split(" ").map(nameNumber),
  required: required === undefined ? undefined : nameNumber(required),
});

const TEXT_ATTRIBUTES = "languageID languageLocaleID";

/** The unqualified data types of UBL 2.1 that basic elements use, by name. */
export const dataTypes: readonly DataType[] = [
  dataType("Amount", isDecimal, "currencyID currencyCodeListVersionID", "currencyID"),
  dataType(
    "BinaryObject",
    isBase64,
    "format mimeCode encodingCode characterSetCode uri filename",
    "mimeCode",
  ),
  dataType(
    "Code",
    undefined,
    "listID listAgencyID listAgencyName listName listVersionID name languageID listURI listSchemeURI",
  ),
  dataType("Date", (text, from, to) => to - from < 100 && isSchemaDate(text.slice(from, to)), ""),
  dataType(
    "Identifier",
    undefined,
    "schemeID schemeName schemeAgencyID schemeAgencyName schemeVersionID schemeDataURI schemeURI",
  ),
  dataType("Indicator", matching(BOOLEAN), ""),
  dataType("Measure", isDecimal, "unitCode unitCodeListVersionID", "unitCode"),
  dataType("Name", undefined, TEXT_ATTRIBUTES),
  dataType("Numeric", isDecimal, "format"),
  dataType("Percent", isDecimal, "format"),
  dataType("Quantity", isDecimal, "unitCode unitCodeListID unitCodeListAgencyID unitCodeListAgencyName"),
  dataType("Rate", isDecimal, "format"),
  dataType("Text", undefined, TEXT_ATTRIBUTES),
  dataType("Time", matching(TIME), ""),
];

const languageID = nameNumber("languageID");

/** The only attribute whose value the schemas narrow in a way that is met in practice. */
export const acceptsAttribute = (name: number, value: string): boolean =>
  name !== languageID || LANGUAGE.test(value);
