import { SQSClient } from "@aws-sdk/client-sqs";
import type { Attributes } from "#core/store/table.ts";
import { modelTable } from "./table.ts";

/** A row that announces something, as the table's stream would show it. */
export type Announcing = Attributes & { readonly out: Uint8Array };

/**
 * Puts the model of the table under the store, and answers the outbox: rows that announce something, in the order they
 * were written, for its caller to empty.
 */
export async function tableInMemory(): Promise<Announcing[]> {
  const { dynamo, Item } = await import("#core/store/table.ts");
  const outbox: Announcing[] = [];
  // The product sets its own client with the first one it makes; from then on ours stays.
  dynamo();
  Item.setClient(modelTable((row) => void (row.out && outbox.push(row as unknown as Announcing))));
  return outbox;
}

interface Entry {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
}
type Sent = Entry & { readonly QueueUrl: string; readonly Entries?: readonly Entry[] };

/** Hands every message that is sent to `take`, with the name of its queue, instead of to the network. */
export function messagesTo(take: (queue: string, message: Entry) => void): void {
  SQSClient.prototype.send = async function send({ input }: { input: Sent }) {
    const queue = input.QueueUrl.split("/").at(-1)!;
    for (const message of input.Entries ?? [input]) take(queue, message);
    return {};
  } as never;
}
