import { isBlank } from "#core/lib/xml/characters.ts";
import { Exact, MOST_DIGITS } from "./exact.ts";
import { engineFault } from "./fault.ts";

/** fn:normalize-space: runs of XML white space become one blank, none at the ends. A non-breaking space stays. */
export function normalizeSpace(text: string): string {
  let blankBefore = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const blank = code === 0x20;
    if ((blank && blankBefore) || code === 0x0a || code === 0x09 || code === 0x0d) return collapse(text);
    blankBefore = blank;
  }
  return blankBefore && text !== "" ? collapse(text) : text;
}

function collapse(text: string): string {
  const kept = new Uint16Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isBlank(code)) kept[length++] = code;
    else if (length > 0 && kept[length - 1] !== 0x20) kept[length++] = 0x20;
  }
  if (length > 0 && kept[length - 1] === 0x20) length--;
  return Buffer.from(kept.buffer, 0, length * 2).toString("utf16le");
}

/** `normalize-space(text) = ''` */
export function isBlankText(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isBlank(text.charCodeAt(i))) return false;
  return true;
}

/** `string-length(normalize-space(text)) <= most`, read no further than it takes to know. */
export function isNormalizedWithin(text: string, most: number): boolean {
  let length = 0;
  let blanks = 0;
  for (let i = 0; i < text.length && length <= most; i++) {
    const code = text.charCodeAt(i);
    if (isBlank(code)) blanks = 1;
    else {
      // The second half of a pair is no character of its own.
      if (code < 0xdc00 || code > 0xdfff) length += length === 0 ? 1 : 1 + blanks;
      blanks = 0;
    }
  }
  return length <= most;
}

/** fn:string-length: code points, so an emoji counts once. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdbff) length--;
  }
  return length;
}

/** How many characters follow the first full stop: fn:string-length(fn:substring-after(text, '.')). */
export function decimalsOf(text: string): number {
  const dot = text.indexOf(".");
  return dot < 0 ? 0 : lengthOf(text.slice(dot + 1));
}

const DOUBLE = /^[ \t\r\n]*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN)[ \t\r\n]*$/;

/** Whether a text is digits and at most one full stop between them, as nearly every number is. */
function isPlainNumber(text: string): boolean {
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e && i > 0 && i < text.length - 1) dots++;
    else if (code < 0x30 || code > 0x39) return false;
  }
  return text !== "" && dots <= 1;
}

/** What comparing text with a number does: the cast to xs:double. */
export function toDouble(text: string): number {
  if (text.length > MOST_DIGITS) throw engineFault;
  if (isPlainNumber(text)) return Number(text);
  const found = DOUBLE.exec(text)?.[1];
  if (found === undefined) throw engineFault;
  return found.endsWith("INF") ? (found === "INF" ? Infinity : -Infinity) : Number(found);
}

/** The cast to xs:boolean. */
export function toBoolean(text: string): boolean {
  const value = normalizeSpace(text);
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw engineFault;
}

const DATE = /^[ \t\r\n]*(-?(?:[1-9]\d{4,}|\d{4}))-(\d\d)-(\d\d)(Z|[+-]\d\d:\d\d)?[ \t\r\n]*$/;
const DAY_MINUTES = 1440;

/** The cast to xs:date as minutes on a line, so that later days are greater; undefined when it is no day. */
export function toDateMinutes(text: string): number | undefined {
  const found = DATE.exec(text);
  if (!found) return undefined;
  const [, year, month, day, zone] = found;
  const instant = new Date(0);
  instant.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (instant.getUTCMonth() !== Number(month) - 1 || instant.getUTCDate() !== Number(day)) return undefined;
  const offset = zoneMinutes(zone);
  return offset === undefined ? undefined : (instant.getTime() / 86_400_000) * DAY_MINUTES - offset;
}

/** Days without a zone are compared as if in UTC, the implicit zone the official engine runs with. */
function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  if (Number(zone.slice(4, 6)) > 59 || minutes > 840) return undefined;
  return zone.startsWith("-") ? -minutes : minutes;
}

/** `text - 1` and `text + 1` as XPath computes them on untyped text: in doubles, and only then as a decimal. */
export const shiftedAsDouble = (text: string, by: number): Exact => Exact.fromDouble(toDouble(text) + by);
