import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsError } from "../aws/error.ts";
import { type AwsRequest, header } from "../aws/request.ts";

/**
 * The bytes a request carries: aws-chunked framing removed (the SDK sends it for streams), checksums compared.
 * Throws BadDigest when a checksum we know does not fit the bytes.
 */
export function readBody(request: AwsRequest): Buffer {
  const chunked =
    header(request, "content-encoding").includes("aws-chunked") ||
    header(request, "x-amz-content-sha256").startsWith("STREAMING-");
  const { bytes, trailers } = chunked
    ? unchunk(request.body)
    : { bytes: request.body, trailers: new Map<string, string>() };
  const claimed = (name: string) => trailers.get(name) ?? header(request, name);
  compare(claimed("x-amz-checksum-crc32"), () => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    return sum.toString("base64");
  });
  compare(claimed("x-amz-checksum-sha256"), () => createHash("sha256").update(bytes).digest("base64"));
  compare(claimed("content-md5"), () => createHash("md5").update(bytes).digest("base64"));
  return bytes;
}

function compare(claimed: string, actual: () => string) {
  if (claimed && claimed !== actual())
    throw new AwsError("BadDigest", "The checksum you specified did not match what we received.");
}

/** `<size in hex>[;extension]\r\n<bytes>\r\n … 0\r\n<trailer: value>\r\n…\r\n` */
function unchunk(body: Buffer): { bytes: Buffer; trailers: Map<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.subarray(at, lineEnd).toString("latin1"), 16);
    if (lineEnd < 0 || !(size >= 0)) throw new AwsError("IncompleteBody", "The chunked body ends too early.");
    at = lineEnd + 2;
    if (size === 0) break;
    if (at + size > body.length) throw new AwsError("IncompleteBody", "The chunked body ends too early.");
    chunks.push(body.subarray(at, at + size));
    at += size + 2;
  }
  const trailers = new Map<string, string>();
  for (const line of body.subarray(at).toString("latin1").split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { bytes: Buffer.concat(chunks), trailers };
}
