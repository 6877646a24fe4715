import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithOutside, withCompany, type WithCompany } from "../with-company.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let owner: WithCompany;
beforeAll(async () => {
  world = await startWithOutside();
  owner = await withCompany(world.local);
});
afterAll(() => world.stop());

const path = "/api/v1/document-series";

describe("GET /api/v1/document-series", () => {
  it("lists what a new company starts with, each the default of its type", async () => {
    const { body } = await owner.call("GET", path);
    expect(body).toMatchObject({ total: 4, page: 1, pages: 1 });
    expect(body.data[0]).toMatchObject({
      prefix: "FCT",
      type: "invoice",
      currentNumber: 0,
      nextNumber: "FCT0001",
      active: true,
      isDefault: true,
      source: "default",
    });
    const receipts = await owner.call("GET", `${path}?type=receipt`);
    expect(receipts.body.data).toMatchObject([{ prefix: "CH" }]);
  });

  it("422 for a type there is not", async () => {
    expect((await owner.call("GET", `${path}?type=poem`)).status).toBe(422);
  });
});

describe("POST /api/v1/document-series", () => {
  it("201; a new default takes the place of the old one", async () => {
    const { status, body } = await owner.call("POST", path, {
      prefix: "AA",
      type: "invoice",
      currentNumber: 9999,
      isDefault: true,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ nextNumber: "AA10000", isDefault: true, source: "manual" });
    const { body: all } = await owner.call("GET", `${path}?type=invoice`);
    expect(all.data.map((one: { isDefault: boolean }) => one.isDefault)).toEqual([false, true]);
  });

  it("409 when the prefix is used in the company, whatever its case and type; one of two at once wins", async () => {
    for (const prefix of ["FCT", "fct"])
      expect((await owner.call("POST", path, { prefix, type: "proforma" })).status).toBe(409);
    const both = await Promise.all([1, 2].map(() => owner.call("POST", path, { prefix: "RACE" })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  });

  it("400 without a prefix, for an unknown type and a negative counter", async () => {
    for (const body of [
      { type: "invoice" },
      { prefix: "B", type: "poem" },
      { prefix: "B", currentNumber: -1 },
    ])
      expect((await owner.call("POST", path, body)).status).toBe(400);
  });
});

describe("PATCH /api/v1/document-series/{uuid}", () => {
  it("raises the counter and never lowers it below a number in use", async () => {
    const mine = await withCompany(world.local);
    const { body: all } = await mine.call("GET", `${path}?type=invoice`);
    const one = `${path}/${all.data[0].id}`;
    const raised = await mine.call("PATCH", one, { currentNumber: 41 });
    expect(raised.body).toMatchObject({ currentNumber: 41, nextNumber: "FCT0042" });
    expect((await mine.call("PATCH", one, { currentNumber: 40 })).status).toBe(200);

    const client = await mine.call("POST", "/api/v1/clients/from-registry", { cui: "9000000020" });
    const invoice = await mine.call("POST", "/api/v1/invoices", {
      clientId: client.body.client.id,
      issueDate: "2026-11-20",
      lines: [{ description: "Lucru", quantity: 1, unitPrice: 10 }],
    });
    const issued = await mine.call("POST", `/api/v1/invoices/${invoice.body.id}/issue`);
    expect(issued.body.number ?? issued.body.invoice?.number).toBe("FCT0041");
    const lowered = await mine.call("PATCH", one, { currentNumber: 40 });
    expect(lowered.status).toBe(422);
    expect(lowered.body.errors).toHaveProperty("currentNumber");
    expect((await mine.call("PATCH", one, { currentNumber: 50 })).status).toBe(200);
    expect((await mine.call("PATCH", one, { type: "proforma" })).status).toBe(422);
    expect((await mine.call("DELETE", one)).status).toBe(409);
  });

  it("422 without a field, 400 for wrong ones, 404 for a series of another company", async () => {
    const { body: all } = await owner.call("GET", path);
    const one = `${path}/${all.data[0].id}`;
    expect((await owner.call("PATCH", one, {})).status).toBe(422);
    expect((await owner.call("PATCH", one, { currentNumber: -1 })).status).toBe(400);
    expect((await owner.call("PATCH", one, { type: "poem" })).status).toBe(400);
    const stranger = await withCompany(world.local);
    expect((await stranger.call("PATCH", one, { active: false })).status).toBe(404);
    expect((await stranger.call("DELETE", one)).status).toBe(404);
  });
});

describe("POST /api/v1/document-series/{uuid}/set-default", () => {
  it("makes it the only default of its type", async () => {
    const mine = await withCompany(world.local);
    const made = await mine.call("POST", path, { prefix: "NEW", type: "invoice" });
    expect(made.body.isDefault).toBe(false);
    const chosen = await mine.call("POST", `${path}/${made.body.id}/set-default`);
    expect(chosen).toMatchObject({ status: 200, body: { isDefault: true } });
    const { body } = await mine.call("GET", `${path}?type=invoice`);
    const isDefault = Object.fromEntries(
      body.data.map((one: { prefix: string; isDefault: boolean }) => [one.prefix, one.isDefault]),
    );
    expect(isDefault).toEqual({ FCT: false, NEW: true });
  });
});

describe("DELETE /api/v1/document-series/{uuid}", () => {
  it("200 for one that gave no number, and its prefix is free again", async () => {
    const made = await owner.call("POST", path, { prefix: "GONE" });
    expect((await owner.call("DELETE", `${path}/${made.body.id}`)).status).toBe(200);
    expect((await owner.call("DELETE", `${path}/${made.body.id}`)).status).toBe(404);
    expect((await owner.call("POST", path, { prefix: "GONE" })).status).toBe(201);
  });
});
