import { createHash, randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { now } from "#core/lib/clock.ts";
import { AwsError } from "../aws/error.ts";
import { statements, transaction } from "../database.ts";
import type { declared } from "../sst.ts";

/** Attributes by SQS's own names, all texts. */
export type QueueAttributes = Record<string, string>;

export interface Queue {
  readonly name: string;
  readonly attributes: QueueAttributes;
}

export interface Sent {
  readonly MessageId: string;
  readonly MD5OfMessageBody: string;
}

export interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MessageAttributes?: Record<string, unknown>;
  readonly Attributes: Record<string, string>;
}

interface Row {
  seq: number;
  id: string;
  body: string;
  attributes: string | null;
  sent_at: number;
  receive_count: number;
  first_received_at: number | null;
}

const schema = `
  CREATE TABLE IF NOT EXISTS queue (name TEXT PRIMARY KEY, attributes TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, queue TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT,
    sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, receive_count INTEGER NOT NULL DEFAULT 0,
    first_received_at INTEGER, receipt TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS message_due ON message (queue, visible_at, seq);
  CREATE UNIQUE INDEX IF NOT EXISTS message_receipt ON message (receipt) WHERE receipt IS NOT NULL;`;

const defaults: QueueAttributes = {
  VisibilityTimeout: "30",
  DelaySeconds: "0",
  MessageRetentionPeriod: "1209600",
  ReceiveMessageWaitTimeSeconds: "0",
};

const largestBytes = 1_048_576;
export const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/**
 * Standard queues: messages, visibility, delay, dead letters. Time is the product's, so that moving its clock makes
 * delayed messages due. Messages do not expire here: a clock moved by a month must not lose what a month of running
 * would have done on the way.
 */
export class Queues {
  readonly #database: DatabaseSync;
  readonly #sql: ReturnType<typeof statements>;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(schema);
    this.#sql = statements(database);
  }

  /**
   * Shows again what was in flight when the last process ended. On AWS it would come back after its visibility; here
   * whoever had it is certainly gone, so nobody has to wait twelve minutes after a kill.
   */
  takeBack(): void {
    this.#sql("UPDATE message SET visible_at = sent_at WHERE receipt IS NOT NULL").run();
  }

  create(name: string, attributes: QueueAttributes): void {
    this.#sql(
      "INSERT INTO queue VALUES (?, ?) ON CONFLICT DO UPDATE SET attributes = excluded.attributes",
    ).run(name, JSON.stringify(attributes));
  }

  /** Creates a queue of infra/, or gives it what infra/ says now. */
  declare({ name, visibilitySeconds, dead }: (typeof declared.queues)[number]): void {
    const redrive = dead && { deadLetterTargetArn: dead.arn, maxReceiveCount: dead.after };
    this.create(name, {
      VisibilityTimeout: String(visibilitySeconds),
      ...(redrive ? { RedrivePolicy: JSON.stringify(redrive) } : {}),
    });
  }

  names(): string[] {
    return this.#sql("SELECT name FROM queue ORDER BY name")
      .all()
      .map((row) => String(row.name));
  }

  get(name: string): Queue {
    const row = this.#sql("SELECT attributes FROM queue WHERE name = ?").get(name);
    if (!row)
      throw new AwsError("com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist.");
    return { name, attributes: { ...defaults, ...(JSON.parse(String(row.attributes)) as QueueAttributes) } };
  }

  send(queue: Queue, body: string, delaySeconds?: number, attributes?: unknown): Sent {
    if (!body) throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.");
    if (Buffer.byteLength(body) > largestBytes)
      throw new AwsError(
        "InvalidParameterValue",
        "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
      );
    const delay = delaySeconds ?? Number(queue.attributes.DelaySeconds);
    if (!(delay >= 0 && delay <= 900))
      throw new AwsError("InvalidParameterValue", "DelaySeconds must be between 0 and 900.");
    const id = randomUUID();
    this.#sql(
      "INSERT INTO message (id, queue, body, attributes, sent_at, visible_at) VALUES (?, ?, ?, ?, ?, ?)",
    ).run(id, queue.name, body, attributes ? JSON.stringify(attributes) : null, now(), now() + delay * 1000);
    this.#wake(queue.name);
    return { MessageId: id, MD5OfMessageBody: md5(body) };
  }

  /** Takes up to `count` visible messages; those received too often go to the dead-letter queue instead. */
  take(
    queue: Queue,
    count: number,
    visibilitySeconds = Number(queue.attributes.VisibilityTimeout),
  ): Received[] {
    const { RedrivePolicy } = queue.attributes;
    const dead = RedrivePolicy
      ? (JSON.parse(RedrivePolicy) as { deadLetterTargetArn: string; maxReceiveCount: number })
      : undefined;
    const due = this.#sql(
      "SELECT * FROM message WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, seq LIMIT 1",
    );
    const taken: Received[] = [];
    const buried = new Set<string>();
    transaction(this.#database, () => {
      while (taken.length < count) {
        const row = due.get(queue.name, now()) as Row | undefined;
        if (!row) return;
        if (dead && row.receive_count >= dead.maxReceiveCount) {
          const grave = queueOf(dead.deadLetterTargetArn);
          this.#move(row.seq, grave);
          buried.add(grave);
        } else taken.push(this.#hand(row, visibilitySeconds));
      }
    });
    for (const grave of buried) this.#wake(grave);
    return taken;
  }

  /** As `take`, but waits for the first message up to `waitMs`, or until `signal` says nobody listens any more. */
  async receive(
    queue: Queue,
    count: number,
    waitMs: number,
    signal: AbortSignal,
    visibilitySeconds?: number,
  ) {
    const deadline = Date.now() + waitMs;
    for (;;) {
      if (signal.aborted) return [];
      const messages = this.take(queue, count, visibilitySeconds);
      const left = deadline - Date.now();
      if (messages.length > 0 || left <= 0) return messages;
      await this.#news(queue.name, Math.min(left, this.#nextDueMs(queue.name)), signal);
    }
  }

  remove(queue: Queue, receipt: string): void {
    this.#sql("DELETE FROM message WHERE receipt = ? AND queue = ?").run(receipt, queue.name);
  }

  changeVisibility(queue: Queue, receipt: string, seconds: number): void {
    if (!(seconds >= 0 && seconds <= 43_200))
      throw new AwsError("InvalidParameterValue", "VisibilityTimeout must be between 0 and 43200.");
    const changed = this.#sql(
      "UPDATE message SET visible_at = ? WHERE receipt = ? AND queue = ? AND visible_at > ?",
    ).run(now() + seconds * 1000, receipt, queue.name, now());
    if (changed.changes === 0)
      throw new AwsError("com.amazonaws.sqs#MessageNotInflight", "The specified message is not in flight.");
    this.#wake(queue.name);
  }

  purge(queue: Queue): void {
    this.#sql("DELETE FROM message WHERE queue = ?").run(queue.name);
  }

  /** Sends dead letters back where they came from, or to `target`. */
  redrive(source: string, target: string | undefined): void {
    const home =
      target ?? this.names().find((name) => this.get(name).attributes.RedrivePolicy?.includes(`:${source}"`));
    if (!home) throw new AwsError("InvalidParameterValue", "The source queue is nobody's dead-letter queue.");
    for (const row of this.#sql("SELECT seq FROM message WHERE queue = ? ORDER BY seq").all(source))
      this.#move(Number(row.seq), home);
    this.#wake(home);
  }

  counts(queue: Queue): { visible: number; inFlight: number; delayed: number } {
    const row = this.#sql(
      `SELECT COUNT(*) FILTER (WHERE visible_at <= ?1) visible,
              COUNT(*) FILTER (WHERE visible_at > ?1 AND receipt IS NOT NULL) inFlight,
              COUNT(*) FILTER (WHERE visible_at > ?1 AND receipt IS NULL) waiting FROM message WHERE queue = ?2`,
    ).get(now(), queue.name)!;
    return { visible: Number(row.visible), inFlight: Number(row.inFlight), delayed: Number(row.waiting) };
  }

  /** Every waiting receiver looks again; called when the product's clock was moved. */
  wakeAll(): void {
    for (const name of this.#waiting.keys()) this.#wake(name);
  }

  #hand(row: Row, visibilitySeconds: number): Received {
    const receipt = randomUUID();
    const firstAt = row.first_received_at ?? now();
    this.#sql(
      "UPDATE message SET visible_at = ?, receive_count = receive_count + 1, first_received_at = ?, receipt = ? WHERE seq = ?",
    ).run(now() + Math.max(visibilitySeconds, 0) * 1000, firstAt, receipt, row.seq);
    return {
      MessageId: row.id,
      ReceiptHandle: receipt,
      Body: row.body,
      MD5OfBody: md5(row.body),
      ...(row.attributes ? { MessageAttributes: JSON.parse(row.attributes) as Record<string, unknown> } : {}),
      Attributes: {
        ApproximateReceiveCount: String(row.receive_count + 1),
        SentTimestamp: String(row.sent_at),
        ApproximateFirstReceiveTimestamp: String(firstAt),
        SenderId: "local",
      },
    };
  }

  #move(seq: number, target: string) {
    this.#sql(
      "UPDATE message SET queue = ?, visible_at = ?, receive_count = 0, receipt = NULL WHERE seq = ?",
    ).run(target, now(), seq);
  }

  #nextDueMs(name: string): number {
    const at = this.#sql("SELECT MIN(visible_at) at FROM message WHERE queue = ?").get(name)?.at;
    return at === null ? Number.POSITIVE_INFINITY : Math.max(1, Number(at) - now());
  }

  #wake(name: string) {
    for (const wake of this.#waiting.get(name) ?? []) wake();
  }

  #news(name: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(timeoutMs, 2 ** 31 - 1));
      waiting.add(done);
      signal.addEventListener("abort", done);
    });
  }
}

/** The queue's name at the end of its ARN or URL. */
export const queueOf = (address: string): string => address.split(/[:/]/).at(-1) ?? "";
