import { AwsError } from "../aws/error.ts";
import type { AwsService } from "../aws/listener.ts";
import { type AwsRequest, type AwsResponse, header } from "../aws/request.ts";
import { readBody } from "./body.ts";
import type { Kept, Objects } from "./objects.ts";

interface Target {
  readonly bucket: string;
  readonly key: string;
}

type Operation = (objects: Objects, target: Target, request: AwsRequest) => AwsResponse;

/** The S3 REST protocol, path style, over `objects`: what core uses, and what its SDK sends by itself. */
export function s3Service(objects: Objects): AwsService {
  return {
    handle(request) {
      const target = targetOf(request);
      const operation = operationOf(request, target);
      if (operation !== createBucket) objects.assertBucket(target.bucket);
      return operation(objects, target, request);
    },
    refuse(error, request) {
      const { code, message, status } = error instanceof AwsError ? error : internal(error);
      const body = `<Error><Code>${code}</Code><Message>${escape(message)}</Message></Error>`;
      return request.method === "HEAD" ? { status, headers: {}, body: Buffer.alloc(0) } : xml(body, status);
    },
  };
}

function internal(error: unknown): AwsError {
  console.error("The file emulator failed:", error);
  return new AwsError("InternalError", String(error), 500);
}

function targetOf(request: AwsRequest): Target {
  const [, bucket = "", ...rest] = request.path.split("/");
  try {
    return { bucket, key: decodeURIComponent(rest.join("/")) };
  } catch {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  }
}

function operationOf({ method, query, headers }: AwsRequest, { key }: Target): Operation {
  if (!key) {
    if (method === "PUT") return createBucket;
    if (method === "GET") return listObjects;
    if (method === "POST" && query.has("delete")) return deleteObjects;
  } else if (query.has("uploadId")) {
    if (method === "PUT") return uploadPart;
    if (method === "POST") return completeUpload;
    if (method === "DELETE") return abortUpload;
  } else {
    if (method === "GET" || method === "HEAD") return getObject;
    if (method === "DELETE") return deleteObject;
    if (method === "POST" && query.has("uploads")) return startUpload;
    if (method === "PUT") return headers["x-amz-copy-source"] ? copyObject : putObject;
  }
  throw new AwsError("NotImplemented", `${method} is not emulated for this resource.`, 501);
}

const createBucket: Operation = (objects, { bucket }) => {
  objects.createBucket(bucket);
  return empty(200);
};

const putObject: Operation = (objects, target, request) => {
  if (target.key.length > 1024) throw new AwsError("KeyTooLongError", "Your key is too long");
  const bytes = readBody(request);
  assertPreconditions(objects, target, request);
  const { etag } = objects.put(target.bucket, target.key, bytes, keptOf(request));
  return empty(200, { etag });
};

const copyObject: Operation = (objects, target, request) => {
  const [bucket = "", ...key] = decodeURIComponent(header(request, "x-amz-copy-source"))
    .replace(/^\//, "")
    .split("/");
  const source = objects.get(bucket, key.join("/"));
  assertPreconditions(objects, target, request);
  const kept = header(request, "x-amz-metadata-directive") === "REPLACE" ? keptOf(request) : source.kept;
  const copy = objects.put(target.bucket, target.key, objects.bytes(source), kept);
  return xml(
    `<CopyObjectResult><ETag>${escape(copy.etag)}</ETag><LastModified>${iso(copy.modifiedMs)}</LastModified></CopyObjectResult>`,
  );
};

/** GET and HEAD, with one range and the `response-*` overrides that presigned links use. */
const getObject: Operation = (objects, { bucket, key }, request) => {
  const object = objects.get(bucket, key);
  const headers: Record<string, string> = {
    "content-type": "binary/octet-stream",
    ...object.kept,
    etag: object.etag,
    "last-modified": new Date(object.modifiedMs).toUTCString(),
    "accept-ranges": "bytes",
    "content-length": String(object.sizeBytes),
  };
  for (const name of ["content-type", "content-disposition", "cache-control"]) {
    const wanted = request.query.get(`response-${name}`);
    if (wanted) headers[name] = wanted;
  }
  if (header(request, "if-none-match") === object.etag) return empty(304, { etag: object.etag });
  if (request.method === "HEAD") return { status: 200, headers, body: Buffer.alloc(0) };
  const bytes = objects.bytes(object);
  const range = rangeOf(header(request, "range"), bytes.length);
  if (!range) return { status: 200, headers, body: bytes };
  const part = bytes.subarray(range.start, range.end);
  headers["content-range"] = `bytes ${range.start}-${range.end - 1}/${bytes.length}`;
  headers["content-length"] = String(part.length);
  return { status: 206, headers, body: part };
};

const deleteObject: Operation = (objects, { bucket, key }) => {
  objects.remove(bucket, key);
  return empty(204);
};

const deleteObjects: Operation = (objects, { bucket }, request) => {
  const keys = [
    ...readBody(request)
      .toString("utf8")
      .matchAll(/<Key>([^<]*)<\/Key>/g),
  ].map((found) => unescape(found[1]!));
  for (const key of keys) objects.remove(bucket, key);
  return xml(
    `<DeleteResult>${keys.map((key) => `<Deleted><Key>${escape(key)}</Key></Deleted>`).join("")}</DeleteResult>`,
  );
};

/** ListObjectsV2 with prefix, delimiter and continuation. */
const listObjects: Operation = (objects, { bucket }, { query }) => {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter");
  const most = Math.min(Number(query.get("max-keys") ?? 1000), 1000);
  const token = query.get("continuation-token");
  let after = token ? Buffer.from(token, "base64url").toString("utf8") : (query.get("start-after") ?? "");
  const entries: string[] = [];
  const seen = new Set<string>();
  let more = true;
  while (more && entries.length + seen.size < most) {
    const [object] = objects.list(bucket, prefix, after, 1);
    if (!object) more = false;
    else {
      const cut = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1;
      const group = cut < 0 ? undefined : object.key.slice(0, cut + delimiter!.length);
      if (group) seen.add(group);
      else
        entries.push(
          `<Contents><Key>${escape(object.key)}</Key><LastModified>${iso(object.modifiedMs)}</LastModified><ETag>${escape(object.etag)}</ETag><Size>${object.sizeBytes}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
        );
      // Past the whole group: no key can sort after the last code point.
      after = group ? `${group}\u{10ffff}` : object.key;
    }
  }
  more &&= objects.list(bucket, prefix, after, 1).length > 0;
  const next = more
    ? `<NextContinuationToken>${Buffer.from(after).toString("base64url")}</NextContinuationToken>`
    : "";
  const groups = [...seen].map(
    (group) => `<CommonPrefixes><Prefix>${escape(group)}</Prefix></CommonPrefixes>`,
  );
  return xml(
    `<ListBucketResult><Name>${bucket}</Name><Prefix>${escape(prefix)}</Prefix><MaxKeys>${most}</MaxKeys><KeyCount>${entries.length + seen.size}</KeyCount><IsTruncated>${more}</IsTruncated>${next}${entries.join("")}${groups.join("")}</ListBucketResult>`,
  );
};

const startUpload: Operation = (objects, { bucket, key }, request) =>
  xml(
    `<InitiateMultipartUploadResult><Bucket>${bucket}</Bucket><Key>${escape(key)}</Key><UploadId>${objects.startUpload(bucket, key, keptOf(request))}</UploadId></InitiateMultipartUploadResult>`,
  );

const uploadPart: Operation = (objects, _target, request) => {
  const number = Number(request.query.get("partNumber"));
  return empty(200, { etag: objects.putPart(request.query.get("uploadId")!, number, readBody(request)) });
};

const completeUpload: Operation = (objects, _target, request) => {
  const { etag, key } = objects.completeUpload(request.query.get("uploadId")!);
  return xml(
    `<CompleteMultipartUploadResult><Key>${escape(key)}</Key><ETag>${escape(etag)}</ETag></CompleteMultipartUploadResult>`,
  );
};

const abortUpload: Operation = (objects, _target, request) => {
  objects.dropUpload(request.query.get("uploadId")!);
  return empty(204);
};

/** `If-None-Match: *` creates only; `If-Match` replaces only what the caller has seen. */
function assertPreconditions(objects: Objects, { bucket, key }: Target, request: AwsRequest) {
  const existing = objects.find(bucket, key);
  const seen = header(request, "if-match");
  if ((header(request, "if-none-match") === "*" && existing) || (seen && existing && existing.etag !== seen))
    throw new AwsError(
      "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold",
      412,
    );
  if (seen && !existing) throw new AwsError("NoSuchKey", "The specified key does not exist.", 404);
}

/** The first byte and the one after the last; undefined when the whole object is asked for. */
function rangeOf(text: string, size: number): { start: number; end: number } | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(text);
  if (!found || (!found[1] && !found[2])) return undefined;
  const start = found[1] ? Number(found[1]) : Math.max(0, size - Number(found[2]));
  const end = found[1] && found[2] ? Math.min(Number(found[2]) + 1, size) : size;
  if (start >= end) throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416);
  return { start, end };
}

const keptOf = ({ headers }: AwsRequest): Kept =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      /^(content-type|content-disposition|cache-control|x-amz-meta-.+)$/.test(name)
        ? [[name, String(value)]]
        : [],
    ),
  );

const iso = (ms: number) => new Date(ms).toISOString();
const empty = (status: number, headers: Record<string, string> = {}): AwsResponse => ({
  status,
  headers,
  body: Buffer.alloc(0),
});
const xml = (body: string, status = 200): AwsResponse => ({
  status,
  headers: { "content-type": "application/xml" },
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${body}`),
});

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character]!);
const unescape = (text: string) =>
  Object.entries(entities).reduceRight(
    (plain, [character, entity]) => plain.replaceAll(entity, character),
    text,
  );
