import type { DatabaseSync } from "node:sqlite";
import { clockOffset, now, setClockOffset } from "#core/lib/clock.ts";

/** `{ advance: "1h" }` (s, m, h, d) or `{ set: "<instant>" }`. */
export type ClockMove = { advance: string } | { set: string };

const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Takes the product's clock back to where the last run of this data directory had moved it. */
export function restoreClock(database: DatabaseSync): void {
  database.exec(
    "CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 1), offset INTEGER NOT NULL) STRICT;",
  );
  setClockOffset(Number(database.prepare("SELECT offset FROM clock").get()?.offset ?? 0));
}

/** Moves the product's clock and remembers by how much. */
export function moveClock(database: DatabaseSync, byMs: number): void {
  setClockOffset(clockOffset() + byMs);
  database.prepare("INSERT OR REPLACE INTO clock VALUES (1, ?)").run(clockOffset());
}

/** By how many milliseconds a move goes. Throws a TypeError on one it cannot read. */
export function millisecondsOf(move: ClockMove): number {
  if ("set" in move) {
    const instantMs = Date.parse(move.set);
    if (Number.isNaN(instantMs))
      throw new TypeError(`"${move.set}" is not an instant, such as 2026-11-20T10:00:00Z.`);
    return instantMs - now();
  }
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(move.advance) ?? [];
  if (!count || !unit)
    throw new TypeError(`"${move.advance}" is not a duration, such as 90s, 15m, 1h or 3d.`);
  return Math.round(Number(count) * unitMs[unit]!);
}
