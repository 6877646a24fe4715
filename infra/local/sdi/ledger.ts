import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A file that reached the exchange. */
export interface FileRow {
  readonly id: number;
  readonly name: string;
  readonly sha256: string;
  readonly number: string;
  /** Seller, year, number and whether it is a credit note: what makes an invoice the same invoice. */
  readonly invoice: string;
  readonly receivedMs: number;
  /** From when on the intermediary's list shows it. */
  readonly listedMs: number;
  readonly isDiscarded: number;
}

export interface NotificationRow {
  readonly id: number;
  readonly file: number;
  readonly kind: string;
  readonly outcome: string | null;
  readonly name: string;
  readonly xml: string;
  readonly atMs: number;
  readonly isPushed: number;
}

const tables = `
CREATE TABLE IF NOT EXISTS files(
  id INTEGER PRIMARY KEY, name TEXT, sha256 TEXT, number TEXT, invoice TEXT, receivedMs INTEGER, listedMs INTEGER,
  isDiscarded INTEGER);
CREATE INDEX IF NOT EXISTS files_name ON files(name);
CREATE INDEX IF NOT EXISTS files_invoice ON files(invoice);
CREATE INDEX IF NOT EXISTS files_number ON files(number);
CREATE TABLE IF NOT EXISTS notifications(
  id INTEGER PRIMARY KEY, file INTEGER, kind TEXT, outcome TEXT, name TEXT, xml TEXT, atMs INTEGER, isPushed INTEGER);
CREATE INDEX IF NOT EXISTS notifications_file ON notifications(file);
`;

export type Ledger = ReturnType<typeof openLedger>;

/** Everything the exchange and the intermediary remember, kept in a data folder. */
export function openLedger(dataDir: string) {
  mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(join(dataDir, "sdi-sim.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  database.exec(tables);
  // A row has the shape its SQL names; SQLite cannot say so to the compiler.
  const rows = <Row>(sql: string, ...values: (string | number)[]) =>
    database.prepare(sql).all(...values) as unknown as Row[];
  const files = (where: string, ...values: (string | number)[]) =>
    rows<FileRow>(`SELECT * FROM files WHERE ${where} ORDER BY id`, ...values);
  return {
    byId: (id: number): FileRow | undefined => files("id = ?", id)[0],
    byName: (name: string): FileRow[] => files("name = ?", name),
    byNumber: (number: string): FileRow[] => files("number = ?", number),
    /** Files of the same invoice that were not discarded. */
    copiesOf: (invoice: string): FileRow[] => files("invoice = ? AND isDiscarded = 0", invoice),
    addFile(file: Omit<FileRow, "id">): number {
      const { name, sha256, number, invoice, receivedMs, listedMs, isDiscarded } = file;
      const added = database
        .prepare("INSERT INTO files VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)")
        .run(name, sha256, number, invoice, receivedMs, listedMs, isDiscarded);
      return Number(added.lastInsertRowid);
    },
    addNotification(row: Omit<NotificationRow, "id" | "isPushed">): void {
      const { file, kind, outcome, name, xml, atMs } = row;
      database
        .prepare("INSERT INTO notifications VALUES (NULL, ?, ?, ?, ?, ?, ?, 0)")
        .run(file, kind, outcome, name, xml, atMs);
    },
    /** What the exchange has said of a file until now. */
    saidOf: (file: number, nowMs: number): NotificationRow[] =>
      rows("SELECT * FROM notifications WHERE file = ? AND atMs <= ? ORDER BY atMs, id", file, nowMs),
    unpushed: (nowMs: number): NotificationRow[] =>
      rows("SELECT * FROM notifications WHERE isPushed = 0 AND atMs <= ? ORDER BY atMs, id", nowMs),
    pushed(id: number): void {
      database.prepare("UPDATE notifications SET isPushed = 1 WHERE id = ?").run(id);
    },
    close: (): void => database.close(),
  };
}
