import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { AnafConnection } from "#core/companies/anaf-connections.ts";
import type { Local } from "#infra/local/engine.ts";
import { freshCif } from "../cif.ts";
import {
  type Connected,
  control,
  fetchPair,
  pass,
  startWithAnaf,
  userOf,
  withConnection,
} from "../with-anaf.ts";

let local: Local;
let shop: Connected;

beforeAll(async () => {
  local = await startWithAnaf();
});
afterAll(() => local?.stop());
beforeEach(async () => {
  await control(local, "/faults", undefined, "DELETE");
  shop = await withConnection(local, { cif: freshCif() });
});

async function connection(): Promise<AnafConnection> {
  const { anafConnections } = await import("#core/companies/anaf-connections.ts");
  return (await anafConnections.find(shop.organizationId, shop.connection.id))!;
}

const refreshes = async () => {
  const { entries } = (await control(local, "/journal", undefined, "GET")) as {
    entries: { path: string; method: string }[];
  };
  return entries.filter(({ path }) => path.endsWith("/token")).length;
};

/** What the owner was told, oldest first. */
async function told(): Promise<string[]> {
  const { notifications } = await import("#core/notify/notifications.ts");
  return (await notifications.all(userOf(shop.token))).map(({ type }) => type);
}

const renewals = () => import("#core/einvoicing/connections.ts");

describe("a connection's tokens", () => {
  it("lie sealed in the table, and open for their own organization alone", async () => {
    const { open, seal } = await import("#core/einvoicing/vault.ts");
    const sealed = seal("secret", "one");
    expect(sealed).not.toContain("secret");
    expect(open(sealed, "one")).toBe("secret");
    expect(() => open(sealed, "two")).toThrow(/unable to authenticate/i);
    // Sealed bytes are base64, in which the letters of a token's start may come by chance, but never its dot.
    expect(JSON.stringify(await connection())).not.toMatch(/eyJ[\w-]+\./);
  });

  it("are renewed once, however many ask at the same moment, and everybody gets the new pair", async () => {
    const { renew } = await renewals();
    const before = await refreshes();
    const seen = await connection();
    const renewed = await Promise.all(
      Array.from({ length: 32 }, () => renew(shop.organizationId, seen, "due")),
    );
    expect(await refreshes()).toBe(before + 1);
    expect(new Set(renewed.map((one) => one!.sealed)).size).toBe(1);
    expect(renewed[0]!.sealed).not.toBe(seen.sealed);
  });

  it("are not lost when something else is noted on the connection while ANAF thinks", async () => {
    const { noteCoverage, renew } = await renewals();
    const when = { verb: "token", times: 1 };
    await control(local, "/faults", { id: "auth.refresh_race", when, params: { seconds: 1 } });
    const seen = await connection();
    const renewing = renew(shop.organizationId, seen, "due");
    await vi.waitUntil(async () => (await connection()).renewingUntil !== null);
    await noteCoverage(shop.organizationId, seen, "9000000020", true);
    const renewed = await renewing;
    expect(renewed!.sealed).not.toBe(seen.sealed);
    expect(await connection()).toMatchObject({
      sealed: renewed!.sealed,
      renewingUntil: null,
      cifs: expect.arrayContaining(["9000000020"]),
    });
  });

  it("are renewed when ANAF refuses them before their time, and the call is made again", async () => {
    await control(local, "/tokens/expire", { serial: "SER-ANY", kind: "access" });
    const { id } = await shop.submitted();
    await pass(local, "30s", 2);
    expect(await shop.get(id)).toMatchObject({ status: "validated" });
  });

  it("are renewed by the schedule, a month before they end", async () => {
    const before = await connection();
    await pass(local, "61d");
    await pass(local, "12h");
    const after = await connection();
    expect(after.sealed).not.toBe(before.sealed);
    expect(Date.parse(after.accessExpiresAt)).toBeGreaterThan(Date.parse(before.accessExpiresAt));
    expect(after.state).toBe("active");
  });

  it("that a lost reply left dead are used to their end, with warnings, and then a new connection is asked for", async () => {
    await control(local, "/faults", {
      id: "auth.rotation_lost",
      when: { verb: "token", times: 1 },
      params: {},
    });
    const { renew } = await renewals();
    const seen = await connection();
    await expect(renew(shop.organizationId, seen, "due")).rejects.toThrow(/did not renew/);
    const kept = await renew(shop.organizationId, await connection(), "due");
    expect(kept).toMatchObject({ state: "active", refreshExpiresAt: seen.accessExpiresAt });
    await local.drain();
    const mails = () => local.mails().filter(({ to, subject }) => to === shop.email && /ANAF/.test(subject));
    const left = [];
    for (const days of ["61d", "16d", "7d", "4d", "26h"]) {
      await pass(local, days);
      left.push(mails().length);
    }
    // One warning each below 30, 14, 7, 3 and 1 days.
    expect(left).toEqual([1, 2, 3, 4, 5]);
    await pass(local, "2d", 2);
    expect((await connection()).state).toBe("reconnect_required");
    expect(mails()).toHaveLength(6);
    expect(mails()[0]!.subject).toMatch(/expirat|ended/);
    // What was told first, that the renewal failed, is more than ninety days old and gone.
    expect(await told()).toEqual(Array.from({ length: 6 }, () => "token.expiring_soon"));
  }, 120_000);

  it("that ANAF declares dead ask for a new connection at once, and no call goes in circles", async () => {
    await control(local, "/tokens/expire", { serial: "SER-ANY", kind: "access" });
    await control(local, "/tokens/expire", { serial: "SER-ANY", kind: "refresh" });
    const { id } = await shop.submitted();
    const before = await refreshes();
    await pass(local, "1m", 3);
    expect((await connection()).state).toBe("reconnect_required");
    expect((await refreshes()) - before).toBe(1);
    expect(await told()).toEqual(["token.refresh_failed"]);
    expect(await shop.get(id)).toMatchObject({
      status: "sent_to_provider",
      anafErrorMessage: expect.stringContaining("connect again"),
    });
  });
});

describe("rights that change", () => {
  it("another connection takes over when a mandate ends", async () => {
    const { storeConnection } = await renewals();
    const user = { organizationId: shop.organizationId, userId: userOf(shop.token) };
    const serial = "SER-OWNER";
    const { cif } = shop.company;
    await control(local, `/holders/${serial}/rights`, { cif, grant: true });
    await storeConnection(user, await fetchPair(serial), { cifs: [cif] });
    await control(local, "/holders/SER-ANY/rights", { cif, grant: false });
    const { id } = await shop.submitted();
    await pass(local, "1m", 2);
    await pass(local, "6h", 2);
    expect(await shop.get(id)).toMatchObject({ status: "validated" });
    await control(local, "/holders/SER-ANY/rights", { cif, grant: true });
  });
});
