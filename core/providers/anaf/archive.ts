import { crc32, inflateRawSync } from "node:zlib";
import { attributes, children, localName, parseXml, root } from "#core/lib/xml/index.ts";

/** The two files of a sealed ZIP: the document (or the list of errors) and ANAF's signature over it. */
export interface SealedFile {
  readonly document: Uint8Array;
  readonly signature: Uint8Array | undefined;
}

/** The bytes are not a sealed ZIP; fetching them again may help when they were cut. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

const largestEntryBytes = 16_000_000;
/** An XML of base64 packs at most about a hundred times; more is an attack. */
const largestRatio = 200;
const mostEntries = 16;

/**
 * Opens a sealed ZIP. The document is told from the signature by its name, never by position or content: the order
 * of the two varies, and in ANAF's test environment the signature contains the whole document.
 */
export function openArchive(zip: Uint8Array): SealedFile {
  const entries = [...centralDirectory(Buffer.from(zip.buffer, zip.byteOffset, zip.length))];
  const isSignature = (name: string) => /(^|\/)semnatura_/i.test(name);
  const document = entries.find(({ name }) => !isSignature(name) && /\.xml$/i.test(name));
  if (!document) throw new ArchiveError("The ZIP holds no document.");
  const signature = entries.find(({ name }) => isSignature(name));
  return { document: document.read(), signature: signature?.read() };
}

interface Entry {
  readonly name: string;
  readonly read: () => Uint8Array;
}

/** Signatures of the records of a ZIP, and where their fields are (APPNOTE.TXT 4.3). */
const endRecord = 0x06054b50;
const centralRecord = 0x02014b50;
const localRecord = 0x04034b50;

function* centralDirectory(zip: Buffer): Generator<Entry> {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0 || end + 22 > zip.length || zip.readUInt32LE(end) !== endRecord)
    throw new ArchiveError("The ZIP is cut or damaged.");
  const count = zip.readUInt16LE(end + 10);
  if (count > mostEntries) throw new ArchiveError(`The ZIP has ${count} files.`);
  let at = zip.readUInt32LE(end + 16);
  for (let n = 0; n < count; n++) {
    if (at + 46 > end || zip.readUInt32LE(at) !== centralRecord)
      throw new ArchiveError("The ZIP's directory is damaged.");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    );
    const entry = {
      method: zip.readUInt16LE(at + 10),
      crc: zip.readUInt32LE(at + 16),
      packedBytes: zip.readUInt32LE(at + 20),
      sizeBytes: zip.readUInt32LE(at + 24),
      local: zip.readUInt32LE(at + 42),
    };
    yield {
      name: zip.toString("utf8", at + 46, at + 46 + nameLength!),
      read: () => readEntry(zip, entry),
    };
    at += 46 + nameLength! + extraLength! + commentLength!;
  }
}

interface EntryHeader {
  method: number;
  crc: number;
  packedBytes: number;
  sizeBytes: number;
  local: number;
}

function readEntry(zip: Buffer, { method, crc, packedBytes, sizeBytes, local }: EntryHeader): Uint8Array {
  if (sizeBytes > largestEntryBytes || sizeBytes > largestRatio * Math.max(packedBytes, 1024))
    throw new ArchiveError(`A file of the ZIP unpacks to ${sizeBytes} bytes.`);
  if (local + 30 > zip.length || zip.readUInt32LE(local) !== localRecord)
    throw new ArchiveError("A file of the ZIP is damaged.");
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const packed = zip.subarray(start, start + packedBytes);
  const bytes = unpacked(packed, method, sizeBytes);
  if (bytes.length !== sizeBytes || crc32(bytes) !== crc)
    throw new ArchiveError("A file of the ZIP does not match its checksum.");
  return bytes;
}

function unpacked(packed: Buffer, method: number, sizeBytes: number): Buffer {
  if (method === 0) return packed;
  if (method !== 8) throw new ArchiveError(`A file of the ZIP is packed by method ${method}.`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(sizeBytes, 1) });
  } catch (error) {
    throw new ArchiveError(`A file of the ZIP cannot be unpacked: ${(error as Error).message}`);
  }
}

/** The texts of a rejection's error file (`header/Error@errorMessage`), word by word. */
export function readErrors(file: Uint8Array): string[] {
  const doc = parseXml(file);
  return children(doc, root(doc))
    .filter((node) => /^Errors?$/.test(localName(doc, node)))
    .flatMap((node) => attributes(doc, node).errorMessage ?? []);
}
