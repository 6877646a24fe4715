import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Local } from "#infra/local/engine.ts";
import { freshCif } from "../cif.ts";
import { call, signIn } from "../signed-in.ts";
import { type Connected, control, pass, startWithAnaf, withConnection } from "../with-anaf.ts";

let local: Local;
let shop: Connected;

beforeAll(async () => {
  local = await startWithAnaf();
  shop = await withConnection(local, { cif: freshCif() });
});
afterAll(() => local?.stop());

const stats = async () => (await (await signIn(local)).call("GET", "/api/v1/anaf/stats")).body;

describe("GET /api/v1/anaf/stats", () => {
  it("says that nothing is wrong where nothing was seen yet; 401 without a caller", async () => {
    expect(await stats()).toEqual({
      downtimeHours: 0,
      uptimeHours: 72,
      successRate: 100,
      totalSubmissions: 0,
      successfulSubmissions: 0,
      lastSuccessAt: null,
      lastFailureAt: null,
      lastFailureMessage: null,
      nextRetryAt: null,
    });
    expect((await call(local, "GET", "/api/v1/anaf/stats")).status).toBe(401);
  });

  it("counts uploads as everybody's, tells of a failure until one succeeds, and names nobody", async () => {
    await shop.submitted();
    await pass(local, "10s");
    expect(await stats()).toMatchObject({ totalSubmissions: 1, successfulSubmissions: 1, downtimeHours: 0 });

    await control(local, "/faults", { id: "gw.503", when: { cif: shop.company.cif } });
    const { id } = await shop.submitted();
    await local.drain();
    const failing = await stats();
    expect(failing).toMatchObject({ totalSubmissions: 2, successfulSubmissions: 1, successRate: 50 });
    expect(failing.downtimeHours).toBeGreaterThan(0);
    expect(failing.downtimeHours + failing.uptimeHours).toBe(72);
    expect(failing.lastFailureAt > failing.lastSuccessAt).toBe(true);
    expect(failing.lastFailureMessage).toBe("ANAF did not confirm an upload.");
    expect(Date.parse(failing.nextRetryAt)).toBeGreaterThan(Date.parse(failing.lastFailureAt));

    await control(local, "/faults", undefined, "DELETE");
    await pass(local, "1h", 8);
    expect(await shop.get(id)).toMatchObject({ status: "validated" });
    expect(await stats()).toMatchObject({ totalSubmissions: 3, successfulSubmissions: 2, nextRetryAt: null });
  });

  it("does not count what a document or a company is refused for", async () => {
    const before = await stats();
    await control(local, "/faults", { id: "upload.no_right", when: { cif: shop.company.cif, times: 1 } });
    await shop.submitted();
    await local.drain();
    const { lastFailureMessage, totalSubmissions } = await stats();
    expect([lastFailureMessage, totalSubmissions]).toEqual([
      before.lastFailureMessage,
      before.totalSubmissions,
    ]);
  });

  it("forgets after 72 hours", async () => {
    await pass(local, "73h");
    expect(await stats()).toMatchObject({ totalSubmissions: 1, downtimeHours: 0, lastFailureMessage: null });
  });

  it("loses nothing when many processes tell at once", async () => {
    const { noteCall, noteUpload } = await import("#core/einvoicing/availability.ts");
    const before = await stats();
    const sent = { result: "sent", externalId: "1", raw: "" } as const;
    await Promise.all(Array.from({ length: 12 }, () => noteUpload(sent, null)));
    expect((await stats()).totalSubmissions).toBe(before.totalSubmissions + 12);
    local.clock({ advance: "1h" });
    for (let n = 0; n < 40; n++) await noteCall(n % 2 ? "ok" : "garbage");
    expect((await stats()).downtimeHours).toBeCloseTo(before.downtimeHours + 0.5, 1);
  });
});
