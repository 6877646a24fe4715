import type { DynamoDBStreamEvent, SQSEvent } from "aws-lambda";

/** Functions for the tests of the local engine: they note what they were called with and fail as they are told. */
export const seen: string[] = [];
export const failing = new Set<string>();

/** Notes each body; reports those in `failing`. */
export const worker = async (event: SQSEvent) => {
  const batchItemFailures = event.Records.filter(({ body }) => {
    seen.push(body);
    return failing.has(body);
  }).map(({ messageId }) => ({ itemIdentifier: messageId }));
  return { batchItemFailures };
};

/** Notes each row's key; reports from the first one in `failing` on. */
export const subscriber = async (event: DynamoDBStreamEvent) => {
  for (const { dynamodb } of event.Records) {
    const key = dynamodb!.Keys!.sk!.S!;
    seen.push(key);
    if (failing.has(key)) return { batchItemFailures: [{ itemIdentifier: dynamodb!.SequenceNumber! }] };
  }
  return { batchItemFailures: [] };
};

export const schedule = async (event: { plan?: string }) => {
  seen.push(event.plan ?? "tick");
  if (failing.has(event.plan ?? "tick")) throw new Error("told to fail");
};

export const broken = async () => {
  seen.push("broken");
  throw new Error("told to fail");
};

/** Never answers; its time runs out. */
export const endless = () => {
  seen.push("endless");
  return new Promise(() => {});
};

/** Answers with the event it got. */
export const echo = async (event: object) => ({
  statusCode: 200,
  headers: { "content-type": "application/json" },
  cookies: ["a=1", "b=2"],
  body: JSON.stringify(event),
});

/** Answers with bytes that are no text. */
export const binary = async () => ({
  statusCode: 201,
  headers: { "content-type": "application/pdf" },
  body: Buffer.from([0, 255, 254]).toString("base64"),
  isBase64Encoded: true,
});
