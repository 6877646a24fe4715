import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Armed, Block } from "./faults.ts";
import type { Invoice } from "./invoices.ts";
import type { Key } from "./keys.ts";
import type { Bearer, Challenge, Login } from "./login.ts";
import type { Session } from "./sessions.ts";

/** Everything there is to remember, by its kind. */
export interface Things {
  key: Key;
  challenge: Challenge;
  login: Login;
  bearer: Bearer;
  /** KSeF tokens that were revoked, by their hash. */
  revoked: object;
  session: Session;
  invoice: Invoice;
  /** Which invoice has a seller's number of a kind. */
  taken: { readonly reference: string };
  fault: Armed;
  block: Block;
  series: { readonly n: number };
}

/** What is remembered, by kind and key, in the order in which it came: one table is enough for a small program. */
export interface Ledger {
  find<Kind extends keyof Things>(kind: Kind, key: string): Things[Kind] | undefined;
  /** Oldest first. */
  all<Kind extends keyof Things>(kind: Kind): Things[Kind][];
  put<Kind extends keyof Things>(kind: Kind, key: string, thing: Things[Kind]): void;
  remove(kind: keyof Things, key: string): void;
  /** The next number of a series, from 1. */
  next(series: string): number;
  clear(): void;
  close(): void;
}

/** Opens the ledger in a folder, which is made when absent; in memory without one. */
export function openLedger(folder: string | undefined): Ledger {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(folder === undefined ? ":memory:" : join(folder, "ksef-sim.sqlite"));
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;
    CREATE TABLE IF NOT EXISTS things(n INTEGER PRIMARY KEY, kind TEXT, key TEXT, body TEXT, UNIQUE(kind, key));
  `);
  const one = database.prepare("SELECT body FROM things WHERE kind = ? AND key = ?");
  const many = database.prepare("SELECT body FROM things WHERE kind = ? ORDER BY n");
  const write = database.prepare(
    "INSERT INTO things(kind, key, body) VALUES(?, ?, ?) ON CONFLICT(kind, key) DO UPDATE SET body = excluded.body",
  );
  const forget = database.prepare("DELETE FROM things WHERE kind = ? AND key = ?");
  const ledger: Ledger = {
    find: <Kind extends keyof Things>(kind: Kind, key: string) => {
      const row = one.get(kind, key);
      // A row has the shape its kind was written with; SQLite cannot say so to the compiler.
      return row && (JSON.parse(String(row["body"])) as Things[Kind]);
    },
    all: <Kind extends keyof Things>(kind: Kind) =>
      many.all(kind).map((row) => JSON.parse(String(row["body"])) as Things[Kind]),
    put: (kind, key, thing) => void write.run(kind, key, JSON.stringify(thing)),
    remove: (kind, key) => void forget.run(kind, key),
    next: (series) => {
      const n = (ledger.find("series", series)?.n ?? 0) + 1;
      ledger.put("series", series, { n });
      return n;
    },
    clear: () => database.exec("DELETE FROM things"),
    close: () => database.close(),
  };
  return ledger;
}
