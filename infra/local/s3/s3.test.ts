import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen } from "../aws/listener.ts";
import { openDatabase } from "../database.ts";
import { Blobs } from "./blobs.ts";
import { Objects } from "./objects.ts";
import { s3Service } from "./service.ts";

const directory = mkdtempSync(join(tmpdir(), "s3-"));
const database = openDatabase(directory);
const Bucket = "files";
let server: Awaited<ReturnType<typeof listen>>;
let s3: S3Client;
const client = (secretAccessKey = "local") =>
  new S3Client({
    region: "eu-central-1",
    endpoint: server.url,
    credentials: { accessKeyId: "local", secretAccessKey },
    maxAttempts: 1,
  });

beforeAll(async () => {
  const objects = new Objects(database, new Blobs(join(directory, "files")));
  objects.createBucket(Bucket);
  server = await listen({ s3: s3Service(objects) });
  s3 = client();
});
afterAll(async () => {
  s3.destroy();
  await server.stop();
  database.close();
  rmSync(directory, { recursive: true });
});

const put = (Key: string, Body: string | Uint8Array, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more: object = {}) => s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
const text = async (Key: string, more: object = {}) => (await get(Key, more)).Body!.transformToString();
const link = (Key: string, more: object = {}, expiresIn = 60) =>
  getSignedUrl(s3, new GetObjectCommand({ Bucket, Key, ...more }), { expiresIn });

describe("an object, seen through the SDK", () => {
  it("comes back with its bytes, type and metadata, under a key in any script", async () => {
    const key = "firmă/2026/factură ț #1 +&?.xml";
    await put(key, "<a>ă</a>", { ContentType: "application/xml", Metadata: { sha: "abc" } });
    const found = await get(key);
    expect(found).toMatchObject({
      ContentType: "application/xml",
      Metadata: { sha: "abc" },
      ContentLength: 9,
    });
    expect(await found.Body!.transformToString()).toBe("<a>ă</a>");
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: key }))).toMatchObject({ ContentLength: 9 });
  });

  it("that is absent is NoSuchKey, and NotFound for HEAD", async () => {
    await expect(get("absent")).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: "absent" }))).rejects.toMatchObject({
      name: "NotFound",
    });
  });

  it("in an absent bucket is NoSuchBucket", async () => {
    await expect(s3.send(new GetObjectCommand({ Bucket: "none", Key: "a" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
  });

  it("is replaced by a second put, and leaves no bytes behind", async () => {
    const blobs = () =>
      readdirSync(join(directory, "files"), { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
    await put("twice", "one");
    const before = blobs().length;
    await put("twice", "two");
    expect(await text("twice")).toBe("two");
    expect(blobs()).toHaveLength(before);
  });

  it("is created only once with If-None-Match, and replaced only as seen with If-Match", async () => {
    const { ETag } = await put("once", "1", { IfNoneMatch: "*" });
    await expect(put("once", "2", { IfNoneMatch: "*" })).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    await put("once", "3", { IfMatch: ETag });
    await expect(put("once", "4", { IfMatch: ETag })).rejects.toMatchObject({ name: "PreconditionFailed" });
    expect(await text("once")).toBe("3");
  });

  it("gives one range of its bytes, from either end, and refuses one beyond", async () => {
    await put("range", "0123456789");
    expect(await text("range", { Range: "bytes=0-2" })).toBe("012");
    expect(await text("range", { Range: "bytes=7-" })).toBe("789");
    expect(await text("range", { Range: "bytes=-2" })).toBe("89");
    expect((await get("range", { Range: "bytes=2-3" })).ContentRange).toBe("bytes 2-3/10");
    await expect(get("range", { Range: "bytes=10-12" })).rejects.toMatchObject({ name: "InvalidRange" });
  });

  it("is copied and deleted, alone and with others", async () => {
    await put("source", "s", { ContentType: "text/x" });
    await s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/source` }));
    expect((await get("copy")).ContentType).toBe("text/x");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "source" }));
    expect(await text("copy")).toBe("s");
    await put("a & <b>", "x");
    const { Deleted } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "copy" }, { Key: "a & <b>" }] } }),
    );
    expect(Deleted).toHaveLength(2);
    await expect(get("a & <b>")).rejects.toMatchObject({ name: "NoSuchKey" });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "copy" }));
  });

  it("of 12 MB passes whole, in one put and in parts", async () => {
    const bytes = Buffer.alloc(12 << 20, "storno");
    await put("big", bytes);
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "parts" }));
    const Parts = [];
    for (const [n, from] of [
      [1, 0],
      [2, 6 << 20],
    ] as const) {
      const Body = bytes.subarray(from, from + (6 << 20));
      const { ETag } = await s3.send(
        new UploadPartCommand({ Bucket, Key: "parts", UploadId, PartNumber: n, Body }),
      );
      Parts.push({ PartNumber: n, ETag });
    }
    const whole = { Bucket, Key: "parts", UploadId, MultipartUpload: { Parts } };
    expect((await s3.send(new CompleteMultipartUploadCommand(whole))).ETag).toMatch(/-2"$/);
    expect(bytes.equals(await (await get("big")).Body!.transformToByteArray())).toBe(true);
    expect(bytes.equals(await (await get("parts")).Body!.transformToByteArray())).toBe(true);
    await expect(s3.send(new CompleteMultipartUploadCommand(whole))).rejects.toMatchObject({
      name: "NoSuchUpload",
    });
  });

  it("whose upload is aborted never appears", async () => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "aborted" }));
    await s3.send(new UploadPartCommand({ Bucket, Key: "aborted", UploadId, PartNumber: 1, Body: "x" }));
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "aborted", UploadId }));
    await expect(get("aborted")).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  it("sent as a stream is stored without the framing, its checksum compared", async () => {
    const Body = Readable.from([Buffer.from("hello "), Buffer.from("world")]);
    await s3.send(new PutObjectCommand({ Bucket, Key: "stream", Body, ContentLength: 11 }));
    expect(await text("stream")).toBe("hello world");
    await expect(put("stream", "x", { ChecksumSHA256: "AAAA" })).rejects.toMatchObject({ name: "BadDigest" });
  });

  it("under a hostile key stays inside the folder", async () => {
    for (const key of ["../../../../escape", "/etc/escape", "a/../../escape", "\\..\\escape", "\u0000"]) {
      await put(key, key);
      expect(await text(key)).toBe(key);
    }
    for (const place of [directory, dirname(directory), "/etc"])
      expect(existsSync(join(place, "escape"))).toBe(false);
    await expect(put("k".repeat(1025), "x")).rejects.toMatchObject({ name: "KeyTooLongError" });
  });
});

describe("a listing", () => {
  it("pages through what starts with a prefix, in order, and groups by a delimiter", async () => {
    for (let n = 0; n < 25; n++) await put(`list/${n % 3}/f${String(n).padStart(2, "0")}`, "x");
    await put("list!", "outside");
    const keys: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: "list/", MaxKeys: 7, ContinuationToken }),
      );
      keys.push(...page.Contents!.map(({ Key }) => Key!));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(keys).toHaveLength(25);
    expect(keys).toEqual(keys.toSorted());
    const grouped = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "list/", Delimiter: "/" }));
    expect(grouped.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(["list/0/", "list/1/", "list/2/"]);
    expect(grouped.Contents).toBeUndefined();
  });
});

describe("a presigned link", () => {
  it("serves the object under the name it was made for", async () => {
    await put("link", "<a/>");
    const url = await link("link", {
      ResponseContentDisposition: 'attachment; filename="F 1.xml"',
      ResponseContentType: "application/xml",
    });
    const answer = await fetch(url);
    expect(await answer.text()).toBe("<a/>");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="F 1.xml"');
    expect(answer.headers.get("content-type")).toBe("application/xml");
  });

  it("takes an upload of the type it was made for", async () => {
    const url = await getSignedUrl(
      s3,
      new PutObjectCommand({ Bucket, Key: "up.pdf", ContentType: "application/pdf" }),
      { expiresIn: 60 },
    );
    const answer = await fetch(url, {
      method: "PUT",
      body: "%PDF",
      headers: { "content-type": "application/pdf" },
    });
    expect(answer.status).toBe(200);
    expect(await text("up.pdf")).toBe("%PDF");
  });

  it("is 403 when it has expired, by the machine's clock", async () => {
    await put("link", "<a/>");
    const signingDate = new Date(Date.now() - 61_000);
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: "link" }), {
      expiresIn: 60,
      signingDate,
    });
    expect((await fetch(url)).status).toBe(403);
  });

  it("is 403 when the signature, the key or the wanted name was changed", async () => {
    await put("link", "<a/>");
    const url = await link("link", { ResponseContentDisposition: "attachment" });
    expect((await fetch(url)).status).toBe(200);
    for (const changed of [
      url.replace(/X-Amz-Signature=..../, "X-Amz-Signature=0000"),
      url.replace("/files/link", "/files/once"),
      url.replace("attachment", "inline"),
      url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"),
    ])
      expect((await fetch(changed)).status, changed).toBe(403);
  });

  it("made with another secret is 403, and so is a request without any", async () => {
    const stranger = client("guessed");
    expect(
      (await fetch(await getSignedUrl(stranger, new GetObjectCommand({ Bucket, Key: "link" })))).status,
    ).toBe(403);
    stranger.destroy();
    expect((await fetch(`${server.url}/files/link`)).status).toBe(403);
  });
});
