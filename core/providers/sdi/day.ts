import { secondsUntil } from "../central-europe.ts";

/** Seconds until the exchange takes a FatturaPA file, which it discards before its day of issue (error 00403). */
export function tooEarly(bytes: Uint8Array): number | undefined {
  // The first date of the file is the document's: nothing before it carries one.
  const day = /<Data>(\d{4}-\d\d-\d\d)</.exec(Buffer.from(bytes).toString("utf8"))?.[1];
  return day === undefined ? undefined : secondsUntil(day);
}
