import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clockOffset, setClockOffset } from "#core/lib/clock.ts";
import { listen } from "../aws/listener.ts";
import { openDatabase } from "../database.ts";
import { queueArn } from "../sst.ts";
import { Queues } from "./queues.ts";
import { sqsService } from "./service.ts";

const directory = mkdtempSync(join(tmpdir(), "sqs-"));
const database = openDatabase(directory);
const queues = new Queues(database);
let server: Awaited<ReturnType<typeof listen>>;
let sqs: SQSClient;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const client = (keys = credentials) =>
  new SQSClient({ region: "eu-central-1", endpoint: server.url, credentials: keys, maxAttempts: 1 });

beforeAll(async () => {
  server = await listen({ sqs: sqsService(queues) });
  sqs = client();
});
afterEach(() => setClockOffset(0));
afterAll(async () => {
  sqs.destroy();
  await server.stop();
  database.close();
  rmSync(directory, { recursive: true });
});

let count = 0;
async function queue(Attributes: Record<string, string> = {}) {
  const QueueName = `queue-${++count}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return { QueueName, QueueUrl: QueueUrl! };
}
const send = (QueueUrl: string, MessageBody: string, DelaySeconds?: number) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
const receive = async (
  QueueUrl: string,
  more: { WaitTimeSeconds?: number; VisibilityTimeout?: number } = {},
): Promise<Message[]> =>
  (
    await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["All"],
        ...more,
      }),
    )
  ).Messages ?? [];
const bodies = (messages: Message[]) => messages.map(({ Body }) => Body);
const pass = (seconds: number) => setClockOffset(clockOffset() + seconds * 1000);

describe("a queue, seen through the SDK", () => {
  it("gives back what was sent, in UTF-8, with its hash and attributes", async () => {
    const { QueueUrl } = await queue();
    const { MD5OfMessageBody } = await send(QueueUrl, '{"oraș":"Iași ț 𝄞"}');
    const [message] = await receive(QueueUrl);
    expect(message).toMatchObject({ Body: '{"oraș":"Iași ț 𝄞"}', MD5OfBody: MD5OfMessageBody });
    expect(message!.Attributes).toMatchObject({ ApproximateReceiveCount: "1" });
  });

  it("keeps message attributes", async () => {
    const { QueueUrl } = await queue();
    const MessageAttributes = { kind: { DataType: "String", StringValue: "test" } };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "a", MessageAttributes }));
    expect((await receive(QueueUrl))[0]!.MessageAttributes).toEqual(MessageAttributes);
  });

  it("hides a received message until its visibility ends, then gives it again with another receipt", async () => {
    const { QueueUrl } = await queue({ VisibilityTimeout: "60" });
    await send(QueueUrl, "a");
    const [first] = await receive(QueueUrl);
    expect(await receive(QueueUrl)).toEqual([]);
    pass(59);
    expect(await receive(QueueUrl)).toEqual([]);
    pass(1);
    const [second] = await receive(QueueUrl);
    expect(second).toMatchObject({
      MessageId: first!.MessageId,
      Attributes: { ApproximateReceiveCount: "2" },
    });
    expect(second!.ReceiptHandle).not.toBe(first!.ReceiptHandle);
  });

  it("does not delete by an old receipt", async () => {
    const { QueueUrl } = await queue({ VisibilityTimeout: "1" });
    await send(QueueUrl, "a");
    const [first] = await receive(QueueUrl);
    pass(1);
    await receive(QueueUrl, { VisibilityTimeout: 1 });
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first!.ReceiptHandle! }));
    pass(1);
    expect(bodies(await receive(QueueUrl))).toEqual(["a"]);
  });

  it("forgets a deleted message", async () => {
    const { QueueUrl } = await queue({ VisibilityTimeout: "1" });
    await send(QueueUrl, "a");
    const [message] = await receive(QueueUrl);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle! }));
    pass(2);
    expect(await receive(QueueUrl)).toEqual([]);
  });

  it("delays a message by the product's clock", async () => {
    const { QueueUrl } = await queue();
    await send(QueueUrl, "later", 900);
    await send(QueueUrl, "now");
    expect(bodies(await receive(QueueUrl))).toEqual(["now"]);
    pass(900);
    expect(bodies(await receive(QueueUrl))).toContain("later");
  });

  it("waits for a message and hands it over as soon as it is sent", async () => {
    const { QueueUrl } = await queue();
    const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
    await new Promise((later) => setTimeout(later, 20));
    await send(QueueUrl, "a");
    expect(bodies(await waiting)).toEqual(["a"]);
  });

  it("hands over a delayed message to who waits when the clock is moved", async () => {
    const { QueueUrl } = await queue();
    await send(QueueUrl, "a", 600);
    const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
    await new Promise((later) => setTimeout(later, 20));
    pass(600);
    queues.wakeAll();
    expect(bodies(await waiting)).toEqual(["a"]);
  });

  it("shows a message at once when its visibility is set to zero, and refuses that for one not in flight", async () => {
    const { QueueUrl } = await queue();
    await send(QueueUrl, "a");
    const [message] = await receive(QueueUrl);
    const change = new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: message!.ReceiptHandle!,
      VisibilityTimeout: 0,
    });
    await sqs.send(change);
    await expect(sqs.send(change)).rejects.toMatchObject({
      name: expect.stringContaining("MessageNotInflight"),
    });
    expect(bodies(await receive(QueueUrl))).toEqual(["a"]);
  });

  it("moves a message to the dead-letter queue after it was received as often as allowed, and back on demand", async () => {
    const dead = await queue();
    const { QueueUrl } = await queue({
      VisibilityTimeout: "1",
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn(dead.QueueName), maxReceiveCount: 2 }),
    });
    await send(QueueUrl, "poison");
    for (let n = 0; n < 2; n++) {
      expect(bodies(await receive(QueueUrl))).toEqual(["poison"]);
      expect(await receive(dead.QueueUrl)).toEqual([]);
      pass(1);
    }
    expect(await receive(QueueUrl)).toEqual([]);
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: queueArn(dead.QueueName) }));
    expect(bodies(await receive(QueueUrl))).toEqual(["poison"]);
    expect(await receive(dead.QueueUrl)).toEqual([]);
  });

  it("takes and deletes batches of ten", async () => {
    const { QueueUrl } = await queue({ VisibilityTimeout: "1" });
    const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: `m${n}` }));
    expect((await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).Successful).toHaveLength(10);
    const messages = await receive(QueueUrl);
    expect(bodies(messages)).toEqual(Entries.map(({ MessageBody }) => MessageBody));
    const receipts = messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle: ReceiptHandle! }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: receipts }));
    pass(2);
    expect(await receive(QueueUrl)).toEqual([]);
  });

  it("refuses a batch of eleven", async () => {
    const { QueueUrl } = await queue();
    const Entries = Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: "m" }));
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toThrow(/10 entries/);
  });

  it("fails one entry of a batch by itself", async () => {
    const { QueueUrl } = await queue();
    const Entries = [
      { Id: "a", MessageBody: "fine" },
      { Id: "b", MessageBody: "late", DelaySeconds: 901 },
    ];
    const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect([Successful?.[0]?.Id, Failed?.[0]?.Id]).toEqual(["a", "b"]);
    expect(bodies(await receive(QueueUrl))).toEqual(["fine"]);
  });

  it("refuses a delay of more than 15 minutes and a body of more than 1 MiB", async () => {
    const { QueueUrl } = await queue();
    await expect(send(QueueUrl, "a", 901)).rejects.toThrow(/between 0 and 900/);
    await expect(send(QueueUrl, "x".repeat(1_048_577))).rejects.toThrow(/1048576/);
  });

  it("never gives one message to two receivers at once", async () => {
    const { QueueUrl } = await queue();
    for (let n = 0; n < 30; n++) await send(QueueUrl, `m${n}`);
    const received = (await Promise.all(Array.from({ length: 8 }, () => receive(QueueUrl)))).flat();
    expect(received).toHaveLength(30);
    expect(new Set(bodies(received)).size).toBe(30);
  });

  it("counts what is visible, in flight and delayed", async () => {
    const { QueueUrl } = await queue();
    await send(QueueUrl, "flying");
    await receive(QueueUrl);
    await send(QueueUrl, "visible");
    await send(QueueUrl, "delayed", 60);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: "1",
      ApproximateNumberOfMessagesNotVisible: "1",
      ApproximateNumberOfMessagesDelayed: "1",
    });
  });

  it("shows again what was in flight when the last process ended, and nothing that is delayed", async () => {
    const { QueueUrl } = await queue();
    await send(QueueUrl, "flying");
    await receive(QueueUrl);
    await send(QueueUrl, "delayed", 60);
    new Queues(database).takeBack();
    expect(bodies(await receive(QueueUrl))).toEqual(["flying"]);
  });

  it("can be emptied, and found by name", async () => {
    const { QueueName, QueueUrl } = await queue();
    await send(QueueUrl, "a");
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await receive(QueueUrl)).toEqual([]);
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(QueueUrl);
  });

  it("that does not exist is named by the error the SDK knows", async () => {
    await expect(send(`${server.url}/000000000000/none`, "a")).rejects.toMatchObject({
      name: expect.stringMatching(/QueueDoesNotExist|NonExistentQueue/),
    });
  });

  it("refuses who does not know the secret", async () => {
    const { QueueUrl } = await queue();
    const stranger = client({ accessKeyId: "local", secretAccessKey: "guessed" });
    await expect(stranger.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }))).rejects.toMatchObject(
      {
        name: "SignatureDoesNotMatch",
      },
    );
    stranger.destroy();
    expect(await receive(QueueUrl)).toEqual([]);
  });
});
