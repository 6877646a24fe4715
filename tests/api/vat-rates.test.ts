import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithOutside, withCompany, type WithCompany } from "../with-company.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let owner: WithCompany;
beforeAll(async () => {
  world = await startWithOutside();
});
afterAll(() => world.stop());

const path = "/api/v1/vat-rates";

describe("VAT rates", () => {
  beforeAll(async () => {
    owner = await withCompany(world.local);
  });

  it("start with those in force: 21 as the default, 11 and 0", async () => {
    const { body } = await owner.call("GET", path);
    expect(body.data).toMatchObject([
      { rate: 21, categoryCode: "S", isDefault: true, isActive: true, position: 0 },
      { rate: 11, categoryCode: "S", isDefault: false },
      { rate: 0, categoryCode: "Z", isDefault: false },
    ]);
    expect(body).toMatchObject({ total: 3, page: 1, pages: 1 });
  });

  it("201 at the next position; a new default takes the place of the old one", async () => {
    const { status, body } = await owner.call("POST", path, {
      rate: "9",
      label: "Locuințe",
      isDefault: true,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ rate: 9, categoryCode: "S", position: 3, isDefault: true });
    const { body: all } = await owner.call("GET", path);
    expect(all.data.filter((one: { isDefault: boolean }) => one.isDefault)).toHaveLength(1);
  });

  it("400 without rate or label, 422 for a bad rate, a bad category and the same rate and label twice", async () => {
    expect((await owner.call("POST", path, { label: "x" })).status).toBe(400);
    expect((await owner.call("POST", path, { rate: 5 })).status).toBe(400);
    for (const body of [
      { rate: -1, label: "x" },
      { rate: 101, label: "x" },
      { rate: 5, label: "x", categoryCode: "ZZ" },
      { rate: 5, label: "x", categoryCode: "E" },
      { rate: 0, label: "x", categoryCode: "S" },
      { rate: 21, label: "TVA 21%" },
    ])
      expect([body, (await owner.call("POST", path, body)).status]).toEqual([body, 422]);
  });

  it("422 when the only default is unset or nothing is given; 409 when the default is deleted", async () => {
    const { body } = await owner.call("GET", path);
    const chosen = body.data.find((one: { isDefault: boolean }) => one.isDefault);
    expect((await owner.call("PATCH", `${path}/${chosen.id}`, { isDefault: false })).status).toBe(422);
    expect((await owner.call("PATCH", `${path}/${chosen.id}`, {})).status).toBe(422);
    expect((await owner.call("DELETE", `${path}/${chosen.id}`)).status).toBe(409);
  });

  it("200 when changed and deleted; 404 afterwards and for another company", async () => {
    const { body: made } = await owner.call("POST", path, { rate: 5, label: "Cărți" });
    const one = `${path}/${made.id}`;
    expect((await owner.call("PATCH", one, { label: "Manuale" })).body).toMatchObject({
      label: "Manuale",
      rate: 5,
    });
    const stranger = await withCompany(world.local);
    expect((await stranger.call("PATCH", one, { label: "Mine" })).status).toBe(404);
    expect((await stranger.call("DELETE", one)).status).toBe(404);
    expect((await owner.call("DELETE", one)).status).toBe(200);
    expect((await owner.call("PATCH", one, { label: "x" })).status).toBe(404);
  });

  it("keep one default when two are made the default at once", async () => {
    await Promise.all(
      [1, 2, 3].map((n) => owner.call("POST", path, { rate: 21, label: `Deodată ${n}`, isDefault: true })),
    );
    const { body } = await owner.call("GET", path);
    expect(body.data.filter((one: { isDefault: boolean }) => one.isDefault)).toHaveLength(1);
    expect(body.data.filter(({ label }: { label: string }) => label.startsWith("Deodată"))).toHaveLength(3);
  });
});

describe("GET /api/v1/vat-category-codes", () => {
  it("lists the categories a Romanian invoice may use", async () => {
    const { body } = await owner.call("GET", "/api/v1/vat-category-codes");
    expect(body.data.map(({ code }: { code: string }) => code)).toEqual(["S", "Z", "E", "AE", "K", "G", "O"]);
  });
});
