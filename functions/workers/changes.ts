import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { passOn } from "#core/notify/pass-on.ts";
import { type Image, rowOf } from "#core/store/images.ts";
import { noteChange } from "#core/store/listing/fold.ts";
import type { Attributes } from "#core/store/table.ts";

/** The table's stream is the outbox: whatever a committed row announces is passed on from here, at least once. */
export const handler = async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const outcomes = await Promise.allSettled(event.Records.map(({ dynamodb }) => handle(dynamodb ?? {})));
  // A stream goes on from the first record that failed; what came after it is passed on again.
  const failed = outcomes.findIndex(({ status }) => status === "rejected");
  if (failed < 0) return { batchItemFailures: [] };
  console.error("change not passed on", (outcomes[failed] as PromiseRejectedResult).reason);
  return { batchItemFailures: [{ itemIdentifier: event.Records[failed]?.dynamodb?.SequenceNumber ?? "" }] };
};

async function handle({ NewImage, OldImage }: { NewImage?: unknown; OldImage?: unknown }): Promise<void> {
  if (!NewImage) return;
  const row: Attributes = rowOf(NewImage as Image);
  const { out, mark, gsi1sk, pk } = row;
  // A row is written as a whole, so what it announces is new with every write; only a no-op bears the same mark twice.
  if (!out || (OldImage && rowOf(OldImage as Image).mark === mark)) return;
  await Promise.all([passOn({ ...row, out }), gsi1sk ? noteChange(pk) : undefined]);
}
