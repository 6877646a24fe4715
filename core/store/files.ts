import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { linked } from "./linked.ts";

let client: S3Client | undefined;
const s3 = (): S3Client => (client ??= new S3Client({ maxAttempts: 4 }));

/** Stores a file, over whatever had the key. The bucket keeps versions. */
export async function putFile(key: string, body: Uint8Array, contentType: string): Promise<void> {
  await s3().send(
    new PutObjectCommand({ Bucket: linked.Files.name, Key: key, Body: body, ContentType: contentType }),
  );
}

/** The bytes of a file, or undefined when there is none. */
export async function findFile(key: string): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: linked.Files.name, Key: key }));
    return await Body?.transformToByteArray();
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}

/** A URL that serves the file for five minutes under the given name, without any other right (DECISIONS 24). */
export async function presignedUrl(
  key: string,
  options: { fileName: string; contentType: string },
): Promise<string> {
  const { getSignedUrl } = await import("@aws-sdk/s3-request-presigner");
  const command = new GetObjectCommand({
    Bucket: linked.Files.name,
    Key: key,
    ResponseContentDisposition: `attachment; filename="${options.fileName.replaceAll(/[^\w.-]/g, "_")}"`,
    ResponseContentType: options.contentType,
  });
  return getSignedUrl(s3(), command, { expiresIn: 300 });
}
