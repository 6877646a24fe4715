import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true });

/** An error DynamoDB answered with, by its short name. */
export class DynamoError extends Error {
  constructor(type: string, message: string) {
    super(message);
    this.name = type.split("#").at(-1)!;
  }
}

/**
 * One DynamoDB (or DynamoDB Streams) action against the embedded server, without the SDK: the engine must not load
 * and configure what the product is about to load for itself.
 */
export async function call<T>(endpoint: string, action: string, input: object): Promise<T> {
  const stream = /Stream|Shard|GetRecords/.test(action);
  const { status, text } = await post(endpoint, Buffer.from(JSON.stringify(input)), {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `${stream ? "DynamoDBStreams" : "DynamoDB"}_20120810.${action}`,
    "x-amz-date": "20200101T000000Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=local/20200101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
  });
  const answer = JSON.parse(text) as T & { __type?: string; message?: string; Message?: string };
  if (status !== 200)
    throw new DynamoError(answer.__type ?? String(status), answer.message ?? answer.Message ?? text);
  return answer;
}

/** Sends a body over a kept-alive connection and reads the whole answer. */
export function post(endpoint: string, body: Buffer, headers: Record<string, string>) {
  return new Promise<{ status: number; headers: Record<string, string>; text: string }>((resolve, reject) => {
    const outgoing = request(endpoint, {
      method: "POST",
      agent,
      headers: { ...headers, "content-length": body.length },
    });
    outgoing.once("error", reject).once("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming
        .on("data", (chunk: Buffer) => chunks.push(chunk))
        .once("error", reject)
        .once("end", () =>
          resolve({
            status: incoming.statusCode ?? 500,
            headers: incoming.headers as Record<string, string>,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
    });
    outgoing.end(body);
  });
}
