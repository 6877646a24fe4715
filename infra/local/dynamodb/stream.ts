import type { DatabaseSync } from "node:sqlite";
import { invoke } from "../lambda.ts";
import type { declared } from "../sst.ts";
import type { Queues } from "../sqs/queues.ts";
import { queueOf } from "../sqs/queues.ts";
import { call } from "./call.ts";

type Subscription = (typeof declared.streams)[number];

interface StreamRecord {
  eventID: string;
  eventName: string;
  dynamodb: { SequenceNumber: string; NewImage?: Record<string, unknown> };
}

/**
 * Reads a table's stream and calls its subscriber the way Lambda's event source mapping does: from the oldest record
 * on, in order, at least once, filtered; a failed batch is tried again from the first failed record, and what fails
 * after all retries goes to the on-failure queue. How far we got is kept, so a restart continues there.
 */
export class Stream {
  readonly #endpoint: string;
  readonly #database: DatabaseSync;
  readonly #queues: Queues;
  readonly #subscription: Subscription;
  #shard: { arn: string; id: string } | undefined;
  #iterator: string | undefined;
  #failures = 0;
  #reading: Promise<number> | undefined;

  constructor(endpoint: string, database: DatabaseSync, queues: Queues, subscription: Subscription) {
    this.#endpoint = endpoint;
    this.#database = database;
    this.#queues = queues;
    this.#subscription = subscription;
    database.exec(
      "CREATE TABLE IF NOT EXISTS checkpoint (stream TEXT PRIMARY KEY, sequence TEXT NOT NULL) STRICT;",
    );
  }

  /** Hands on the next batch; answers how many records were read. One call at a time reads, others join it. */
  read(): Promise<number> {
    this.#reading ??= this.#readBatch().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readBatch(): Promise<number> {
    this.#iterator ??= await this.#iteratorAfterCheckpoint();
    const { Records, NextShardIterator } = await call<{
      Records: StreamRecord[];
      NextShardIterator?: string;
    }>(this.#endpoint, "GetRecords", {
      ShardIterator: this.#iterator,
      Limit: this.#subscription.mapping.batchSize,
    });
    if (Records.length === 0) {
      this.#iterator = NextShardIterator;
      return 0;
    }
    const failedAt = await this.#deliver(Records);
    const done = failedAt < 0 ? Records : Records.slice(0, failedAt);
    if (done.length > 0) this.#checkpoint(done.at(-1)!);
    this.#iterator = failedAt < 0 ? NextShardIterator : undefined;
    return Records.length;
  }

  /** The index of the first record to try again, or -1 when all are dealt with. */
  async #deliver(records: StreamRecord[]): Promise<number> {
    const { filters, mapping, run } = this.#subscription;
    const wanted = records.filter(
      (record) => filters.length === 0 || filters.some((filter) => fits(filter, record)),
    );
    if (wanted.length === 0) return -1;
    const firstFailed = await this.#invoke(wanted);
    if (!firstFailed) {
      this.#failures = 0;
      return -1;
    }
    const index = records.indexOf(firstFailed);
    if (this.#failures++ < mapping.maximumRetryAttempts) return index;
    this.#failures = 0;
    const grave = this.#queues.get(queueOf(mapping.destinationConfig.onFailure.destinationArn));
    this.#queues.send(grave, JSON.stringify({ function: run.name, record: firstFailed }));
    // The poison record is dealt with; what follows it is read again.
    return index + 1 < records.length ? index + 1 : -1;
  }

  async #invoke(records: StreamRecord[]): Promise<StreamRecord | undefined> {
    const event = {
      Records: records.map((record) => ({
        ...record,
        eventSource: "aws:dynamodb",
        eventSourceARN: this.#shard!.arn,
      })),
    };
    try {
      const answer = (await invoke(this.#subscription.run, event)) as
        | { batchItemFailures?: { itemIdentifier: string }[] }
        | undefined;
      const failed = new Set((answer?.batchItemFailures ?? []).map((failure) => failure.itemIdentifier));
      return records.find((record) => failed.has(record.dynamodb.SequenceNumber));
    } catch (error) {
      console.error(`${this.#subscription.run.name} failed:`, error);
      return records[0];
    }
  }

  async #iteratorAfterCheckpoint(): Promise<string> {
    this.#shard ??= await this.#findShard();
    const row = this.#database
      .prepare("SELECT sequence FROM checkpoint WHERE stream = ?")
      .get(this.#shard.arn);
    const { ShardIterator } = await call<{ ShardIterator: string }>(this.#endpoint, "GetShardIterator", {
      StreamArn: this.#shard.arn,
      ShardId: this.#shard.id,
      ...(row
        ? { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: String(row.sequence) }
        : { ShardIteratorType: "TRIM_HORIZON" }),
    });
    return ShardIterator;
  }

  async #findShard() {
    const { Table } = await call<{ Table: { LatestStreamArn: string } }>(this.#endpoint, "DescribeTable", {
      TableName: this.#subscription.table,
    });
    const { StreamDescription } = await call<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
      this.#endpoint,
      "DescribeStream",
      { StreamArn: Table.LatestStreamArn },
    );
    const shards = StreamDescription.Shards;
    if (shards.length !== 1)
      throw new Error(`Expected one shard in the embedded stream, found ${shards.length}.`);
    return { arn: Table.LatestStreamArn, id: shards[0]!.ShardId };
  }

  #checkpoint(record: StreamRecord) {
    this.#database
      .prepare("INSERT OR REPLACE INTO checkpoint VALUES (?, ?)")
      .run(this.#shard!.arn, record.dynamodb.SequenceNumber);
  }
}

/** Lambda's event filtering, as far as we use it: nested objects, `exists` and exact values at the leaves. */
function fits(pattern: object, value: unknown): boolean {
  return Object.entries(pattern).every(([key, wanted]: [string, unknown]) => {
    const found = (value as Record<string, unknown> | undefined)?.[key];
    if (!Array.isArray(wanted))
      return typeof found === "object" && found !== null && fits(wanted as object, found);
    return wanted.some((choice: unknown) =>
      typeof choice === "object" && choice !== null && "exists" in choice
        ? choice.exists === (found !== undefined)
        : choice === found,
    );
  });
}
