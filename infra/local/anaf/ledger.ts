import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";

/**
 * Everything the simulator remembers, in one SQLite database: a file in write-ahead mode when a data folder is
 * given (a killed process loses nothing that was answered), memory otherwise.
 */
export interface Ledger {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- The caller's SQL says what a row is.
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  run(sql: string, ...values: SQLInputValue[]): number;
  /** Runs the work so that all of it is kept or none of it. Nested calls join the outer one. */
  transaction<Result>(work: () => Result): Result;
  meta(key: string): number | undefined;
  setMeta(key: string, value: number): void;
  /** The next number of a series; the first call answers `first`. */
  next(series: string, first: number): number;
  /** Counts one more use of a key on a day and answers how many there are now. */
  count(scope: string, key: string, day: string): number;
  clear(): void;
  close(): void;
}

// Uploads keep their rowid: without one SQLite would move each body to an overflow page of its own.
const tables = `
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters(scope TEXT, key TEXT, day TEXT, n INTEGER NOT NULL, PRIMARY KEY(scope, key, day)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rights(serial TEXT, cif TEXT, granted INTEGER NOT NULL, PRIMARY KEY(serial, cif)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS codes(code TEXT PRIMARY KEY, serial TEXT, client TEXT, redirect TEXT, opaque INTEGER, expires INTEGER, used INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tokens(hash TEXT PRIMARY KEY, kind TEXT, serial TEXT, client TEXT, family TEXT, expires INTEGER, dead INTEGER) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tokens_serial ON tokens(serial, kind);
CREATE TABLE IF NOT EXISTS uploads(
  env TEXT, idx INTEGER, path TEXT, standard TEXT, flags TEXT, cif TEXT, serial TEXT, body BLOB, sha256 TEXT,
  received INTEGER, ready INTEGER, state TEXT, download INTEGER, errors TEXT, seller TEXT, buyer TEXT, number TEXT,
  issued TEXT, type TEXT, total TEXT, marker TEXT, script TEXT, PRIMARY KEY(env, idx));
CREATE INDEX IF NOT EXISTS uploads_due ON uploads(ready, idx) WHERE state = 'in prelucrare';
CREATE INDEX IF NOT EXISTS uploads_twin ON uploads(env, seller, number, idx);
CREATE TABLE IF NOT EXISTS messages(
  env TEXT, id INTEGER, upload INTEGER, tip TEXT, cif TEXT, detalii TEXT, created INTEGER, listed INTEGER,
  expires INTEGER, PRIMARY KEY(env, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_list ON messages(env, cif, created, id);
CREATE TABLE IF NOT EXISTS faults(key TEXT PRIMARY KEY, id TEXT, condition TEXT, params TEXT, matched INTEGER, fired INTEGER, seq INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lookups(id TEXT PRIMARY KEY, answer TEXT, ready INTEGER, expires INTEGER, read INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transports(env TEXT, idx INTEGER, uit TEXT, cif TEXT, kind TEXT, body TEXT, received INTEGER, ready INTEGER, state TEXT, errors TEXT, PRIMARY KEY(env, idx)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS transports_uit ON transports(env, uit);
CREATE TABLE IF NOT EXISTS journal(n INTEGER PRIMARY KEY, t INTEGER, method TEXT, path TEXT, query TEXT, serial TEXT, sha256 TEXT, status INTEGER, response TEXT, fault TEXT);
`;

const tableNames =
  "meta counters rights codes tokens uploads messages faults lookups transports journal".split(" ");

/** Opens the ledger of a data folder (made when absent), or one in memory. */
export function openLedger(dataDir: string | undefined): Ledger {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(dataDir === undefined ? ":memory:" : join(dataDir, "anaf-sim.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;");
  database.exec(tables);

  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  let depth = 0;

  const ledger: Ledger = {
    // A row has the shape its SQL names; SQLite cannot say so to the compiler.
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
    get: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).all(...values) as Row[],
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    transaction: (work) => {
      if (depth++ === 0) database.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        if (depth === 1) database.exec("COMMIT");
        return result;
      } catch (error) {
        if (depth === 1) database.exec("ROLLBACK");
        throw error;
      } finally {
        depth--;
      }
    },
    meta: (key) => ledger.get<{ value: number }>("SELECT value FROM meta WHERE key = ?", key)?.value,
    setMeta: (key, value) =>
      void ledger.run(
        "INSERT INTO meta VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        key,
        value,
      ),
    next: (series, first) => {
      const value = (ledger.meta(series) ?? first - 1) + 1;
      ledger.setMeta(series, value);
      return value;
    },
    count: (scope, key, day) =>
      ledger.get<{ n: number }>(
        "INSERT INTO counters VALUES(?, ?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n",
        scope,
        key,
        day,
      )?.n ?? 1,
    clear: () => ledger.transaction(() => tableNames.forEach((name) => ledger.run(`DELETE FROM ${name}`))),
    close: () => database.close(),
  };
  return ledger;
}
