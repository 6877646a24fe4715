import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Local, start } from "#infra/local/engine.ts";
import { call } from "../signed-in.ts";

let local: Local;
beforeAll(async () => {
  local = await start();
});
afterAll(() => local.stop());

describe("GET /api/v1/plans", () => {
  it("200 for anybody, with prices in bani and what each plan adds", async () => {
    const { status, headers, body } = await call(local, "GET", "/api/v1/plans");
    expect([status, headers.get("cache-control")]).toEqual([200, "public, max-age=300"]);
    expect(body.earlyAdopterAvailable).toBe(false);
    const [freemium, starter, professional, business] = body.plans;
    expect(freemium).toMatchObject({ key: "freemium", monthlyPrice: 0, currency: "RON", includesPlan: null });
    expect(starter).toMatchObject({
      monthlyPrice: 1900,
      yearlyPrice: 19_000,
      trialDays: 14,
      savingsPercent: 17,
    });
    expect(professional).toMatchObject({ includesPlan: "starter", extraSeatMonthlyPrice: 900 });
    expect(professional.features).toEqual([
      "recurringInvoices",
      "backupRestore",
      "bankStatements",
      "webhooks",
    ]);
    expect(business.features).toContain("whiteLabel");
  });
});
