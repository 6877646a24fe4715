import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { clockOffset, setClockOffset } from "#core/lib/clock.ts";
import { call } from "#infra/local/dynamodb/call.ts";
import { Stream } from "#infra/local/dynamodb/stream.ts";
import { createTable } from "#infra/local/dynamodb/table.ts";
import { type Emulators, startEmulators } from "#infra/local/emulators.ts";
import { Loops } from "#infra/local/loops.ts";
import { Schedules } from "#infra/local/schedules.ts";
import { queueArn } from "#infra/local/sst.ts";
import { Consumer } from "#infra/local/sqs/consumer.ts";
import { failing, seen } from "./handlers.ts";

const directory = mkdtempSync(join(tmpdir(), "loops-"));
let emulators: Emulators;
let count = 0;

beforeAll(async () => {
  emulators = await startEmulators(directory, false);
});
beforeEach(() => {
  seen.length = 0;
  failing.clear();
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  setClockOffset(0);
  vi.restoreAllMocks();
});
afterAll(async () => {
  await emulators.stop();
  rmSync(directory, { recursive: true });
});

const pass = (seconds: number) => setClockOffset(clockOffset() + seconds * 1000);
const fn = (name: string, timeoutMs = 5_000) => ({
  name,
  handler: `tests/infra/handlers.${name}`,
  timeoutMs,
  links: [],
});
const noSchedules = () => new Schedules(emulators.database, emulators.queues, []);
const bodiesIn = (name: string) =>
  emulators.queues.take(emulators.queues.get(name), 10).map(({ Body }) => Body);

describe("a queue's worker", () => {
  function consumer(handler = fn("worker")) {
    const name = `Work${++count}`;
    emulators.queues.declare({ name: `${name}Dead`, visibilitySeconds: 30 });
    emulators.queues.declare({
      name,
      visibilitySeconds: 60,
      dead: { arn: queueArn(`${name}Dead`), after: 5 },
    });
    const send = (body: string) => emulators.queues.send(emulators.queues.get(name), body);
    const loops = new Loops(
      emulators.queues,
      [new Consumer(emulators.queues, { queue: name, batchSize: 10, run: handler })],
      [],
      noSchedules(),
    );
    return { name, send, loops };
  }

  it("gets a batch as Lambda would send it, and what it does not name as failed is gone", async () => {
    const { send, loops } = consumer();
    failing.add("bad");
    ["good", "bad", "fine"].forEach(send);
    expect(await loops.drain()).toEqual({ messages: 3, schedules: 0 });
    expect(seen).toEqual(["good", "bad", "fine"]);
    failing.clear();
    expect(await loops.drain()).toEqual({ messages: 0, schedules: 0 });
    pass(60);
    expect(await loops.drain()).toEqual({ messages: 1, schedules: 0 });
    expect(seen.slice(3)).toEqual(["bad"]);
  });

  it("sees a message that always fails five times, then never again", async () => {
    const { name, send, loops } = consumer();
    failing.add("poison");
    send("poison");
    for (let n = 0; n < 7; n++, pass(60)) await loops.drain();
    expect(seen).toHaveLength(5);
    expect(bodiesIn(`${name}Dead`)).toEqual(["poison"]);
  });

  it.each(["broken", "endless"])("that is %s leaves its whole batch to be tried again", async (name) => {
    const { send, loops } = consumer(fn(name, 20));
    send("a");
    send("b");
    await loops.drain();
    expect(seen).toEqual([name]);
    pass(60);
    expect((await loops.drain()).messages).toBe(2);
  });

  it("whose file is missing fails when it is called, not before", async () => {
    const { send, loops } = consumer({ ...fn("worker"), handler: "tests/infra/nowhere.handler" });
    send("a");
    expect(await loops.drain()).toEqual({ messages: 1, schedules: 0 });
    expect(console.error).toHaveBeenCalledWith(
      expect.any(String),
      expect.objectContaining({ message: expect.stringMatching(/nowhere/) }),
    );
  });

  it("works by itself when it may, at once", async () => {
    const { send, loops } = consumer();
    loops.run();
    send("a");
    await vi.waitFor(() => expect(seen).toEqual(["a"]), { interval: 5 });
    await loops.stop();
    send("b");
    expect(seen).toEqual(["a"]);
  });

  it("is handed a delayed message by itself when the clock is moved", async () => {
    const { name, loops } = consumer();
    loops.run();
    emulators.queues.send(emulators.queues.get(name), "later", 600);
    pass(600);
    loops.clockMoved();
    await vi.waitFor(() => expect(seen).toEqual(["later"]), { interval: 5 });
    await loops.stop();
  });
});

describe("a table's subscriber", () => {
  async function subscribed() {
    const { url } = await emulators.dynamo;
    const name = `Rows${++count}`;
    emulators.queues.declare({ name: `${name}Dead`, visibilitySeconds: 30 });
    await createTable(url, {
      name,
      args: {
        fields: { pk: "string", sk: "string" },
        primaryIndex: { hashKey: "pk", rangeKey: "sk" },
        globalIndexes: { back: { hashKey: "sk", rangeKey: "pk", projection: "keys-only" } },
        ttl: "ttl",
        stream: "new-and-old-images",
      },
    });
    const put = (sk: string, more: object = { out: { S: "{}" } }) =>
      call(url, "PutItem", { TableName: name, Item: { pk: { S: "p" }, sk: { S: sk }, ...more } });
    const open = () =>
      new Stream(url, emulators.database, emulators.queues, {
        table: name,
        filters: [{ dynamodb: { NewImage: { out: { S: [{ exists: true }] } } } }],
        mapping: {
          startingPosition: "TRIM_HORIZON",
          batchSize: 10,
          bisectBatchOnFunctionError: true,
          maximumRetryAttempts: 2,
          functionResponseTypes: ["ReportBatchItemFailures"],
          destinationConfig: { onFailure: { destinationArn: queueArn(`${name}Dead`) } },
        },
        run: fn("subscriber"),
      });
    const drain = (stream: Stream) => new Loops(emulators.queues, [], [stream], noSchedules()).drain();
    return { name, put, open, drain };
  }

  it("gets the rows that announce something, in order, and no others", async () => {
    const { put, open, drain } = await subscribed();
    for (let n = 0; n < 25; n++) await put(`row${n}`, n % 5 === 0 ? {} : { out: { S: "{}" } });
    await drain(open());
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `row${n}`).filter((_, n) => n % 5 !== 0));
  });

  it("continues after a restart where it had stopped", async () => {
    const { put, open, drain } = await subscribed();
    await put("one");
    await drain(open());
    await put("two");
    await drain(open());
    expect(seen).toEqual(["one", "two"]);
  });

  it("gets a failed record again with what follows it, and loses none", async () => {
    const { put, open, drain } = await subscribed();
    failing.add("bad");
    for (const row of ["good", "bad", "next"]) await put(row);
    const stream = open();
    await stream.read();
    expect(seen).toEqual(["good", "bad"]);
    failing.clear();
    await drain(stream);
    expect(seen).toEqual(["good", "bad", "bad", "next"]);
  });

  it("that never takes a record sees it in its failure queue and gets the next", async () => {
    const { name, put, open, drain } = await subscribed();
    failing.add("poison");
    for (const row of ["poison", "next"]) await put(row);
    await drain(open());
    expect(seen).toEqual(["poison", "poison", "poison", "next"]);
    expect(bodiesIn(`${name}Dead`)).toEqual([expect.stringContaining("poison")]);
  });
});

describe("a schedule", () => {
  const hourly = (name: string) => ({
    name,
    everyMs: 3_600_000,
    event: { plan: name },
    retries: 2,
    dead: queueArn("TicksDead"),
    run: fn("schedule"),
  });
  const schedules = (name: string) => new Schedules(emulators.database, emulators.queues, [hourly(name)]);

  it("runs at its rate on the product's clock, several missed ticks at once", async () => {
    const hour = schedules("hour");
    expect(await hour.runDue()).toBe(0);
    pass(3599);
    expect(await hour.runDue()).toBe(0);
    pass(2);
    expect(await hour.runDue()).toBe(1);
    expect(await hour.runDue()).toBe(0);
    pass(5 * 3600);
    expect(await hour.runDue()).toBe(1);
    expect(await hour.runDue()).toBe(0);
    expect(seen).toEqual(["hour", "hour"]);
  });

  it("that fell due while nothing ran, runs after the restart", async () => {
    schedules("overdue");
    pass(3600);
    expect(await schedules("overdue").runDue()).toBe(1);
  });

  it("is not put off by a clock that was set back", async () => {
    pass(30 * 86_400);
    const back = schedules("back");
    pass(-30 * 86_400);
    expect(await back.runDue()).toBe(0);
    pass(3600);
    expect(await back.runDue()).toBe(1);
  });

  it("that fails is tried again twice and kept", async () => {
    emulators.queues.declare({ name: "TicksDead", visibilitySeconds: 30 });
    const fails = schedules("fails");
    failing.add("fails");
    pass(3600);
    await fails.runDue();
    expect(seen).toEqual(["fails", "fails", "fails"]);
    expect(bodiesIn("TicksDead")).toEqual(['{"plan":"fails"}']);
  });
});
