import { createHash, randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { AwsError } from "../aws/error.ts";
import { statements, transaction } from "../database.ts";
import type { Blobs } from "./blobs.ts";

/** Headers kept with an object and given back with it: type, disposition, cache rules and `x-amz-meta-*`. */
export type Kept = Record<string, string>;

export interface StoredObject {
  readonly key: string;
  readonly blob: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly modifiedMs: number;
  readonly kept: Kept;
}

const schema = `
  CREATE TABLE IF NOT EXISTS bucket (name TEXT PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS object (
    bucket TEXT NOT NULL, key TEXT NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
    modified INTEGER NOT NULL, kept TEXT NOT NULL, PRIMARY KEY (bucket, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, kept TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS part (
    upload TEXT NOT NULL, number INTEGER NOT NULL, blob TEXT NOT NULL, etag TEXT NOT NULL, PRIMARY KEY (upload, number)
  ) STRICT;`;

const noSuchKey = () => new AwsError("NoSuchKey", "The specified key does not exist.", 404);
const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest("hex");

/**
 * Objects of all buckets: a blob on disk and a row that names it. The blob is written first and the replaced one removed
 * last, so whenever the process dies every row names whole bytes. Only the newest version is kept here.
 */
export class Objects {
  readonly #database: DatabaseSync;
  readonly #sql: ReturnType<typeof statements>;
  readonly #blobs: Blobs;

  constructor(database: DatabaseSync, blobs: Blobs) {
    this.#database = database;
    this.#blobs = blobs;
    database.exec(schema);
    this.#sql = statements(database);
  }

  createBucket(name: string): void {
    this.#sql("INSERT OR IGNORE INTO bucket VALUES (?)").run(name);
  }

  assertBucket(name: string): void {
    if (!this.#sql("SELECT 1 FROM bucket WHERE name = ?").get(name))
      throw new AwsError("NoSuchBucket", "The specified bucket does not exist.", 404);
  }

  find(bucket: string, key: string): StoredObject | undefined {
    const row = this.#sql("SELECT * FROM object WHERE bucket = ? AND key = ?").get(bucket, key);
    return row && stored(row);
  }

  get(bucket: string, key: string): StoredObject {
    const found = this.find(bucket, key);
    if (!found) throw noSuchKey();
    return found;
  }

  bytes(object: StoredObject): Buffer {
    return this.#blobs.read(object.blob);
  }

  put(bucket: string, key: string, bytes: Buffer, kept: Kept, etag = `"${md5(bytes)}"`): StoredObject {
    const blob = this.#blobs.write(bytes);
    const old = this.find(bucket, key);
    const modifiedMs = Date.now();
    this.#sql("INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?)").run(
      bucket,
      key,
      blob,
      bytes.length,
      etag,
      modifiedMs,
      JSON.stringify(kept),
    );
    if (old) this.#blobs.remove(old.blob);
    return { key, blob, sizeBytes: bytes.length, etag, modifiedMs, kept };
  }

  remove(bucket: string, key: string): void {
    const row = this.#sql("DELETE FROM object WHERE bucket = ? AND key = ? RETURNING blob").get(bucket, key);
    if (row) this.#blobs.remove(String(row.blob));
  }

  /** Up to `count` objects whose key starts with `prefix` and sorts after `after` (bytewise, as S3 lists). */
  list(bucket: string, prefix: string, after: string, count: number): StoredObject[] {
    return this.#sql(
      "SELECT * FROM object WHERE bucket = ?1 AND key > ?2 AND key >= ?3 AND substr(key, 1, length(?3)) = ?3 ORDER BY key LIMIT ?4",
    )
      .all(bucket, after, prefix, count)
      .map(stored);
  }

  startUpload(bucket: string, key: string, kept: Kept): string {
    const id = randomUUID();
    this.#sql("INSERT INTO upload VALUES (?, ?, ?, ?)").run(id, bucket, key, JSON.stringify(kept));
    return id;
  }

  putPart(upload: string, number: number, bytes: Buffer): string {
    this.#upload(upload);
    const old = this.#sql("SELECT blob FROM part WHERE upload = ? AND number = ?").get(upload, number);
    const etag = `"${md5(bytes)}"`;
    this.#sql("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)").run(
      upload,
      number,
      this.#blobs.write(bytes),
      etag,
    );
    if (old) this.#blobs.remove(String(old.blob));
    return etag;
  }

  /** Joins the parts in order of their numbers; the ETag is S3's, a hash of hashes and the count. */
  completeUpload(upload: string): StoredObject {
    const { bucket, key, kept } = this.#upload(upload);
    const parts = this.#sql("SELECT blob, etag FROM part WHERE upload = ? ORDER BY number").all(upload);
    const hashes = Buffer.concat(parts.map((part) => Buffer.from(String(part.etag).slice(1, -1), "hex")));
    const bytes = Buffer.concat(parts.map((part) => this.#blobs.read(String(part.blob))));
    const object = this.put(bucket, key, bytes, kept, `"${md5(hashes)}-${parts.length}"`);
    this.dropUpload(upload);
    return object;
  }

  dropUpload(upload: string): void {
    this.#upload(upload);
    const parts = this.#sql("SELECT blob FROM part WHERE upload = ?").all(upload);
    transaction(this.#database, () => {
      this.#sql("DELETE FROM part WHERE upload = ?").run(upload);
      this.#sql("DELETE FROM upload WHERE id = ?").run(upload);
    });
    for (const part of parts) this.#blobs.remove(String(part.blob));
  }

  #upload(id: string) {
    const row = this.#sql("SELECT * FROM upload WHERE id = ?").get(id);
    if (!row) throw new AwsError("NoSuchUpload", "The specified upload does not exist.", 404);
    return { bucket: String(row.bucket), key: String(row.key), kept: JSON.parse(String(row.kept)) as Kept };
  }
}

const stored = (row: Record<string, unknown>): StoredObject => ({
  key: String(row.key),
  blob: String(row.blob),
  sizeBytes: Number(row.size),
  etag: String(row.etag),
  modifiedMs: Number(row.modified),
  kept: JSON.parse(String(row.kept)) as Kept,
});
