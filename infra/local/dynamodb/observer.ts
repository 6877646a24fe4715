import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Endpoint } from "./child.ts";
import { post } from "./call.ts";

/**
 * What real DynamoDB does and the embedded one never does by itself: `throttle` and `conflict` (nothing was written),
 * `internal` (an error 500), `lost-request` (never arrived), `lost-answer` (done, but the connection breaks).
 */
export type Fault = "throttle" | "conflict" | "internal" | "lost-request" | "lost-answer";

/** A request on its way to the table: `PutItem`, `TransactWriteItems`, … and its input as sent. */
export interface DynamoRequest {
  readonly action: string;
  readonly input: Record<string, unknown>;
}

/** Answers the fault a request meets, or nothing. */
export type FaultRule = (request: DynamoRequest) => Fault | undefined;

/** What requests cost, by DynamoDB's own account. */
export interface Usage {
  requests: number;
  readUnits: number;
  writeUnits: number;
  /** Requests per action. */
  actions: Record<string, number>;
}

/** Stands between the product and its table: counts what is asked and breaks what it is told to break. */
export interface Observer {
  /** Adds a rule; the answer takes it away again. */
  inject(rule: FaultRule): () => void;
  /** What was used since the last call of `reset`. */
  usage(): Usage;
  reset(): void;
}

const reads = /^(GetItem|Query|Scan|BatchGetItem|TransactGetItems)$/;
const writes = /^(PutItem|UpdateItem|DeleteItem|BatchWriteItem|TransactWriteItems)$/;
const none = (): Usage => ({ requests: 0, readUnits: 0, writeUnits: 0, actions: {} });

/** Puts an observer in front of a table endpoint, on a loopback port of its own. */
export async function observe(target: Endpoint): Promise<Endpoint & { observer: Observer }> {
  const rules = new Set<FaultRule>();
  let usage = none();
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const action = String(incoming.headers["x-amz-target"]).split(".").at(-1)!;
    const input = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>;
    const fault = [...rules].map((rule) => rule({ action, input })).find(Boolean);
    usage.requests++;
    usage.actions[action] = (usage.actions[action] ?? 0) + 1;
    if (fault === "lost-request") return outgoing.destroy();
    if (fault && fault !== "lost-answer") return refuse(outgoing, fault, input);
    const counted = reads.test(action) || writes.test(action);
    const body = Buffer.from(
      JSON.stringify(counted ? { ...input, ReturnConsumedCapacity: "INDEXES" } : input),
    );
    const { host: _host, "content-length": _length, ...headers } = incoming.headers as Record<string, string>;
    const answer = await post(target.url, body, headers);
    if (answer.status === 200 && counted) count(action, answer.text);
    if (fault === "lost-answer") return outgoing.destroy();
    outgoing.writeHead(answer.status, {
      ...answer.headers,
      "content-length": Buffer.byteLength(answer.text),
    });
    outgoing.end(answer.text);
  }

  function count(action: string, text: string) {
    const { ConsumedCapacity = [] } = JSON.parse(text) as { ConsumedCapacity?: Capacity | Capacity[] };
    const units = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
    usage[reads.test(action) ? "readUnits" : "writeUnits"] += units;
  }

  await new Promise<void>((done, failed) => server.once("error", failed).listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    observer: {
      inject(rule) {
        rules.add(rule);
        return () => rules.delete(rule);
      },
      usage: () => structuredClone(usage),
      reset: () => void (usage = none()),
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await target.stop();
    },
  };
}

interface Capacity {
  CapacityUnits: number;
}

function refuse(outgoing: ServerResponse, fault: Fault, input: Record<string, unknown>) {
  const transaction = input.TransactItems as unknown[] | undefined;
  const [status, type, more] = answerTo(fault, transaction?.length ?? 0);
  outgoing.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
  outgoing.end(
    JSON.stringify({
      __type: `com.amazonaws.dynamodb.v20120810#${type}`,
      message: `Injected ${fault}.`,
      ...more,
    }),
  );
}

/** The error as AWS writes it; a conflict inside a transaction cancels it and blames its first item. */
function answerTo(fault: Fault, items: number): [status: number, type: string, more?: object] {
  if (fault === "internal") return [500, "InternalServerError"];
  const [single, reason] =
    fault === "throttle"
      ? ["ProvisionedThroughputExceededException", "ThrottlingError"]
      : ["TransactionConflictException", "TransactionConflict"];
  if (items === 0) return [400, single];
  const CancellationReasons = Array.from({ length: items }, (_, index) => ({
    Code: index === 0 ? reason : "None",
  }));
  return [400, "TransactionCanceledException", { CancellationReasons }];
}
