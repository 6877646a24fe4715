import { linked } from "./linked.ts";

/** The S3 client is loaded when a file is first touched: most requests touch none, and it is a third of a cold start. */
const load = async () => {
  const sdk = await import("@aws-sdk/client-s3");
  return { ...sdk, s3: new sdk.S3Client({ maxAttempts: 4 }) };
};
let loading: ReturnType<typeof load> | undefined;
const loaded = () => (loading ??= load());

/** Says which state of its source a file was made from, so that an outdated one is told from a current one. */
interface Made {
  readonly from?: string;
}

/** Stores a file, over whatever had the key. The bucket keeps versions. */
export async function putFile(
  key: string,
  body: Uint8Array,
  contentType: string,
  { from }: Made = {},
): Promise<void> {
  const { s3, PutObjectCommand } = await loaded();
  const Metadata = from === undefined ? {} : { from };
  const file = { Bucket: linked.Files.name, Key: key, Body: body, ContentType: contentType, Metadata };
  await s3.send(new PutObjectCommand(file));
}

/** The bytes of a file, or undefined when there is none, or none made from the state asked for. */
export async function findFile(key: string, { from }: Made = {}): Promise<Uint8Array | undefined> {
  const { s3, GetObjectCommand, NoSuchKey } = await loaded();
  try {
    const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket: linked.Files.name, Key: key }));
    const bytes = await Body?.transformToByteArray();
    return from === undefined || Metadata?.from === from ? bytes : undefined;
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** A URL that serves the file for five minutes under the given name, without any other right (DECISIONS 24). */
export async function presignedUrl(
  key: string,
  options: { fileName: string; contentType: string },
): Promise<string> {
  const [{ s3, GetObjectCommand }, { getSignedUrl }] = await Promise.all([
    loaded(),
    import("@aws-sdk/s3-request-presigner"),
  ]);
  const command = new GetObjectCommand({
    Bucket: linked.Files.name,
    Key: key,
    ResponseContentDisposition: `attachment; filename="${options.fileName.replaceAll(/[^\w.-]/g, "_")}"`,
    ResponseContentType: options.contentType,
  });
  return getSignedUrl(s3, command, { expiresIn: 300 });
}
