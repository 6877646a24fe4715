import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { partyNamed } from "#core/model/party.ts";
import { startWithOutside, withCompany, type WithCompany } from "../with-company.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let owner: WithCompany;
beforeAll(async () => {
  world = await startWithOutside();
  owner = await withCompany(world.local);
});
afterAll(() => world.stop());

const suppliers = "/api/v1/suppliers";
const whole = {
  name: "Furnizor SRL",
  registrationNumber: "J12/1/2020",
  address: "Str. Lungă 1",
  city: "Cluj-Napoca",
  county: "Cluj",
};

describe("suppliers", () => {
  it("201, then 200 with the one that has the CIF already", async () => {
    const first = await owner.call("POST", suppliers, { ...whole, cif: "RO9000000020" });
    expect(first).toMatchObject({
      status: 201,
      body: { supplier: { cif: "9000000020", county: "CJ", country: "RO" } },
    });
    const again = await owner.call("POST", suppliers, { ...whole, name: "Altul", cif: "9000000020" });
    expect(again).toMatchObject({
      status: 200,
      body: { existing: true, supplier: { name: "Furnizor SRL" } },
    });
  });

  it("422 naming each missing field", async () => {
    const { status, body } = await owner.call("POST", suppliers, { cif: "9000000038" });
    expect(status).toBe(422);
    expect(Object.keys(body.errors)).toEqual(["name", "county", "city", "address", "registrationNumber"]);
  });

  it("200 when changed, 422 when a must-have is emptied, 404 for another company", async () => {
    const made = await owner.call("POST", suppliers, whole);
    const path = `${suppliers}/${made.body.supplier.id}`;
    const changed = await owner.call("PATCH", path, { notes: "bun" });
    expect(changed.body).toMatchObject({ notes: "bun", supplier: { notes: "bun", name: "Furnizor SRL" } });
    expect((await owner.call("PATCH", path, { name: "" })).status).toBe(422);
    const stranger = await withCompany(world.local);
    expect((await stranger.call("GET", path)).status).toBe(404);
    expect((await stranger.call("DELETE", path)).status).toBe(404);
  });

  it("are listed by search with their figures, exported, and deleted one by one or many", async () => {
    const mine = await withCompany(world.local);
    const made = await mine.call("POST", suppliers, whole);
    await mine.call("POST", suppliers, { ...whole, name: "Ștefan SRL", cif: "9000000046" });
    const { body } = await mine.call("GET", `${suppliers}?search=stefan`);
    expect(body).toMatchObject({
      total: 1,
      currency: "RON",
      data: [{ name: "Ștefan SRL", invoiceCount: 0 }],
    });
    const csv = await mine.call("GET", `${suppliers}/export/csv`);
    expect(csv.headers.get("content-disposition")).toContain("furnizori-");
    expect((csv.body as string).split("\r\n")).toHaveLength(4);
    const one = await mine.call("GET", `${suppliers}/${made.body.supplier.id}`);
    expect(one.body).toMatchObject({
      supplier: { name: "Furnizor SRL" },
      invoiceCount: 0,
      invoiceSummary: { totalCount: 0 },
    });
    expect((await mine.call("DELETE", `${suppliers}/${made.body.supplier.id}`)).status).toBe(200);
    const left = await mine.call("GET", suppliers);
    const { body: removed } = await mine.call("POST", `${suppliers}/bulk-delete`, {
      ids: [left.body.data[0].id, "x"],
    });
    expect(removed).toMatchObject({ deleted: 1, errors: [{ id: "x" }] });
  });
});

describe("a seller of an invoice that arrived", () => {
  it("becomes one supplier however often it is seen, and comes back when it was deleted", async () => {
    const { findOrCreateSupplier } = await import("#core/parties/suppliers.ts");
    const { commit } = await import("#core/store/commit.ts");
    const companyId = owner.company.id;
    const seller = { ...partyNamed("Vânzător SRL"), cif: "RO9000000089", city: "Iași", county: "Iași" };
    const first = await findOrCreateSupplier(companyId, seller);
    await commit(first.writes);
    const second = await findOrCreateSupplier(companyId, seller);
    expect(second).toMatchObject({
      existing: true,
      writes: [],
      entry: { id: first.entry.id, source: "anaf_sync" },
    });
    await owner.call("DELETE", `${suppliers}/${first.entry.id}`);
    const third = await findOrCreateSupplier(companyId, seller);
    await commit(third.writes);
    expect((await owner.call("GET", `${suppliers}/${first.entry.id}`)).status).toBe(200);
  });
});
