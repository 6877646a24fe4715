import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Facts } from "./facturx.ts";

/** A deposited file and what is to become of it. */
export interface Flow extends Facts {
  readonly id: number;
  readonly fileName: string;
  readonly sha256: string;
  readonly depositedMs: number;
  /** When it will have been processed. */
  readonly endsMs: number;
  /** From when on searches show it. */
  readonly listedMs: number;
  readonly ending: "IN_INTEGRE" | "IN_INTEGRE_PARTIEL" | "IN_REJETE" | "IN_INCIDENTE";
  /** Why it did not come in; empty when it did. */
  readonly complaint: string;
  /** What the buyer did with it. */
  readonly status: string;
}

const columns =
  "number, issueDate, total, seller, buyer, process, fileName, sha256, depositedMs, endsMs, listedMs, ending, complaint, status";

export type Ledger = ReturnType<typeof openLedger>;

/** Everything the platform remembers, kept in a data folder. */
export function openLedger(dataDir: string) {
  mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(join(dataDir, "chorus-sim.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  database.exec(`CREATE TABLE IF NOT EXISTS flows(id INTEGER PRIMARY KEY, ${columns})`);
  // A row has the shape its SQL names; SQLite cannot say so to the compiler.
  const flows = (where: string, ...values: (string | number)[]) =>
    database.prepare(`SELECT * FROM flows WHERE ${where} ORDER BY id`).all(...values) as unknown as Flow[];
  return {
    byId: (id: number): Flow | undefined => flows("id = ?", id)[0],
    byNumber: (number: string): Flow[] => flows("number = ?", number),
    add(flow: Omit<Flow, "id">): number {
      const values = columns.split(", ").map((name) => flow[name as keyof typeof flow]);
      const places = values.map(() => "?").join(", ");
      const added = database.prepare(`INSERT INTO flows VALUES (NULL, ${places})`).run(...values);
      return Number(added.lastInsertRowid);
    },
    setStatus(number: string, status: string): void {
      database.prepare("UPDATE flows SET status = ? WHERE number = ?").run(status, number);
    },
    close: (): void => database.close(),
  };
}
