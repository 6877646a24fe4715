import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#core/lib/ids.ts";
import { collection } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { lookUp, release, take } from "#core/store/names.ts";
import type { Write } from "#core/store/write.ts";
import type { Fault } from "#infra/local/dynamodb/observer.ts";
import { type Local, start } from "#infra/local/engine.ts";

interface Counter {
  id: string;
  rev: number;
  n: number;
}
const counters = collection<Counter>({ kind: "counter", what: "Counter" });

let local: Local;
beforeAll(async () => {
  local = await start({ observe: true });
});
afterAll(() => local.stop());

let undo: (() => void)[] = [];
afterEach(() => {
  for (const heal of undo) heal();
  undo = [];
});

/** Breaks the next writes, one fault each, in order. */
const breakNext = (...faults: Fault[]) => {
  undo.push(
    local.dynamo.inject(({ action }) => (/Put|Delete|Transact/.test(action) ? faults.shift() : undefined)),
  );
};

const scope = newId();
const fresh = async (): Promise<Counter> => {
  const write = counters.insert(scope, { id: newId(), n: 0 });
  await commit([write]);
  return write.value;
};
const taken = () => new Error("taken");

describe("commit", () => {
  it.each([
    ["throttle", "one write"],
    ["conflict", "one write"],
    ["internal", "one write"],
    ["lost-request", "one write"],
    ["lost-answer", "one write"],
    ["throttle", "a transaction"],
    ["conflict", "a transaction"],
    ["internal", "a transaction"],
    ["lost-request", "a transaction"],
    ["lost-answer", "a transaction"],
  ] as const)("goes through once after %s on %s", async (fault, size) => {
    const counter = await fresh();
    const name = `name#${newId()}`;
    breakNext(fault, fault);
    const writes: Write[] = [counters.replace(scope, counter, { ...counter, n: 1 })];
    if (size === "a transaction") writes.push(take(name, { of: counter.id }, { refusal: taken }));
    await commit(writes);
    expect(await counters.get(scope, counter.id)).toMatchObject({ n: 1, rev: 2 });
    expect(await lookUp(name)).toEqual(size === "a transaction" ? { of: counter.id } : undefined);
  });

  it("an insert whose answer was lost is not mistaken for somebody else's row", async () => {
    breakNext("lost-answer");
    const counter = await fresh();
    expect(await counters.get(scope, counter.id)).toMatchObject({ rev: 1 });
  });

  it("writes all of it or nothing, and throws the refusal of the write that failed", async () => {
    const name = `name#${newId()}`;
    await commit([take(name, {})]);
    const counter = await fresh();
    const writes = [
      counters.replace(scope, counter, { ...counter, n: 5 }),
      take(name, {}, { refusal: taken }),
    ];
    await expect(commit(writes)).rejects.toThrow("taken");
    expect(await counters.get(scope, counter.id)).toMatchObject({ n: 0, rev: 1 });
  });

  it("refuses to write over a newer revision", async () => {
    const counter = await fresh();
    await commit([counters.replace(scope, counter, { ...counter, n: 1 })]);
    await expect(commit([counters.replace(scope, counter, { ...counter, n: 2 })])).rejects.toThrow("changed");
    await expect(commit([counters.remove(scope, counter)])).rejects.toThrow("changed");
  });

  it("holds a transaction to a row it only checks", async () => {
    const [read, written] = [await fresh(), await fresh()];
    await commit([counters.replace(scope, read, { ...read, n: 1 })]);
    const change = counters.replace(scope, written, { ...written, n: 1 });
    await expect(commit([counters.unchanged(scope, read), change])).rejects.toThrow("changed");
    expect((await counters.get(scope, written.id)).n).toBe(0);
  });

  it("a name is given back once", async () => {
    const name = `once#${newId()}`;
    await commit([take(name, {})]);
    await commit([release(name, () => new Error("used"))]);
    await expect(commit([release(name, () => new Error("used"))])).rejects.toThrow("used");
  });

  it("a name past its time stands for nothing and can be taken again, before DynamoDB sweeps it", async () => {
    const name = `short#${newId()}`;
    await commit([take(name, { a: 1 }, { expiresInSeconds: 60 })]);
    expect(await lookUp(name)).toEqual({ a: 1 });
    local.clock({ advance: "2m" });
    expect(await lookUp(name)).toBeUndefined();
    await commit([take(name, { a: 2 }, { expiresInSeconds: 60 })]);
    expect(await lookUp(name)).toEqual({ a: 2 });
    await expect(commit([take(name, {}, { refusal: taken })])).rejects.toThrow("taken");
  });
});

describe("untilCommitted", () => {
  it("12 writers at once on one row each count once, through conflicts and lost answers", async () => {
    const counter = await fresh();
    let calls = 0;
    undo.push(
      local.dynamo.inject(({ action }) => {
        if (action !== "PutItem") return undefined;
        calls++;
        return calls % 10 === 0 ? "conflict" : calls % 9 === 0 ? "lost-answer" : undefined;
      }),
    );
    const count = () =>
      untilCommitted(async () => {
        const before = await counters.get(scope, counter.id);
        await commit([counters.replace(scope, before, { ...before, n: before.n + 1 })]);
      });
    await Promise.all(Array.from({ length: 12 }, count));
    expect(await counters.get(scope, counter.id)).toMatchObject({ n: 12, rev: 13 });
  });
});

describe("a collection", () => {
  it("shows a scope nothing of another scope", async () => {
    const counter = await fresh();
    const stranger = newId();
    expect(await counters.find(stranger, counter.id)).toBeUndefined();
    await expect(counters.get(stranger, counter.id)).rejects.toMatchObject({
      kind: "not_found",
      message: "Counter not found.",
    });
    expect(await counters.getMany(stranger, [counter.id])).toEqual([]);
  });

  it("413 for an object that cannot fit a row, in words", () => {
    const noise = Array.from({ length: 30_000 }, () => newId()).join("");
    expect(() => counters.insert(scope, { id: newId(), n: noise as never })).toThrow(
      expect.objectContaining({ kind: "too_large" }),
    );
  });
});
