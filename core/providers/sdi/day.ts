import { now } from "#core/lib/clock.ts";

const rome = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Rome", dateStyle: "short" });

/**
 * Seconds until the day of issue of a FatturaPA file has certainly begun in Italy; undefined when it has. The exchange
 * discards a file from the future (error 00403), and Romania is an hour ahead.
 */
export function tooEarly(bytes: Uint8Array): number | undefined {
  // The first date of the file is the document's: nothing before it carries one.
  const day = /<Data>(\d{4}-\d\d-\d\d)</.exec(Buffer.from(bytes).toString("utf8"))?.[1];
  if (day === undefined || day <= rome.format(now())) return undefined;
  // In summer midnight comes an hour sooner.
  return Math.ceil((Date.parse(`${day}T00:00:00+01:00`) - now()) / 1000);
}
