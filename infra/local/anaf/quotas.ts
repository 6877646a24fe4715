import { bucharestDay } from "./bucharest.ts";
import type { Call } from "./call.ts";

/** Day limits, counted per Romanian day (ANAF.md §9). A breach is counted too: ignoring it gets an app blocked. */

/** Counts this use; answers the limit when it was passed, false otherwise. */
export function exceeds(call: Call, scope: string, key: string, limit: number): number | false {
  const { ledger, settings } = call.world;
  const ceiling = Math.max(1, Math.floor(limit * settings.quotas.scale));
  const used = ledger.count(`${call.env} ${scope}`, key, bucharestDay(call.now));
  if (used <= ceiling) return false;
  const ignored = ledger.count("ignored", call.serial ?? "", bucharestDay(call.now));
  if (settings.blockAfterIgnored > 0 && ignored >= settings.blockAfterIgnored) block(call, 60);
  return ceiling;
}

/** Whether this is one request too many in the running minute, over all endpoints (ANAF.md §9). */
export function exceedsMinute(call: Call): boolean {
  const { minutes, settings } = call.world;
  const minute = Math.floor(call.now / 60_000);
  const caller = call.serial ?? "";
  const known = minutes.get(caller);
  const entry = known?.minute === minute ? known : { minute, n: 0 };
  entry.n++;
  minutes.set(caller, entry);
  return entry.n > Math.max(1, Math.floor(settings.quotas.perMinute * settings.quotas.scale));
}

/** Blocks the whole app: "ignoring breaches gets the user blocked" (ANAF.md §9). */
export function block(call: Call, minutes: number): void {
  call.world.ledger.setMeta("blocked.until", call.now + minutes * 60_000);
}

export function isBlocked(call: Call): boolean {
  return call.now < (call.world.ledger.meta("blocked.until") ?? 0);
}
