import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithOutside, withCompany, type WithCompany } from "../with-company.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let owner: WithCompany;
beforeAll(async () => {
  world = await startWithOutside();
  owner = await withCompany(world.local);
});
afterAll(() => world.stop());

const clients = "/api/v1/clients";
const foreigner = { name: "Huber GmbH", country: "DE", address: "Hauptstr. 1", city: "Berlin" };

describe("POST /api/v1/clients", () => {
  it("201 with blanks filled from the register", async () => {
    const { status, body } = await owner.call("POST", clients, { name: "Al meu nume", cui: "RO9000000020" });
    expect(status).toBe(201);
    expect(body.anafValidated).toBe(true);
    expect(body.client).toMatchObject({
      name: "Al meu nume",
      cui: "9000000020",
      vatCode: "RO9000000020",
      isVatPayer: true,
      city: "Cluj-Napoca",
      county: "CJ",
      country: "RO",
      source: "manual",
      type: "company",
    });
    expect(body.client.uuid).toBe(body.client.id);
  });

  it("200 with the client that has the CUI already, however it is written", async () => {
    const first = await owner.call("POST", clients, { name: "Unu", cui: "9000000038" });
    const again = await owner.call("POST", clients, { name: "Doi", cui: "RO 9000000038" });
    expect(first.status).toBe(201);
    expect(again).toMatchObject({
      status: 200,
      body: { existing: true, client: { id: first.body.client.id, name: "Unu" } },
    });
  });

  it("one client for two equal requests at once", async () => {
    const both = await Promise.all(
      [1, 2].map(() => owner.call("POST", clients, { name: "Odată", cui: "9000000100" })),
    );
    expect(new Set(both.map(({ body }) => body.client.id)).size).toBe(1);
  });

  it("201 with the blanks left when the register is down", async () => {
    world.outside.admin.arm("gw.503", { verb: "register" });
    try {
      const { status, body } = await owner.call("POST", clients, {
        name: "Fără registru",
        cui: "9000000046",
      });
      expect(status).toBe(201);
      expect(body).toMatchObject({ anafValidated: false, client: { city: null } });
    } finally {
      world.outside.admin.disarm();
    }
  });

  it("422 naming the name, or the address fields no register can give", async () => {
    const nameless = await owner.call("POST", clients, { cui: "9000000020" });
    expect(nameless).toMatchObject({ status: 422, body: { errors: { name: expect.any(String) } } });
    const homeless = await owner.call("POST", clients, { name: "Ion", cui: "-" });
    expect(homeless.status).toBe(422);
    expect(Object.keys(homeless.body.errors)).toEqual(["address", "city", "county"]);
  });

  it("brings a Bucharest address to the sector form and its county to a code", async () => {
    const { body } = await owner.call("POST", clients, {
      name: "Ion",
      type: "individual",
      address: "Str. Mare 1",
      city: "București, sectorul 4",
      county: "Municipiul Bucureşti",
    });
    expect(body.client).toMatchObject({ city: "SECTOR4", county: "B", type: "individual" });
  });

  it("reads the country from a VAT number and asks VIES about it", async () => {
    const { status, body } = await owner.call("POST", clients, {
      ...foreigner,
      country: undefined,
      cui: "DE123456789",
    });
    expect(status).toBe(201);
    expect(body.client).toMatchObject({ cui: "DE123456789", vatCode: "DE123456789", country: "DE" });
    expect(body.client.viesValid).toEqual(expect.any(Boolean));
    const greek = await owner.call("POST", clients, { ...foreigner, country: undefined, cui: "EL123456789" });
    expect(greek.body.client.country).toBe("GR");
  });

  it("leaves the VIES verdict open when VIES has none", async () => {
    world.outside.admin.arm("vies.ms_unavailable");
    try {
      const { status, body } = await owner.call("POST", clients, { ...foreigner, cui: "FR12345678901" });
      expect(status).toBe(201);
      expect(body.client.viesValid).toBeNull();
    } finally {
      world.outside.admin.disarm();
    }
  });

  it("answers the same client twice for one idempotency key, 422 for another body", async () => {
    const key = { "idempotency-key": "client-1" };
    const first = await owner.call("POST", clients, foreigner, key);
    const again = await owner.call("POST", clients, foreigner, key);
    expect(again).toMatchObject({ status: 201, body: { client: { id: first.body.client.id } } });
    expect((await owner.call("POST", clients, { ...foreigner, name: "Else" }, key)).status).toBe(422);
  });
});

describe("GET /api/v1/clients", () => {
  it("finds by part of a name or code without diacritics, filters, sorts and counts", async () => {
    const mine = await withCompany(world.local);
    for (const [name, country] of [
      ["Ștefan SRL", "DE"],
      ["Ana SRL", "FR"],
      ["Zoe SRL", "DE"],
    ] as const)
      await mine.call("POST", clients, { ...foreigner, name, country });
    const names = async (query: string) => {
      const { body } = await mine.call("GET", `${clients}?${query}`);
      return { names: body.data.map(({ name }: { name: string }) => name), total: body.total };
    };
    expect(await names("search=stefan")).toEqual({ names: ["Ștefan SRL"], total: 1 });
    expect(await names("")).toEqual({ names: ["Zoe SRL", "Ana SRL", "Ștefan SRL"], total: 3 });
    expect(await names("sort=name&limit=1&page=2")).toEqual({ names: ["Zoe SRL"], total: 3 });
    expect(await names("country=de&sort=name")).toEqual({ names: ["Zoe SRL", "Ștefan SRL"], total: 2 });
    expect(await names("hasInvoices=active")).toEqual({ names: [], total: 0 });
    const { body } = await mine.call("GET", clients);
    expect(body).toMatchObject({
      currency: "RON",
      hasForeignCurrencies: false,
      distinctCountries: ["DE", "FR"],
      pages: 1,
    });
    expect(body.data[0]).toMatchObject({ invoiceCount: 0, invoiceTotal: 0, lastInvoiceDate: null });
  });

  it("counts what a client was invoiced", async () => {
    const mine = await withCompany(world.local);
    const made = await mine.call("POST", clients, { name: "Client", cui: "9000000020" });
    const clientId = made.body.client.id as string;
    const invoice = await mine.call("POST", "/api/v1/invoices", {
      clientId,
      issueDate: "2026-01-15",
      lines: [{ description: "Lucru", quantity: 2, unitPrice: 100 }],
    });
    expect(invoice.status).toBe(201);
    const { body } = await mine.call("GET", `${clients}?sort=mostInvoiced&hasInvoices=active`);
    expect(body.data).toMatchObject([
      { id: clientId, invoiceCount: 1, invoiceTotal: 242, lastInvoiceDate: "2026-01-15" },
    ]);
    const one = await mine.call("GET", `${clients}/${clientId}`);
    expect(one.body).toMatchObject({ invoiceCount: 1, invoiceTotal: 242, client: { id: clientId } });
    expect(one.body.invoiceHistory).toMatchObject([{ id: invoice.body.id }]);

    const changed = await mine.call("PATCH", `${clients}/${clientId}`, { address: "Str. Nouă 5" });
    expect(changed.body).toMatchObject({ invoicesUpdated: 1, client: { address: "Str. Nouă 5" } });
    const draft = await mine.call("GET", `/api/v1/invoices/${invoice.body.id}`);
    expect(draft.body.buyerSnapshot.address).toBe("Str. Nouă 5");
  });
});

describe("PATCH and DELETE /api/v1/clients/{uuid}", () => {
  it("200 with what was given, 422 when a must-have is emptied, 404 for one of another company", async () => {
    const made = await owner.call("POST", clients, foreigner);
    const path = `${clients}/${made.body.client.id}`;
    const changed = await owner.call("PATCH", path, { email: "a@b.example", notes: "" });
    expect(changed).toMatchObject({
      status: 200,
      body: { client: { email: "a@b.example", name: "Huber GmbH" } },
    });
    const emptied = await owner.call("PATCH", path, { name: "", city: null });
    expect(emptied.status).toBe(422);
    expect(Object.keys(emptied.body.errors)).toEqual(["name", "city"]);
    const stranger = await withCompany(world.local);
    expect((await stranger.call("GET", path)).status).toBe(404);
    expect((await stranger.call("PATCH", path, { name: "Mine" })).status).toBe(404);
    expect((await stranger.call("DELETE", path)).status).toBe(404);
  });

  it("409 when the new CUI is another client's", async () => {
    await owner.call("POST", clients, { name: "Ținut", cui: "9000000119" });
    const made = await owner.call("POST", clients, { name: "Altul", cui: "9000000127" });
    const path = `${clients}/${made.body.client.id}`;
    expect((await owner.call("PATCH", path, { cui: "9000000119" })).status).toBe(409);
  });

  it("204, and the same CUI brings the client back", async () => {
    const made = await owner.call("POST", clients, { name: "Du-te", cui: "9000000089" });
    const { id } = made.body.client;
    expect((await owner.call("DELETE", `${clients}/${id}`)).status).toBe(204);
    expect((await owner.call("GET", `${clients}/${id}`)).status).toBe(404);
    const again = await owner.call("POST", clients, { name: "Vino", cui: "9000000089" });
    expect(again).toMatchObject({ status: 201, body: { client: { id, name: "Vino" } } });
  });

  it("deletes each of many by itself", async () => {
    const made = await owner.call("POST", clients, foreigner);
    const absent = "01890000-0000-7000-8000-000000000000";
    const { status, body } = await owner.call("POST", `${clients}/bulk-delete`, {
      ids: [made.body.client.id, absent],
    });
    expect(status).toBe(200);
    expect(body).toEqual({ deleted: 1, errors: [{ id: absent, error: "Client not found." }] });
    for (const ids of [[], undefined, Array.from({ length: 101 }, () => absent)])
      expect((await owner.call("POST", `${clients}/bulk-delete`, { ids })).status).toBe(400);
  });
});

describe("looking into registers", () => {
  it("gives what ANAF says of a CUI, 422 without one, 404 for an unknown one, 503 when it is down", async () => {
    const known = await owner.call("GET", `${clients}/anaf-lookup?cui=RO9000000011`);
    expect(known.body.data).toMatchObject({
      cui: "9000000011",
      city: "SECTOR3",
      county: "B",
      isVatPayer: true,
    });
    expect((await owner.call("GET", `${clients}/anaf-lookup`)).status).toBe(422);
    expect((await owner.call("GET", `${clients}/anaf-lookup?cui=9000000097`)).status).toBe(404);
    expect((await owner.call("GET", `${clients}/anaf-lookup?cui=cui-1`)).status).toBe(404);
    world.outside.admin.arm("gw.502", { verb: "register" });
    const down = await owner.call("GET", `${clients}/anaf-lookup?cui=361757`);
    world.outside.admin.disarm();
    expect(down.status).toBe(503);
  });

  it("gives what VIES says, 422 without a prefix, 503 without a verdict", async () => {
    const known = await owner.call("GET", `${clients}/vies-lookup?vatCode=DE123456789`);
    expect(known.body.data).toMatchObject({
      valid: expect.any(Boolean),
      countryCode: "DE",
      vatNumber: "123456789",
    });
    expect((await owner.call("GET", `${clients}/vies-lookup?vatCode=123456789`)).status).toBe(422);
    world.outside.admin.arm("vies.ms_unavailable");
    const none = await owner.call("GET", `${clients}/vies-lookup?vatCode=DE123456788`);
    world.outside.admin.disarm();
    expect(none.status).toBe(503);
  });
});

describe("POST /api/v1/clients/from-registry", () => {
  it("201 with the register's data, 200 when known, 422 without a CUI, and by name when the register is down", async () => {
    const mine = await withCompany(world.local);
    const path = `${clients}/from-registry`;
    const made = await mine.call("POST", path, { cui: "RO9000000020", name: "Ignorat" });
    expect(made).toMatchObject({
      status: 201,
      body: { anafValidated: true, client: { name: "SIMULATOR CUMPĂRĂTOR SRL" } },
    });
    expect((await mine.call("POST", path, { cui: "9000000020" })).status).toBe(200);
    expect((await mine.call("POST", path, {})).status).toBe(422);
    const unknown = await mine.call("POST", path, { cui: "9000000097" });
    expect(unknown).toMatchObject({
      status: 201,
      body: { anafValidated: false, client: { name: "CUI 9000000097" } },
    });
  });
});

describe("GET /api/v1/clients/export/csv", () => {
  it("gives all clients by name, quoted, and no formula a spreadsheet would run", async () => {
    const mine = await withCompany(world.local);
    await mine.call("POST", clients, { ...foreigner, name: 'Zenit "Z", SRL', phone: "+40 721" });
    await mine.call("POST", clients, { ...foreigner, name: "=1+1" });
    const { status, headers, body } = await mine.call("GET", `${clients}/export/csv`);
    expect(status).toBe(200);
    expect(headers.get("content-disposition")).toMatch(/clienti-\d{4}-\d{2}-\d{2}\.csv/);
    const lines = (body as string).split("\r\n");
    expect(lines[0]).toContain("Tip,Denumire,CUI,CNP");
    expect(lines[1]).toContain(",'=1+1,");
    expect(lines[2]).toContain('"Zenit ""Z"", SRL"');
    expect(lines[2]).toContain("+40 721");
  });
});

describe("GET /api/v1/clients/export/saga-xml", () => {
  it("gives all clients as SAGA reads them", async () => {
    const mine = await withCompany(world.local);
    await mine.call("POST", clients, { ...foreigner, name: "Unu & Fiii", cui: "9000000020", country: "RO" });
    const { status, headers, body } = await mine.call("GET", `${clients}/export/saga-xml`);
    expect(status).toBe(200);
    expect(headers.get("content-disposition")).toMatch(/CLI_\d{4}-\d{2}-\d{2}\.xml/);
    expect(body).toContain("<Denumire>Unu &amp; Fiii</Denumire>");
    expect(body).toContain("<Cod_fiscal>RO9000000020</Cod_fiscal>");
    expect(body).toContain("<Judet>Cluj</Judet>");
  });
});

describe("GET /api/v1/company-registry/search", () => {
  const search = "/api/v1/company-registry/search";

  it("finds a company by its CUI, and nobody by a name or while the register is down", async () => {
    const { body, headers } = await owner.call("GET", `${search}?q=RO9000000011`);
    expect(body.data).toMatchObject([{ cod_unic: "9000000011", nume_judet: "București", radiat: false }]);
    expect(headers.get("cache-control")).toBe("public, max-age=300");
    expect((await owner.call("GET", `${search}?q=simulator`)).body.data).toEqual([]);
    world.outside.admin.arm("gw.503", { verb: "register" });
    const down = await owner.call("GET", `${search}?q=8000000000`);
    world.outside.admin.disarm();
    expect(down).toMatchObject({ status: 200, body: { data: [] } });
  });
});
