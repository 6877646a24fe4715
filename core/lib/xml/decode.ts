import { isUtf8 } from "node:buffer";
import { byteText } from "./bytes.ts";
import { XmlError } from "./error.ts";

/** Documents larger than this are refused unread; an invoice of 5 000 lines is about 6 MB. */
export const LARGEST_DOCUMENT_BYTES = 16 * 1024 * 1024;

const DECLARED = /^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/;

/** Decoders are kept because making one costs more than a small invoice. */
const decoders = new Map<string, InstanceType<typeof TextDecoder>>();

/**
 * The bytes of a document in UTF-8 without a byte order mark, as XML 1.0 appendix F says: a mark decides, else the
 * encoding of the XML declaration, else it is UTF-8. Nearly every document is, and then these are the bytes given. Bytes
 * that the encoding does not allow are an XmlError, never a replacement sign.
 */
export function utf8Of(document: Uint8Array | string): Uint8Array {
  if (document.length > LARGEST_DOCUMENT_BYTES) {
    throw new XmlError(`The document is larger than ${LARGEST_DOCUMENT_BYTES / 1024 / 1024} MB.`, 1, 1);
  }
  if (typeof document === "string") {
    if (!document.isWellFormed()) throw new XmlError("The text has half of a surrogate pair.", 1, 1);
    return withoutMark(Buffer.from(document));
  }
  const encoding = encodingOf(document);
  if (encoding !== "utf-8") return withoutMark(Buffer.from(decode(document, encoding)));
  if (!isUtf8(document)) throw new XmlError("The bytes are not valid utf-8.", 1, 1);
  return withoutMark(document);
}

const hasMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

const withoutMark = (bytes: Uint8Array): Uint8Array => (hasMark(bytes) ? bytes.subarray(3) : bytes);

function decode(bytes: Uint8Array, encoding: string): string {
  let decoder = decoders.get(encoding);
  try {
    if (!decoder) decoders.set(encoding, (decoder = new TextDecoder(encoding, { fatal: true })));
    return decoder.decode(bytes);
  } catch (error) {
    const unknown = error instanceof RangeError;
    throw new XmlError(
      unknown ? `Unknown encoding ${encoding}.` : `The bytes are not valid ${encoding}.`,
      1,
      1,
    );
  }
}

function encodingOf(bytes: Uint8Array): string {
  const first = bytes[0];
  const second = bytes[1];
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0x3c && second === 0) return "utf-16le";
  if (first === 0 && second === 0x3c) return "utf-16be";
  if (first !== 0x3c || second !== 0x3f || hasMark(bytes)) return "utf-8";
  const head = byteText(bytes.subarray(0, 200));
  const declared = DECLARED.exec(head)?.[1]?.toLowerCase() ?? "utf-8";
  // The declaration was read byte by byte, so the document cannot be in two-byte units whatever it claims.
  if (declared.startsWith("utf-16") || declared.startsWith("iso-10646-ucs")) {
    throw new XmlError(`The document declares ${declared} but is not written in it.`, 1, 1);
  }
  return declared;
}
