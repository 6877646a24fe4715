import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Local, start } from "#infra/local/engine.ts";
import type { Answer } from "../signed-in.ts";
import { type Invoicing, withInvoices } from "../with-invoices.ts";

let local: Local;
let we: Invoicing;
let remove: (() => void) | undefined;
beforeAll(async () => {
  local = await start({ simulator: { registerThrottle: "off" }, observe: true });
  we = await withInvoices(local);
});
afterEach(() => remove?.());
afterAll(() => local.stop());

const table = () => local.dynamo;

/** Every n-th transaction meets what AWS does to some: in turn a conflict, and a commit whose answer is lost. */
function breakTransactions(every: number): { conflicts: number; lost: number } {
  const met = { conflicts: 0, lost: 0 };
  let seen = 0;
  remove = table().inject(({ action }) => {
    if (action !== "TransactWriteItems" || ++seen % every !== 0) return undefined;
    const isLost = (seen / every) % 2 === 0;
    met[isLost ? "lost" : "conflicts"]++;
    return isLost ? "lost-answer" : "conflict";
  });
  return met;
}

/** Lets no transaction about an object through until released; `met` is kept once one came. */
function holdTransactions(about: string): { met: Promise<void>; release: () => void } {
  const met = Promise.withResolvers<void>();
  remove = table().inject(({ action, input }) => {
    if (action !== "TransactWriteItems" || !JSON.stringify(input).includes(about)) return undefined;
    met.resolve();
    return "conflict";
  });
  return { met: met.promise, release: () => remove?.() };
}

const seriesNumber = async (prefix: string): Promise<number> => {
  const { body } = await we.call("GET", "/api/v1/document-series");
  return body.data.find((one: { prefix: string }) => one.prefix === prefix).currentNumber;
};

const numbers = (answers: readonly Answer[]): number[] =>
  answers.map(({ body }) => Number(body.number.slice(3))).toSorted((a, b) => a - b);

const upTo = (count: number, from = 1): number[] => Array.from({ length: count }, (_, i) => from + i);

describe("numbering", () => {
  it("gives 64 issues at once 64 consecutive numbers, though transactions conflict and answers are lost", async () => {
    const drafts = await Promise.all(upTo(64).map(() => we.draft()));
    const met = breakTransactions(10);
    const answers = await Promise.all(drafts.map(({ id }) => we.invoices("POST", `/${id}/issue`)));
    expect(answers.map(({ status }) => status)).toEqual(drafts.map(() => 200));
    expect(numbers(answers)).toEqual(upTo(64));
    expect(await seriesNumber("FCT")).toBe(64);
    expect(met.conflicts).toBeGreaterThan(0);
    expect(met.lost).toBeGreaterThan(0);
    for (const { body } of answers) {
      const stored = await we.invoices("GET", `/${body.id}`);
      expect(stored.body.number).toBe(body.number);
    }
  });

  it("gives one draft issued eight times at once one number", async () => {
    const before = await seriesNumber("FCT");
    const { id } = await we.draft();
    const answers = await Promise.all(upTo(8).map(() => we.invoices("POST", `/${id}/issue`)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(7);
    expect(await seriesNumber("FCT")).toBe(before + 1);
  });

  it("answers eight retries with one key eight times with the same number", async () => {
    const before = await seriesNumber("FCT");
    const { id } = await we.draft();
    breakTransactions(2);
    const key = { "idempotency-key": "eight" };
    const answers = await Promise.all(upTo(8).map(() => we.invoices("POST", `/${id}/issue`, undefined, key)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.number}`))).toEqual(
      new Set([`200 FCT${String(before + 1).padStart(4, "0")}`]),
    );
  });

  it("takes no number when another process took the one that was validated, only the next", async () => {
    const [{ series }, { commit }] = await Promise.all([
      import("#core/companies/document-series.ts"),
      import("#core/store/commit.ts"),
    ]);
    const before = await seriesNumber("FCT");
    const { id } = await we.draft();
    const held = holdTransactions(id);
    const issuing = we.invoices("POST", `/${id}/issue`);
    await held.met;
    const fct = (await series.all(we.company.id)).find(({ prefix }) => prefix === "FCT")!;
    const rival = { ...fct, currentNumber: before + 1, highestTaken: before + 1 };
    await commit([series.replace(we.company.id, fct, rival)]);
    held.release();
    const { body } = await issuing;
    expect(body.number).toBe(`FCT${String(before + 2).padStart(4, "0")}`);
    const xml = await we.invoices("GET", `/${id}/xml`);
    expect(xml.body).toContain(`<cbc:ID>${body.number}</cbc:ID>`);
  });

  it("burns no number when issue is refused, and gives none twice when invoices are deleted and issued at once", async () => {
    const before = await seriesNumber("FCT");
    const bad = await Promise.all(upTo(4).map(() => we.draft({ clientId: null })));
    const refused = await Promise.all(bad.map(({ id }) => we.invoices("POST", `/${id}/issue`)));
    expect(refused.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
    expect(await seriesNumber("FCT")).toBe(before);
    const cancelled = await we.issued();
    await we.invoices("POST", `/${cancelled.id}/cancel`);
    const drafts = await Promise.all(upTo(6).map(() => we.draft()));
    const [, ...issued] = await Promise.all([
      we.invoices("DELETE", `/${cancelled.id}`),
      ...drafts.map(({ id }) => we.invoices("POST", `/${id}/issue`)),
    ]);
    const given = numbers(issued);
    expect(new Set(given).size).toBe(6);
    expect(given.at(-1)).toBe(await seriesNumber("FCT"));
  });

  it("keeps to the requests it costs: create and issue are each one write", async () => {
    await we.issued();
    table().reset();
    const { id } = await we.draft();
    const created = table().usage();
    table().reset();
    await we.invoices("POST", `/${id}/issue`);
    const issued = table().usage();
    expect(created.actions.PutItem).toBe(1);
    expect(created.actions.TransactWriteItems).toBeUndefined();
    expect(issued.actions.TransactWriteItems).toBe(1);
    expect(issued.actions.PutItem).toBeUndefined();
    console.log(`create ${JSON.stringify(created)}\nissue ${JSON.stringify(issued)}`);
  });
});
