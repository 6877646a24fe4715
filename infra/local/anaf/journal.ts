import { createHash } from "node:crypto";
import type { Answer, Break } from "./answers.ts";
import type { Call, World } from "./call.ts";

/** One request with what became of it (SIMULATOR.md §9). `n` is its correlation id; status 0 means no answer. */
export interface JournalEntry {
  n: number;
  t: string;
  method: string;
  path: string;
  query: string;
  serial: string | null;
  sha256: string | null;
  status: number;
  /** The first 2 KB; binary bodies as their size and hash. */
  response: string;
  /** Ids of the faults that hit the call, joined by commas. */
  fault: string | null;
}

export function record(call: Call, outcome: Answer | Break): void {
  const { ledger, settings } = call.world;
  const n = ledger.next("journal", 1);
  const answer = "break" in outcome ? outcome.partial : outcome;
  ledger.run(
    "INSERT INTO journal VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    n,
    call.now,
    call.method,
    call.path,
    call.query.toString(),
    call.serial ?? null,
    call.body.length > 0 ? createHash("sha256").update(call.body).digest("hex") : null,
    "break" in outcome ? 0 : outcome.status,
    "break" in outcome ? `<${outcome.break}>` : excerpt(answer?.body ?? ""),
    call.faults.size > 0 ? [...call.faults.keys()].join(",") : null,
  );
  if (n % 1000 === 0) ledger.run("DELETE FROM journal WHERE n <= ?", n - settings.journalRows);
}

/** Entries after `since`, oldest first. */
export function readJournal(world: World, since: number): JournalEntry[] {
  const rows = world.ledger.all<JournalEntry & { t: number }>(
    "SELECT n, t, method, path, query, serial, sha256, status, response, fault FROM journal WHERE n > ? ORDER BY n",
    since,
  );
  return rows.map((row) => ({ ...row, t: new Date(row.t).toISOString() }));
}

function excerpt(body: string | Uint8Array): string {
  if (typeof body === "string") return body.slice(0, 2048);
  return `<${body.length} bytes, sha256 ${createHash("sha256").update(body).digest("hex")}>`;
}
