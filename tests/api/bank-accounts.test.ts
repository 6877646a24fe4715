import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithOutside, withCompany, type WithCompany } from "../with-company.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let owner: WithCompany;
beforeAll(async () => {
  world = await startWithOutside();
  owner = await withCompany(world.local);
});
afterAll(() => world.stop());

const path = "/api/v1/bank-accounts";
const iban = "RO49AAAA1B31007593840000";
const german = "DE89370400440532013000";

describe("bank accounts", () => {
  it("201: the first of its currency is that currency's default", async () => {
    const { status, body } = await owner.call("POST", path, { iban: "ro49 aaaa 1b31 0075 9384 0000" });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      iban,
      type: "bank",
      currency: "RON",
      isDefault: true,
      openingBalance: null,
    });
    const euro = await owner.call("POST", path, { iban: german, currency: "eur", showOnInvoice: true });
    expect(euro.body).toMatchObject({ currency: "EUR", isDefault: true, showOnInvoice: true });
  });

  it("409 for an IBAN twice and for a second till", async () => {
    expect((await owner.call("POST", path, { iban })).status).toBe(409);
    const till = { type: "cash", openingBalance: 100.5, openingBalanceDate: "2026-01-01", iban: "ignored" };
    const made = await owner.call("POST", path, till);
    expect(made.body).toMatchObject({ type: "cash", iban: null, isDefault: false, openingBalance: 100.5 });
    expect((await owner.call("POST", path, till)).status).toBe(409);
  });

  it("400 for a bad type, no or a wrong IBAN, a balance without its day, a negative one", async () => {
    for (const body of [
      { type: "sock", iban },
      {},
      { iban: "RO00AAAA1B31007593840000" },
      { type: "cash", openingBalance: 1 },
      { type: "cash", openingBalanceDate: "2026-01-01" },
      { type: "cash", openingBalance: -1, openingBalanceDate: "2026-01-01" },
    ])
      expect([body, (await owner.call("POST", path, body)).status]).toEqual([body, 400]);
  });

  it("lists defaults first, then the newest", async () => {
    const { body } = await owner.call("GET", path);
    expect(body.data.map(({ isDefault }: { isDefault: boolean }) => isDefault)).toEqual([true, true, false]);
    expect(body.data[0].iban).toBe(german);
  });

  it("422 when a set opening balance is changed without saying that it is meant", async () => {
    const { body } = await owner.call("GET", path);
    const till = body.data.find(({ type }: { type: string }) => type === "cash");
    expect((await owner.call("PATCH", `${path}/${till.id}`, { openingBalance: 5 })).status).toBe(422);
    const meant = await owner.call("PATCH", `${path}/${till.id}`, { openingBalance: 5, confirmReset: true });
    expect(meant).toMatchObject({ status: 200, body: { openingBalance: 5 } });
  });

  it("409 when the default or the last account is deleted, 200 otherwise, 404 for another company", async () => {
    const { body } = await owner.call("GET", path);
    const [first, , till] = body.data;
    expect((await owner.call("DELETE", `${path}/${first.id}`)).status).toBe(409);
    const stranger = await withCompany(world.local);
    expect((await stranger.call("DELETE", `${path}/${till.id}`)).status).toBe(404);
    const only = await stranger.call("POST", path, { type: "cash" });
    expect((await stranger.call("DELETE", `${path}/${only.body.id}`)).status).toBe(409);
    expect((await owner.call("DELETE", `${path}/${till.id}`)).status).toBe(200);
    expect((await owner.call("DELETE", `${path}/${till.id}`)).status).toBe(404);
  });
});
