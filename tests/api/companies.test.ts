import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signIn } from "../signed-in.ts";
import { organizationOf, startWithOutside, withCompany } from "../with-company.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
beforeAll(async () => {
  world = await startWithOutside();
});
afterAll(() => world.stop());

const companies = "/api/v1/companies";

describe("POST /api/v1/companies", () => {
  it("201 with the register's data in our spelling: sector, county, postal code, diacritics", async () => {
    const owner = await signIn(world.local);
    const { status, body } = await owner.call("POST", companies, { cif: "RO 9000000011" });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      cif: "9000000011",
      name: "SIMULATOR VÂNZĂTOR SRL",
      vatPayer: true,
      vatCode: "RO9000000011",
      city: "SECTOR3",
      sector: "3",
      state: "B",
      postalCode: "030167",
      country: "RO",
      syncEnabled: false,
      syncDaysBack: 60,
      efacturaDelayHours: null,
      defaultCurrency: "RON",
      hasValidToken: false,
      isReadOnly: false,
    });
    expect(body.uuid).toBe(body.id);
  });

  it("201 from a CIF given as a number, with VAT rates and series to begin with", async () => {
    const owner = await withCompany(world.local, "9000000038");
    const rates = await owner.call("GET", "/api/v1/vat-rates");
    expect(rates.body.data).toMatchObject([{ rate: 0, categoryCode: "O", isDefault: true }]);
    const series = await owner.call("GET", "/api/v1/document-series");
    expect(series.body.data.map((one: { prefix: string }) => one.prefix)).toEqual([
      "FCT",
      "PRO",
      "CH",
      "BON",
    ]);
    const asNumber = await (await signIn(world.local)).call("POST", companies, { cif: 9000000046 });
    expect(asNumber.body).toMatchObject({
      cif: "9000000046",
      vatOnCollection: true,
      city: "Brașov",
      state: "BV",
    });
  });

  it("400 naming cif when its check digit is wrong, it is missing or the register does not know it", async () => {
    const owner = await signIn(world.local);
    for (const body of [{ cif: "9000000012" }, {}, { cif: "9000000097" }]) {
      const answer = await owner.call("POST", companies, body);
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toHaveProperty("cif");
    }
  });

  it("409 DUPLICATE_CIF when the organization has it, also for two at once; another organization may have it", async () => {
    const owner = await signIn(world.local);
    const both = await Promise.all([1, 2].map(() => owner.call("POST", companies, { cif: "9000000020" })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const third = await owner.call("POST", companies, { cif: "9000000020" });
    expect(third.status).toBe(409);
    expect(third.body).toMatchObject({ code: "DUPLICATE_CIF", messageKey: expect.any(String) });
    expect((await (await signIn(world.local)).call("POST", companies, { cif: "9000000020" })).status).toBe(
      201,
    );
  });

  it("answers the same company twice for one idempotency key", async () => {
    const owner = await signIn(world.local);
    const key = { "idempotency-key": "once" };
    const first = await owner.call("POST", companies, { cif: "9000000011" }, key);
    const again = await owner.call("POST", companies, { cif: "9000000011" }, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
  });

  it("503 naming the register when it is down, and 201 by hand then", async () => {
    const owner = await signIn(world.local);
    world.outside.admin.arm("gw.503", { verb: "register" });
    try {
      const down = await owner.call("POST", companies, { cif: "14399840" });
      expect(down.status).toBe(503);
      expect(down.body.message).toContain("ANAF company register");
      expect(down.headers.get("retry-after")).toBeTruthy();
      const byHand = await owner.call("POST", companies, {
        cif: "14399840",
        name: "De Mână SRL",
        address: "Str. Lungă 1",
        city: "Sector 2",
        county: "București",
      });
      expect(byHand.status).toBe(201);
      expect(byHand.body).toMatchObject({
        name: "De Mână SRL",
        city: "SECTOR2",
        state: "B",
        vatPayer: false,
      });
    } finally {
      world.outside.admin.disarm();
    }
  });

  it("brings a company deleted within five days back under its id", async () => {
    const owner = await withCompany(world.local, "9000000054");
    const { id } = owner.company;
    expect((await owner.call("DELETE", `${companies}/${id}`)).status).toBe(204);
    const again = await owner.call("POST", companies, { cif: "9000000054" });
    expect(again.status).toBe(201);
    expect(again.body.id).toBe(id);
  });
});

describe("the plan's number of companies", () => {
  it("402 PLAN_LIMIT when the plan allows no more", async () => {
    const { organizations } = await import("#core/identity/organizations.ts");
    const { commit } = await import("#core/store/commit.ts");
    const owner = await withCompany(world.local);
    const { companies: stored } = await import("#core/companies/company.ts");
    const organizationId = await organizationOf(owner);
    const organization = await organizations.get(organizationId, organizationId);
    const poorer = { ...organization, plan: "starter" as const, maxCompanies: 2 };
    await commit([organizations.replace(organizationId, organization, poorer)]);
    const { followPlan } = await import("#core/companies/plan.ts");
    expect((await owner.call("POST", companies, { cif: "9000000020" })).status).toBe(201);
    const third = await owner.call("POST", companies, { cif: "9000000038" });
    expect(third.status).toBe(402);
    expect(third.body).toMatchObject({ code: "PLAN_LIMIT", limit: 2 });

    const before = await organizations.get(organizationId, organizationId);
    await commit([organizations.replace(organizationId, before, { ...before, maxCompanies: 1 })]);
    await followPlan(organizationId);
    const readOnly = (await stored.all(organizationId)).filter(({ isReadOnly }) => isReadOnly);
    expect(readOnly.map(({ id }) => id)).toEqual([owner.company.id]);
    const inside = { "x-company": owner.company.id };
    const write = await owner.call("POST", "/api/v1/vat-rates", { rate: 5, label: "x" }, inside);
    expect(write.status).toBe(403);
    expect(write.body.messageKey).toBe("company.readOnly");
    expect((await owner.call("GET", "/api/v1/vat-rates", undefined, inside)).status).toBe(200);

    const switched = await owner.call("PUT", `${companies}/${owner.company.id}/set-active`);
    expect(switched.status).toBe(200);
    expect(switched.body.data.map((one: { isReadOnly: boolean }) => one.isReadOnly)).toEqual([false, true]);
  });
});

describe("companies of others", () => {
  it("404 with the same body for a foreign company as for one that never was", async () => {
    const [mine, theirs] = [await withCompany(world.local), await withCompany(world.local)];
    const foreign = await mine.call("GET", `${companies}/${theirs.company.id}`);
    const absent = await mine.call("GET", `${companies}/01890000-0000-7000-8000-000000000000`);
    const noId = await mine.call("GET", `${companies}/none`);
    for (const { status, body } of [foreign, absent, noId]) {
      expect(status).toBe(404);
      expect(body.message).toBe("Company not found.");
    }
  });

  it("403 for a foreign, unknown or missing company context, and the only one when none is named", async () => {
    const [mine, theirs] = [await withCompany(world.local), await withCompany(world.local)];
    const rates = (headers: Record<string, string>, query = "") =>
      mine.call("GET", `/api/v1/vat-rates${query}`, undefined, headers);
    expect((await rates({})).status).toBe(200);
    expect((await rates({ "x-company": mine.company.id })).status).toBe(200);
    expect((await rates({}, `?company=${mine.company.id}`)).status).toBe(200);
    const denied = await rates({ "x-company": theirs.company.id });
    expect(denied).toMatchObject({ status: 403, body: { error: "Access denied", code: 403 } });
    expect((await rates({ "x-company": "nonsense" })).status).toBe(403);
    await mine.call("POST", companies, { cif: "9000000020" });
    expect(await rates({})).toMatchObject({
      status: 403,
      body: { error: "Company context required", code: 403 },
    });
  });
});

describe("PATCH /api/v1/companies/{uuid}", () => {
  it("200 with what was given; register data stay; all modules mean null", async () => {
    const owner = await withCompany(world.local);
    const { status, body } = await owner.call("PATCH", `${companies}/${owner.company.id}`, {
      bankName: "Banca",
      bankAccount: "ro49 aaaa 1b31 0075 9384 0000",
      efacturaDelayHours: 24,
      syncDaysBack: 30,
      cif: "1",
      enabledModules: [
        "delivery_notes",
        "receipts",
        "proforma_invoices",
        "recurring_invoices",
        "reports",
        "efactura",
        "spv_messages",
      ],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      bankAccount: "RO49AAAA1B31007593840000",
      efacturaDelayHours: 24,
      syncDaysBack: 30,
      cif: "9000000011",
      enabledModules: null,
    });
  });

  it("400 naming each wrong field", async () => {
    const owner = await withCompany(world.local);
    const { status, body } = await owner.call("PATCH", `${companies}/${owner.company.id}`, {
      syncDaysBack: 0,
      efacturaDelayHours: "soon",
      enabledModules: ["tricks"],
      bankAccount: "RO00",
    });
    expect(status).toBe(400);
    expect(Object.keys(body.errors)).toEqual([
      "bankAccount",
      "syncDaysBack",
      "efacturaDelayHours",
      "enabledModules[0]",
    ]);
  });
});

describe("POST /api/v1/companies/{uuid}/toggle-sync", () => {
  it("422 ERR_SYNC_ENABLE_NO_TOKEN without an ANAF connection", async () => {
    const owner = await withCompany(world.local);
    const { status, body } = await owner.call("POST", `${companies}/${owner.company.id}/toggle-sync`);
    expect(status).toBe(422);
    expect(body.messageKey).toBe("ERR_SYNC_ENABLE_NO_TOKEN");
  });

  it("200 with one: the plan's schedule finds the company in exactly one slot, and no more once it is off", async () => {
    const owner = await withCompany(world.local);
    const organizationId = await organizationOf(owner);
    await connect(organizationId, owner.company.cif);
    const on = await owner.call("POST", `${companies}/${owner.company.id}/toggle-sync`);
    expect(on.body).toEqual({ syncEnabled: true, message: "Sync enabled" });
    const { slotsOf, syncName, syncShards } = await import("#core/companies/company.ts");
    const { readLookup } = await import("#core/store/read.ts");
    const names = Array.from({ length: slotsOf.business * syncShards }, (_, n) =>
      syncName("business", Math.floor(n / syncShards), n % syncShards),
    );
    const due = async () =>
      (await Promise.all(names.map((name) => readLookup(name))))
        .flat()
        .filter(({ sk }) => sk === owner.company.id);
    expect(await due()).toMatchObject([{ pk: `${organizationId}#co`, sk: owner.company.id }]);
    const shown = await owner.call("GET", `${companies}/${owner.company.id}`);
    expect(shown.body).toMatchObject({ hasValidToken: true, tokenStatus: { hasToken: true, isValid: true } });
    const off = await owner.call("POST", `${companies}/${owner.company.id}/toggle-sync`);
    expect(off.body).toEqual({ syncEnabled: false, message: "Sync disabled" });
    expect(await due()).toEqual([]);
  });
});

async function connect(organizationId: string, cif: string): Promise<void> {
  const { anafConnections } = await import("#core/companies/anaf-connections.ts");
  const { commit } = await import("#core/store/commit.ts");
  const { newId } = await import("#core/lib/ids.ts");
  const { instant, instantIn } = await import("#core/lib/clock.ts");
  await commit([
    anafConnections.insert(organizationId, {
      id: newId(),
      organizationId,
      numericId: 1,
      label: null,
      serial: null,
      cifs: [cif],
      accessExpiresAt: instantIn(86_400),
      refreshExpiresAt: instantIn(86_400),
      createdBy: "test",
      createdAt: instant(),
      lastUsedAt: null,
      environment: "prod",
      sealed: "",
      state: "active",
      renewingUntil: null,
      warnedAtDays: null,
      nextLookAt: null,
    }),
  ]);
}

describe("deleting and restoring", () => {
  it("hides the company, keeps it five days in /deleted, restores it, and 409 when it is not deleted", async () => {
    const owner = await withCompany(world.local);
    const path = `${companies}/${owner.company.id}`;
    expect((await owner.call("POST", `${path}/restore`)).status).toBe(409);
    expect((await owner.call("DELETE", path)).status).toBe(204);
    expect((await owner.call("GET", path)).status).toBe(404);
    expect((await owner.call("GET", "/api/v1/vat-rates")).status).toBe(403);
    const deleted = await owner.call("GET", `${companies}/deleted`);
    expect(deleted.body.data).toMatchObject([
      { id: owner.company.id, deletedAt: expect.any(String), hardDeleteAt: expect.any(String) },
    ]);
    expect((await owner.call("POST", `${path}/restore`)).status).toBe(200);
    expect((await owner.call("GET", path)).status).toBe(200);
  });
});

describe("the logo", () => {
  const form = (bytes: Uint8Array, name: string) => {
    const body = new FormData();
    body.set("logo", new Blob([bytes], { type: "application/octet-stream" }), name);
    return body;
  };

  it("is kept by what its bytes are, shown, and removed", async () => {
    const owner = await withCompany(world.local);
    const path = `${companies}/${owner.company.id}/logo`;
    expect((await owner.call("GET", path)).status).toBe(404);
    const png = Buffer.from("89504e470d0a1a0a0000", "hex");
    const put = await world.local.fetch(path, {
      method: "POST",
      headers: owner.headers,
      body: form(png, "l.bin"),
    });
    expect(put.status).toBe(200);
    expect(await put.json()).toMatchObject({ logoPath: path });
    const shown = await world.local.fetch(path, { headers: owner.headers });
    expect(shown.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(png);
    expect((await owner.call("DELETE", path)).status).toBe(200);
    expect((await owner.call("GET", path)).status).toBe(404);
  });

  it("400 for what is no picture and for more than 2 MB", async () => {
    const owner = await withCompany(world.local);
    const path = `${companies}/${owner.company.id}/logo`;
    for (const bytes of [Buffer.from("<html>"), Buffer.alloc(2_100_000, 1)]) {
      const answer = await world.local.fetch(path, {
        method: "POST",
        headers: owner.headers,
        body: form(bytes, "a.png"),
      });
      expect(answer.status).toBe(400);
    }
  });
});

describe("POST /api/v1/companies/{uuid}/refresh-anaf", () => {
  it("429 within the hour of the last reading", async () => {
    const owner = await withCompany(world.local);
    const answer = await owner.call("POST", `${companies}/${owner.company.id}/refresh-anaf`);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(3000);
  });
});

describe("a company deleted more than five days ago", () => {
  it("410 on restore, and its CIF can be added anew", async () => {
    const owner = await withCompany(world.local, "9000000062");
    const path = `${companies}/${owner.company.id}`;
    await owner.call("DELETE", path);
    world.local.clock({ advance: "121h" });
    const login = await owner.call("POST", "/api/auth", { email: owner.email, password: owner.password });
    const later = { authorization: `Bearer ${login.body.token}` };
    expect((await owner.call("POST", `${path}/restore`, undefined, later)).status).toBe(410);
    const anew = await owner.call("POST", companies, { cif: "9000000062" }, later);
    expect(anew.status).toBe(201);
    expect(anew.body.id).not.toBe(owner.company.id);
  });
});
