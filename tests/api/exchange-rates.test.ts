import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithOutside, withCompany, type WithCompany } from "../with-company.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let owner: WithCompany;
beforeAll(async () => {
  world = await startWithOutside();
  world.local.clock({ set: "2026-11-20T14:00:00Z" });
  owner = await withCompany(world.local);
});
afterAll(() => world.stop());

const rates = "/api/v1/exchange-rates";

describe("GET /api/v1/exchange-rates", () => {
  it("503 when none are known and the bank cannot be reached", async () => {
    world.outside.admin.arm("gw.502", { verb: "bnr" });
    const { status, body } = await owner.call("GET", rates);
    world.outside.admin.disarm();
    expect(status).toBe(503);
    expect(body.message).toContain("exchange rates");
  });

  it("gives the newest rates, the bank's multiplier divided out", async () => {
    const { status, body } = await owner.call("GET", rates);
    expect(status).toBe(200);
    expect(body).toMatchObject({ date: "2026-11-20", base: "RON" });
    expect(body.rates.EUR).toBeGreaterThan(4);
    expect(body.rates.HUF).toBeLessThan(0.02);
  });

  it("takes the last banking day before a weekend or New Year", async () => {
    expect((await owner.call("GET", `${rates}?date=2026-11-15`)).body.date).toBe("2026-11-13");
    expect((await owner.call("GET", `${rates}?date=2026-01-01`)).body.date).toBe("2025-12-31");
  });

  it("422 for a day that is none or has not been", async () => {
    for (const date of ["2026-02-30", "2027-01-01", "soon"])
      expect((await owner.call("GET", `${rates}?date=${date}`)).status).toBe(422);
  });
});

describe("GET /api/v1/exchange-rates/convert", () => {
  it("goes through RON", async () => {
    const { body: all } = await owner.call("GET", rates);
    const lei = await owner.call("GET", `${rates}/convert?amount=100&from=EUR&to=RON`);
    expect(lei.body).toMatchObject({
      amount: 100,
      from: "EUR",
      to: "RON",
      rate: all.rates.EUR,
      date: all.date,
    });
    expect(lei.body.result).toBeCloseTo(100 * all.rates.EUR, 2);
    const cross = await owner.call("GET", `${rates}/convert?amount=10&from=usd&to=eur`);
    expect(cross.body.result).toBeCloseTo((10 * all.rates.USD) / all.rates.EUR, 2);
  });

  it("422 for a missing parameter, an amount of zero and an unknown currency", async () => {
    for (const query of [
      "from=EUR&to=RON",
      "amount=0&from=EUR&to=RON",
      "amount=1&from=XXX&to=RON",
      "amount=1&from=EUR",
    ])
      expect([query, (await owner.call("GET", `${rates}/convert?${query}`)).status]).toEqual([query, 422]);
  });
});

describe("the rate of a document", () => {
  it("is the last one published before its day (art. 290 Cod fiscal)", async () => {
    const { documentRate, ratesOn } = await import("#core/catalog/exchange-rates.ts");
    const friday = await ratesOn("2026-11-20");
    const thursday = await ratesOn("2026-11-19");
    expect(await documentRate("EUR", "2026-11-20")).toBe(thursday.rates.EUR);
    expect(await documentRate("EUR", "2026-11-23")).toBe(friday.rates.EUR);
    expect(await documentRate("RON", "2026-11-20")).toBe("1");
    expect(await documentRate("XXX", "2026-11-20")).toBeUndefined();
  });
});

describe("GET /api/v1/invoice-defaults", () => {
  const defaults = "/api/v1/invoice-defaults";
  const client = async (more: object) => {
    const answer = await owner.call("POST", "/api/v1/clients", {
      name: "X",
      address: "A 1",
      city: "B",
      ...more,
    });
    return `${defaults}?clientId=${answer.body.client.id}`;
  };

  it("gives what a form needs: rates, units with their codes, places, currencies", async () => {
    const { status, body } = await owner.call("GET", defaults);
    expect(status).toBe(200);
    expect(body.vatRates[0]).toEqual({ rate: 21, label: "TVA 21%", categoryCode: "S", default: true });
    expect(body).toMatchObject({
      defaultCurrency: "RON",
      defaultPaymentTermDays: 30,
      isVatPayer: true,
      reverseCharge: false,
    });
    expect(body.unitsOfMeasure).toContainEqual({ value: "pachet", label: "Pachet", code: "XPK" });
    expect(body.counties).toHaveLength(42);
    expect(body.countries).toContainEqual({ code: "DE", label: "Germania" });
    expect(body.exchangeRates.EUR).toBeGreaterThan(4);
  });

  it("offers reverse charge to a business VIES knows, export outside the Union, nothing for an unknown client", async () => {
    const valid = (await owner.call("GET", await client({ cui: "FR12345678901" }))).body;
    expect(valid).toMatchObject({ reverseCharge: true, exportApplicable: false });
    expect(valid.vatRates[0]).toMatchObject({ categoryCode: "AE", rate: 0, default: true });
    expect(valid.vatRates.filter((rate: { default: boolean }) => rate.default)).toHaveLength(1);
    const outside = (await owner.call("GET", await client({ country: "US" }))).body;
    expect(outside).toMatchObject({ reverseCharge: false, exportApplicable: true });
    expect(outside.vatRates.find((rate: { default: boolean }) => rate.default).rate).toBe(0);
    expect((await owner.call("GET", `${defaults}?clientId=nobody`)).status).toBe(200);
  });

  it("offers the destination's rates to consumers of a company in the one-stop shop", async () => {
    await owner.call("PATCH", `/api/v1/companies/${owner.company.id}`, { oss: true });
    const { body } = await owner.call("GET", await client({ country: "DE", type: "individual" }));
    expect(body).toMatchObject({ ossApplicable: true, ossVatRate: 19, ossVatRates: [19, 7] });
  });
});

describe("rates as days pass", () => {
  it("go on with what is known while the bank cannot be reached", async () => {
    const { ratesOn } = await import("#core/catalog/exchange-rates.ts");
    world.outside.admin.arm("bnr.moved");
    world.local.clock({ advance: "3d" });
    const { date } = await ratesOn();
    world.outside.admin.disarm();
    expect(date).toBe("2026-11-20");
  });

  it("see a new publication within the hour, whichever namespace it comes in", async () => {
    const { ratesOn } = await import("#core/catalog/exchange-rates.ts");
    world.outside.admin.arm("bnr.namespace");
    world.local.clock({ advance: "2h" });
    const { date } = await ratesOn();
    world.outside.admin.disarm();
    expect(date).toBe("2026-11-23");
  });
});
