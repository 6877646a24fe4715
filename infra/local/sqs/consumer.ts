import type { SQSEvent } from "aws-lambda";
import { invoke } from "../lambda.ts";
import type { declared } from "../sst.ts";
import type { Queues, Received } from "./queues.ts";
import { queueArn } from "../sst.ts";

/**
 * Calls a queue's subscriber the way Lambda's event source mapping does: a batch as one event; what the handler does
 * not name as failed is deleted; the rest, or all of it when the handler throws or times out, stays invisible until
 * its visibility ends, and after five tries goes to the dead-letter queue. Visibility is never extended.
 */
export class Consumer {
  readonly #queues: Queues;
  readonly #subscription: (typeof declared.consumers)[number];
  /** Messages handed to the handler so far. */
  delivered = 0;
  /** Batches being handled now. */
  readonly busy = new Set<Promise<void>>();

  constructor(queues: Queues, subscription: (typeof declared.consumers)[number]) {
    this.#queues = queues;
    this.#subscription = subscription;
  }

  /** Handles one batch of what is visible now; answers its size. */
  async deliverNow(): Promise<number> {
    const messages = this.#queues.take(
      this.#queues.get(this.#subscription.queue),
      this.#subscription.batchSize,
    );
    if (messages.length > 0) await this.#deliver(messages);
    return messages.length;
  }

  /** Waits for the next batch and handles it; returns without one when `signal` is aborted, or after 20 seconds. */
  async next(signal: AbortSignal): Promise<void> {
    const queue = this.#queues.get(this.#subscription.queue);
    const messages = await this.#queues.receive(queue, this.#subscription.batchSize, 20_000, signal);
    if (messages.length > 0) await this.#deliver(messages);
  }

  async #deliver(messages: Received[]) {
    const work = this.#handle(messages);
    this.busy.add(work);
    await work.finally(() => this.busy.delete(work));
  }

  async #handle(messages: Received[]) {
    const { queue, run } = this.#subscription;
    this.delivered += messages.length;
    try {
      const answer = (await invoke(run, eventOf(queue, messages))) as {
        batchItemFailures?: { itemIdentifier: string }[];
      } | null;
      const failed = new Set((answer?.batchItemFailures ?? []).map((failure) => failure.itemIdentifier));
      for (const message of messages)
        if (!failed.has(message.MessageId))
          this.#queues.remove(this.#queues.get(queue), message.ReceiptHandle);
    } catch (error) {
      console.error(`${run.name} failed:`, error);
    }
  }
}

const eventOf = (queue: string, messages: Received[]): SQSEvent => ({
  Records: messages.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    md5OfBody: message.MD5OfBody,
    attributes: message.Attributes as unknown as SQSEvent["Records"][number]["attributes"],
    messageAttributes: {},
    eventSource: "aws:sqs",
    eventSourceARN: queueArn(queue),
    awsRegion: "eu-central-1",
  })),
});
