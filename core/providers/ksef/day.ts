import { now } from "#core/lib/clock.ts";
import type { Day } from "#core/lib/dates.ts";

const warsaw = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Warsaw", dateStyle: "short" });

/** The day of issue in the bytes of an FA(3) document. */
const issueDayIn = (bytes: Uint8Array): Day | undefined =>
  /<P_1>([\d-]{10})</.exec(Buffer.from(bytes).toString("utf8"))?.[1];

/**
 * For an invoice of a day that has not begun in Poland: that day, and the seconds until it certainly has. KSeF refuses
 * it before (weryfikacja-faktury, P_1), and Romania is an hour ahead.
 */
export function tooEarly(bytes: Uint8Array): { day: Day; seconds: number } | undefined {
  const day = issueDayIn(bytes);
  if (day === undefined || day <= warsaw.format(now())) return undefined;
  // In summer midnight comes an hour sooner.
  return { day, seconds: Math.ceil((Date.parse(`${day}T00:00:00+01:00`) - now()) / 1000) };
}
