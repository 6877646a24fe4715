import type { Day } from "#core/lib/dates.ts";
import { secondsUntil } from "../central-europe.ts";

/**
 * For an invoice of a day that has not begun in Poland: that day, and the seconds until it certainly has. KSeF refuses
 * it before (weryfikacja-faktury, P_1).
 */
export function tooEarly(bytes: Uint8Array): { day: Day; seconds: number } | undefined {
  const day = /<P_1>([\d-]{10})</.exec(Buffer.from(bytes).toString("utf8"))?.[1];
  const seconds = day === undefined ? undefined : secondsUntil(day);
  return day !== undefined && seconds !== undefined ? { day, seconds } : undefined;
}
