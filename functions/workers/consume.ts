import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type * as z from "zod";

/**
 * Turns "handle one message" into an SQS handler. The messages of a batch are handled side by side, because they wait
 * mostly for the network and their order is not promised; only those that failed go back to the queue.
 */
export function consume<S extends z.ZodType>(schema: S, handle: (message: z.output<S>) => Promise<unknown>) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const outcomes = await Promise.allSettled(
      event.Records.map(async (record) => handle(schema.parse(JSON.parse(record.body)))),
    );
    const batchItemFailures = event.Records.flatMap(({ messageId }, index) => {
      const outcome = outcomes[index]!;
      if (outcome.status === "fulfilled") return [];
      console.error("message failed", messageId, outcome.reason);
      return [{ itemIdentifier: messageId }];
    });
    return { batchItemFailures };
  };
}
