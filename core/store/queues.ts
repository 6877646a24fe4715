import { linked } from "./linked.ts";

/** The queues of infra/queues.ts, by name. */
export type QueueName =
  | "Submissions"
  | "Sync"
  | "Downloads"
  | "Documents"
  | "Events"
  | "Webhooks"
  | "Mails"
  | "Folds";

/** SQS delays a message by at most fifteen minutes; what is due later waits in the table (due.ts). */
export const longestDelaySeconds = 900;

/** Loaded when something is first sent: verbs announce in their rows, so a request hardly ever sends. */
const load = async () => {
  const sdk = await import("@aws-sdk/client-sqs");
  return { ...sdk, sqs: new sdk.SQSClient({ maxAttempts: 4 }) };
};
let loading: ReturnType<typeof load> | undefined;
const loaded = () => (loading ??= load());

/** Sends one message; at least once, possibly twice. `delaySeconds` at most 900. */
export async function send(queue: QueueName, body: Record<string, unknown>, delaySeconds = 0): Promise<void> {
  const { sqs, SendMessageCommand } = await loaded();
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: linked[queue].url,
      MessageBody: JSON.stringify(body),
      ...(delaySeconds > 0 ? { DelaySeconds: Math.min(longestDelaySeconds, Math.ceil(delaySeconds)) } : {}),
    }),
  );
}

/** Sends many messages in tens, each with its own delay. Throws when any was not taken, so that the caller repeats. */
export async function sendAll(
  queue: QueueName,
  messages: readonly { body: Record<string, unknown>; delaySeconds?: number }[],
): Promise<void> {
  if (messages.length === 0) return;
  const { sqs, SendMessageBatchCommand } = await loaded();
  for (let from = 0; from < messages.length; from += 10) {
    const { Failed } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: linked[queue].url,
        Entries: messages.slice(from, from + 10).map(({ body, delaySeconds = 0 }, i) => ({
          Id: String(i),
          MessageBody: JSON.stringify(body),
          ...(delaySeconds > 0
            ? { DelaySeconds: Math.min(longestDelaySeconds, Math.ceil(delaySeconds)) }
            : {}),
        })),
      }),
    );
    if (Failed?.length)
      throw new Error(`${Failed.length} messages were not taken by ${queue}: ${Failed[0]?.Message}`);
  }
}
