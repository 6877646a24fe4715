import type { Company } from "#core/companies/company.ts";
import { instant, instantIn } from "#core/lib/clock.ts";
import { addDays, bucharestDay, bucharestTime, type Instant, startOfDay, today } from "#core/lib/dates.ts";
import type { Buyer } from "#core/model/party.ts";

/** By this hour in Bucharest the night in which delayed invoices leave is over. */
const nightEnds = "06:00:00";

/**
 * When an invoice issued now leaves for the authority by itself (DECISIONS 13, RULES-documents §8): at once without a
 * delay; after whole days at the midnight that begins the last of them; after hours in the night, between midnight and
 * six. Null when it never does: sync is off, or the buyer is not Romanian.
 */
export function scheduledSend(
  { syncEnabled, efacturaDelayHours: hours }: Pick<Company, "syncEnabled" | "efacturaDelayHours">,
  { country }: Pick<Buyer, "country">,
): Instant | null {
  if (!syncEnabled || country !== "RO") return null;
  if (!hours) return instant();
  if (hours >= 24) return startOfDay(addDays(today(), Math.floor(hours / 24)));
  const earliest = instantIn(hours * 3600);
  if (bucharestTime(earliest).slice(11) < nightEnds) return earliest;
  return startOfDay(addDays(bucharestDay(earliest), 1));
}
