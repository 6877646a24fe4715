import { createHash } from "node:crypto";
import { deflateSync, inflateSync } from "fflate";
import type { Environment, World } from "./call.ts";
import type { Facts } from "./document.ts";

/** A document that was taken in, as the ledger keeps it. */
export interface Upload {
  env: Environment;
  idx: number;
  path: "upload" | "uploadb2c";
  standard: string;
  /** Space-separated names of the flags that were DA. */
  flags: string;
  /** The `cif` parameter: whose right was used and who gets the errors. */
  cif: string;
  serial: string;
  body: Uint8Array;
  sha256: string;
  received: number;
  ready: number;
  state: "in prelucrare" | "ok" | "nok" | "XML cu erori nepreluat de sistem";
  download: number | null;
  /** JSON list of texts. */
  errors: string | null;
  seller: string;
  buyer: string;
  number: string;
  issued: string;
  type: string;
  total: string;
  marker: string;
  /** JSON list of states still to be shown, one per poll. */
  script: string | null;
}

/** The first index of uploads and of downloads (SIMULATOR.md §3). */
const firstUpload = 5_000_000_001;
const firstDownload = 3_000_000_001;

export interface NewUpload {
  env: Environment;
  serial: string;
  received: number;
  path: "upload" | "uploadb2c";
  standard: string;
  flags: string;
  cif: string;
  body: Uint8Array;
  facts: Facts;
  ready: number;
  marker: string;
}

/**
 * Registers a document for processing and answers its index. Bodies are kept deflated: they are mostly tags. By
 * fflate, because each call of Node's own deflateSync leaves 12 KB of native memory behind.
 */
export function register(world: World, upload: NewUpload): number {
  const { ledger } = world;
  const { env, facts } = upload;
  const idx = ledger.next(`upload ${env}`, firstUpload);
  ledger.run(
    "INSERT INTO uploads VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'in prelucrare', NULL, NULL, ?, ?, ?, ?, ?, ?, ?, NULL)",
    env,
    idx,
    upload.path,
    upload.standard,
    upload.flags,
    upload.cif,
    upload.serial,
    deflateSync(upload.body, { level: 3 }),
    createHash("sha256").update(upload.body).digest("hex"),
    upload.received,
    upload.ready,
    facts.sellerCif,
    facts.buyerCif,
    facts.number,
    facts.issueDate,
    facts.typeCode,
    facts.total,
    upload.marker,
  );
  return idx;
}

export function findUpload(world: World, env: Environment, idx: number): Upload | undefined {
  return world.ledger.get<Upload>("SELECT * FROM uploads WHERE env = ? AND idx = ?", env, idx);
}

/** The bytes exactly as they were uploaded. */
export function bytesOf(upload: Upload): Uint8Array {
  return inflateSync(upload.body);
}

/** An entry of the message lists (ANAF.md §5). `created` is data_creare; `listed` when it becomes visible. */
export interface Message {
  env: Environment;
  id: number;
  upload: number;
  tip: string;
  cif: string;
  detalii: string;
  created: number;
  listed: number;
  expires: number;
}

const sixtyDays = 60 * 86_400_000;

export function nextDownloadId(world: World, env: Environment): number {
  return world.ledger.next(`download ${env}`, firstDownload);
}

/** Adds a message; it can be downloaded for 60 days from `ready` (ANAF.md §6). */
export function addMessage(world: World, message: Omit<Message, "expires">, ready: number): void {
  const { env, id, upload, tip, cif, detalii, created, listed } = message;
  const sql = "INSERT INTO messages VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)";
  world.ledger.run(sql, env, id, upload, tip, cif, detalii, created, listed, ready + sixtyDays);
}

export function findMessage(world: World, env: Environment, id: number): Message | undefined {
  return world.ledger.get<Message>("SELECT * FROM messages WHERE env = ? AND id = ?", env, id);
}
