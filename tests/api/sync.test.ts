import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Local } from "#infra/local/engine.ts";
import { freshCif } from "../cif.ts";
import { call, signIn } from "../signed-in.ts";
import { type Connected, control, pass, startWithAnaf, withConnection } from "../with-anaf.ts";
import { withCompany } from "../with-company.ts";

let local: Local;
let shop: Connected;

beforeAll(async () => {
  local = await startWithAnaf();
});
afterAll(() => local?.stop());
beforeEach(async () => {
  shop = await withConnection(local, { cif: freshCif() });
});

const trigger = (body?: unknown) => shop.call("POST", "/api/v1/sync/trigger", body);

describe("POST /api/v1/sync/trigger", () => {
  it("202, and the mailbox is looked into", async () => {
    await control(local, "/inbox/bulk", { cif: shop.company.cif, n: 2 });
    local.clock({ advance: "5s" });
    const answer = await trigger();
    expect(answer).toMatchObject({ status: 202, body: { message: "Sync triggered", status: "queued" } });
    await pass(local, "5s");
    const log = await shop.call("GET", "/api/v1/sync/log");
    expect(log.body).toMatchObject({ total: 2, data: [{ status: "success", direction: "incoming" }, {}] });
    expect(log.body.entries).toEqual(log.body.data);
    const [first, second] = log.body.data;
    const from = async (query: string) => (await shop.call("GET", `/api/v1/sync/log?${query}`)).body;
    expect(await from("limit=5&offset=1")).toMatchObject({ total: 2, data: [{ id: second.id }] });
    expect(await from("limit=1&page=1")).toMatchObject({ total: 2, data: [{ id: first.id }] });
    expect(await from("status=success&direction=incoming")).toMatchObject({ total: 2 });
    for (const nothing of ["status=failed", "status=validated", "direction=outgoing", "offset=2"])
      expect((await from(nothing)).data).toEqual([]);
  });

  it("429 within the plan's interval, with the seconds that are left; not after it", async () => {
    await trigger();
    await pass(local, "5s");
    const soon = await trigger();
    expect(soon).toMatchObject({
      status: 429,
      body: { code: "SYNC_RATE_LIMITED", retryAfter: expect.any(Number), messageKey: "sync.rateLimited" },
    });
    expect(Number(soon.headers.get("retry-after"))).toBe(soon.body.retryAfter);
    // The session ends with the hour, so the verb itself is asked.
    const { requestSync } = await import("#core/einvoicing/sync-request.ts");
    const { companies } = await import("#core/companies/company.ts");
    const company = await companies.get(shop.organizationId, shop.company.id);
    local.clock({ advance: "59m" });
    await expect(requestSync(shop.actor, company, undefined)).rejects.toThrow(/again in/);
    local.clock({ advance: "1m" });
    await requestSync(shop.actor, company, undefined);
  });

  it("202 at once after a look that failed", async () => {
    await control(local, "/faults", { id: "gw.503", when: { cif: shop.company.cif }, params: {} });
    await trigger();
    await local.drain();
    expect((await shop.call("GET", "/api/v1/sync/status")).body.lastRun).toMatchObject({ result: "failed" });
    await control(local, "/faults", undefined, "DELETE");
    expect((await trigger()).status).toBe(202);
  });

  it("403 NO_TOKEN without a connection, TOKEN_INVALID_FOR_CIF when none covers the company", async () => {
    const bare = await withCompany(local, freshCif());
    const none = await bare.call("POST", "/api/v1/sync/trigger");
    expect(none).toMatchObject({ status: 403, body: { code: "NO_TOKEN" } });
    const cif = freshCif();
    const other = await shop.call("POST", "/api/v1/companies", { cif });
    const answer = await shop.call("POST", "/api/v1/sync/trigger", {}, { "x-company": other.body.id });
    expect(answer).toMatchObject({ status: 403, body: { code: "TOKEN_INVALID_FOR_CIF" } });
  });

  it("400 for days out of range, 401 without a caller, 403 for somebody else's company", async () => {
    expect((await trigger({ days: 61 })).status).toBe(400);
    expect((await call(local, "POST", "/api/v1/sync/trigger")).status).toBe(401);
    const stranger = await signIn(local);
    const answer = await stranger.call("POST", "/api/v1/sync/trigger", {}, { "x-company": shop.company.id });
    expect(answer.status).toBe(403);
  });
});

describe("GET /api/v1/sync/status", () => {
  it("says how far the mailbox is known, under both names of every field", async () => {
    await trigger();
    await pass(local, "5s");
    const { body } = await shop.call("GET", "/api/v1/sync/status");
    expect(body).toMatchObject({
      tokenValid: true,
      hasValidToken: true,
      tokenError: null,
      syncInterval: "manual",
      syncIntervalSeconds: 3600,
      syncDaysBack: 60,
      gaps: [],
      lastRun: { result: "completed", newMessages: 0, stats: { newInvoices: 0, errors: [] } },
    });
    expect(body.lastSync).toBe(body.lastSyncedAt);
    expect(body.provenFrom < body.provenTo).toBe(true);
  });

  it("sums up several companies, each with its own row, unless one is named", async () => {
    await shop.call("POST", "/api/v1/companies", { cif: freshCif() });
    const all = await shop.call("GET", "/api/v1/sync/status");
    expect(all.body.companies).toHaveLength(2);
    expect(all.body.tokenValid).toBe(true);
    const one = await shop.call("GET", "/api/v1/sync/status", undefined, { "x-company": shop.company.id });
    expect(one.body.companies).toBeUndefined();
  });

  it("does not call a token invalid because ANAF is out of service", async () => {
    await control(local, "/faults", { id: "gw.503", when: { cif: shop.company.cif }, params: {} });
    await trigger();
    await local.drain();
    expect((await shop.call("GET", "/api/v1/sync/status")).body).toMatchObject({ tokenValid: true });
    await control(local, "/faults", undefined, "DELETE");
  });
});

describe("the schedule of a plan", () => {
  it("looks into every company that wants it, once within its interval, and into no other", async () => {
    const quiet = await withConnection(local, { cif: freshCif() });
    await shop.call("POST", `/api/v1/companies/${shop.company.id}/toggle-sync`);
    const { companies } = await import("#core/companies/company.ts");
    const last = async ({ organizationId, company }: Connected) =>
      (await companies.get(organizationId, company.id)).lastSyncedAt;
    expect((await companies.get(shop.organizationId, shop.company.id)).syncEnabled).toBe(true);
    for (let n = 0; n < 9; n++) await pass(local, "15m");
    const first = await last(shop);
    expect(first).not.toBeNull();
    expect(await last(quiet)).toBeNull();
    for (let n = 0; n < 6; n++) await pass(local, "15m");
    expect(Date.parse((await last(shop))!) - Date.parse(first!)).toBeGreaterThan(0);
  });
});
