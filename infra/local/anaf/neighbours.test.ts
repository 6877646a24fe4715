import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findCompany, isValidCui } from "./companies.ts";
import { uitChecksum } from "./etransport.ts";
import { isBankingDay, orthodoxEaster } from "./holidays.ts";
import { createSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";
import { connect, request } from "./visitor.ts";

let simulator: Simulator;
beforeEach(() => {
  simulator = createSimulator({ startsAt: "2026-11-20T12:24:00Z" });
});
afterEach(() => simulator.close());

const post = async (path: string, body: unknown): Promise<Response> =>
  request(simulator, path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
const json = async (answer: Promise<Response>): Promise<unknown> => (await answer).json();

describe("CUIs", () => {
  it.each(["12345674", "87654329", "8000000000", "14399840", "361757", "9000000011"])(
    "%s is valid",
    (cui) => {
      expect(isValidCui(cui)).toBe(true);
    },
  );
  it.each(["1234", "31097608", "9000000012", "RO12345674", "0", ""])("%s is not", (cui) => {
    expect(isValidCui(cui)).toBe(false);
  });
  it("any valid one has a stable VAT-payer registration outside Bucharest, 9000000097 has none", () => {
    expect(findCompany("9000000097")).toBeUndefined();
    for (const cui of ["12345674", "87654329", "8000000000", "14399840", "361757"]) {
      expect(findCompany(cui)).toMatchObject({ cui, vatPayer: true });
      expect(findCompany(cui)?.county).not.toBe("B");
      expect(findCompany(cui)).toEqual(findCompany(cui));
    }
  });
});

describe("the VAT register", () => {
  const v9 = "/webservicesp/api/PlatitorTvaRest/v9/tva";
  const ask = (...cuis: number[]): object[] => cuis.map((cui) => ({ cui, data: "2026-11-20" }));

  it("finds companies without an envelope, with cedillas and a lost zero", async () => {
    const answer = (await json(post(v9, ask(9000000011, 9000000097, 9000000012)))) as Record<
      string,
      unknown[]
    >;
    expect(Object.keys(answer)).toEqual(["found", "notFound"]);
    expect(answer["notFound"]).toEqual([9000000097, 9000000012]);
    expect(answer["found"]?.[0]).toMatchObject({
      date_generale: { cui: 9000000011, codPostal: "30167", statusRO_e_Factura: false },
      inregistrare_scop_Tva: { scpTVA: true, perioade_TVA: [{ data_sfarsit_ScpTVA: "" }] },
      adresa_sediu_social: {
        sdenumire_Localitate: "Sector 3 Mun. Bucureşti",
        scod_JudetAuto: "B",
        scod_Postal: "30167",
      },
      adresa_domiciliu_fiscal: { dcod_JudetAuto: "B" },
    });
  });

  it.each([
    [9000000038, { inregistrare_scop_Tva: { scpTVA: false, perioade_TVA: [] } }],
    [9000000046, { inregistrare_RTVAI: { statusTvaIncasare: true } }],
    [9000000054, { stare_inactiv: { statusInactivi: true, dataInactivare: "2024-06-01" } }],
    [9000000062, { date_generale: { stare_inregistrare: "RADIERE din data 10.02.2023" } }],
    [9000000070, { date_generale: { statusRO_e_Factura: true } }],
  ])("knows what is special about %i", async (cui, shape) => {
    const answer = (await json(post("/webservicesp/PlatitorTvaRest/api/v8/ws/tva", ask(cui)))) as {
      found: object[];
    };
    expect(answer.found[0]).toMatchObject(shape);
  });

  it("400 for more than 100 companies or something else; 429 for the second call of a second", async () => {
    expect((await post(v9, ask(...Array.from({ length: 101 }, () => 9000000011)))).status).toBe(400);
    expect((await post(v9, ask(9000000011))).status).toBe(429);
    simulator.clock.advance(1000);
    expect((await post(v9, "nonsense")).status).toBe(400);
  });

  it("answers the asynchronous pair after two seconds and once", async () => {
    const asked = (await json(post("/webservicesp/AsynchWebService/api/v8/ws/tva", ask(9000000011)))) as {
      correlationId: string;
    };
    const fetchIt = async (): Promise<string> =>
      (
        await request(simulator, `/webservicesp/AsynchWebService/api/v7/ws/tva?id=${asked.correlationId}`)
      ).text();
    expect(await fetchIt()).toBe("");
    simulator.clock.advance(2000);
    expect(await fetchIt()).toContain(`{"cod":200,"message":"SUCCESS","found":[{`);
    expect(await fetchIt()).toBe("");
  });

  it("lists public bodies in the e-Factura register, 404 with a body when none is", async () => {
    const path = "/webservicesp/api/registruroefactura/v1/interogare";
    const found = await post(path, ask(9000000070, 9000000011));
    expect([found.status, await found.json()]).toMatchObject([
      200,
      { found: [{ cui: 9000000070 }], notFound: [9000000011] },
    ]);
    simulator.clock.advance(1000);
    const none = await post(path, ask(9000000011));
    expect([none.status, await none.json()]).toEqual([404, { found: [], notFound: [9000000011] }]);
  });

  it("has a balance sheet for known companies", async () => {
    expect(await json(request(simulator, "/webservicesp/bilant?an=2025&cui=9000000011"))).toMatchObject({
      an: 2025,
      cui: 9000000011,
    });
  });
});

describe("VIES", () => {
  const check = (countryCode: string, vatNumber: string): Promise<unknown> =>
    json(post("/vies/taxation_customs/vies/rest-api/check-vat-number", { countryCode, vatNumber }));

  it("answers valid, valid but hidden, invalid and bad input", async () => {
    expect(await check("RO", "9000000011")).toMatchObject({ valid: true, name: "SIMULATOR VÂNZĂTOR SRL" });
    expect(await check("RO", "9000000038")).toMatchObject({ valid: false });
    expect(await check("DE", "123456788")).toMatchObject({ valid: true, name: "---" });
    expect(await check("FR", "00000000000")).toMatchObject({ valid: false });
    expect(await check("US", "1234567")).toEqual({
      actionSucceed: false,
      errorWrappers: [{ error: "INVALID_INPUT" }],
    });
  });

  it("uses other names on the other path", async () => {
    const path = "/vies/taxation_customs/vies/rest-api/ms/FR/vat/12345678901";
    expect(await json(request(simulator, path))).toMatchObject({ isValid: true, userError: "VALID" });
  });

  it("loses one country and not the others", async () => {
    simulator.admin.arm("vies.ms_unavailable", {}, { country: "DE", error: "TIMEOUT" });
    expect(await check("DE", "123456788")).toEqual({
      actionSucceed: false,
      errorWrappers: [{ error: "TIMEOUT" }],
    });
    expect(await check("RO", "9000000011")).toMatchObject({ valid: true });
  });
});

describe("the national bank", () => {
  const days = async (path: string): Promise<string[]> => {
    const text = await (await request(simulator, `/curs-bnr${path}`)).text();
    return [...text.matchAll(/Cube date="([^"]*)"/g)].map(([, day]) => day ?? "");
  };

  it("publishes at 13:00 on banking days", async () => {
    expect(await days("/nbrfxrates.xml")).toEqual(["2026-11-20"]);
    simulator.clock.set(Date.parse("2026-11-20T10:59:00Z"));
    expect(await days("/nbrfxrates.xml")).toEqual(["2026-11-19"]);
    simulator.clock.set(Date.parse("2026-12-02T08:00:00Z"));
    // 28–29 November are a weekend, 30 November and 1 December holidays.
    expect(await days("/nbrfxrates.xml")).toEqual(["2026-11-27"]);
    expect(await days("/nbrfxrates10days.xml")).toHaveLength(10);
  });

  it("has files per year in the year's own namespace, 404 for the future", async () => {
    const old = await (await request(simulator, "/curs-bnr/files/xml/years/nbrfxrates2025.xml")).text();
    expect(old).toContain(`xmlns="http://www.bnr.ro/xsd"`);
    expect(old).toContain(`<Rate currency="HUF" multiplier="100">1.`);
    expect(await days("/files/xml/years/nbrfxrates2025.xml")).not.toContain("2025-12-25");
    expect((await request(simulator, "/curs-bnr/files/xml/years/nbrfxrates2027.xml")).status).toBe(404);
  });

  it("has moved away from its old host", async () => {
    const answer = await request(simulator, "/www-bnr/nbrfxrates.xml");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([302, "text/html"]);
  });

  it.each([
    [2025, "2025-04-20"],
    [2026, "2026-04-12"],
    [2027, "2027-05-02"],
    [2028, "2028-04-16"],
  ])("keeps Orthodox Easter %i on %s", (year, day) => {
    expect(orthodoxEaster(year)).toBe(day);
    expect(isBankingDay(day)).toBe(false);
  });
});

describe("e-Transport", () => {
  const base = "/api-anaf/prod/ETRANSPORT/ws/v1";
  const declaration = (inside: string): string =>
    `<eTransport xmlns="mfp:anaf:dgti:eTransport:declaratie:v2" codDeclarant="9000000011" refDeclarant="R1">${inside}</eTransport>`;
  const notification = (date: string, operation = "30", net = 10): string =>
    declaration(
      `<notificare codTipOperatiune="${operation}"><bunuriTransportate greutateNeta="${net}" greutateBruta="12" valoareLeiFaraTva="100.50"/><dateTransport nrVehicul="CJ01SIM" codOrgTransport="9000000020" dataTransport="${date}"/></notificare>`,
    );

  async function send(xml: string): Promise<Record<string, unknown>> {
    const visitor = await connect(simulator);
    const answer = await visitor.fetch(`${base}/upload/ETRANSP/9000000011/2`, { method: "POST", body: xml });
    return (await answer.json()) as Record<string, unknown>;
  }
  async function stateOf(index: unknown): Promise<Record<string, unknown>> {
    const visitor = await connect(simulator);
    return JSON.parse(await visitor.get(`${base}/stareMesaj/${String(index)}`)) as Record<string, unknown>;
  }

  it("gives the UIT at upload, its verdict later, and never both", async () => {
    const reply = await send(notification("2026-11-21"));
    expect(reply).toMatchObject({ ExecutionStatus: 0, index_incarcare: 100_001, ref_declarant: "R1" });
    const uit = String(reply["UIT"]);
    expect(uit).toMatch(/^[0-9ACDEFHJKLMNPQRTUVWXY]{14}[0-9]{2}$/);
    expect(uitChecksum(uit.slice(0, 14))).toBe(uit.slice(14));
    expect(uitChecksum("1A2C3D4E5F6H7J")).toBe("49");
    expect(await stateOf(100_001)).toMatchObject({ stare: "in prelucrare" });
    simulator.clock.advance(20_000);
    const state = await stateOf(100_001);
    expect(state).toMatchObject({ stare: "ok", ExecutionStatus: 0 });
    expect(state).not.toHaveProperty("UIT");
    const visitor = await connect(simulator);
    expect(JSON.parse(await visitor.get(`${base}/lista/60/9000000011`))).toMatchObject({
      mesaje: [{ tip: "NOT", stare: "OK", uit, nr_veh: "CJ01SIM", nr_linii: 1, val_tot: 100.5 }],
      cui: "9000000011",
    });
    expect(JSON.parse(await visitor.get(`${base}/info?cui_op=9000000020`))).toMatchObject([{ uit }]);
    expect(JSON.parse(await visitor.get(`${base}/info?cui_op=9000000046`))).toEqual({
      error: "Nu exista informatii pentru aceasta solicitare",
    });
  });

  it.each([
    ["a date beyond three days", notification("2026-11-24")],
    ["a date in the past", notification("2026-11-19")],
    ["an unknown operation", notification("2026-11-21", "99")],
    ["a net weight above the gross", notification("2026-11-21", "30", 13)],
    ["the deletion of an unknown UIT", declaration(`<stergere uit="4M00000000000A22"/>`)],
  ])("ends nok for %s", async (_, xml) => {
    const { index_incarcare: index } = await send(xml);
    simulator.clock.advance(20_000);
    expect(await stateOf(index)).toMatchObject({
      stare: "nok",
      Errors: [{ errorMessage: expect.any(String) }],
    });
  });

  it("deletes, confirms and changes a living UIT, not a dead or expired one", async () => {
    const { UIT: uit } = await send(notification("2026-11-21"));
    const verdict = async (xml: string): Promise<unknown> => {
      const { index_incarcare: index } = await send(xml);
      simulator.clock.advance(20_000);
      return (await stateOf(index))["stare"];
    };
    expect(await verdict(declaration(`<modifVehicul uit="${String(uit)}" nrVehicul="CJ02SIM"/>`))).toBe("ok");
    expect(await verdict(declaration(`<confirmare uit="${String(uit)}" tipConfirmare="10"/>`))).toBe("ok");
    simulator.clock.advance(7 * 86_400_000);
    expect(await verdict(declaration(`<confirmare uit="${String(uit)}" tipConfirmare="10"/>`))).toBe("nok");
    const { UIT: second } = await send(notification("2026-11-28"));
    expect(await verdict(declaration(`<stergere uit="${String(second)}"/>`))).toBe("ok");
    expect(await verdict(declaration(`<stergere uit="${String(second)}"/>`))).toBe("nok");
  });

  it("refuses with HTTP 200: wrong namespace, another declarant, an empty list", async () => {
    expect(await send(notification("2026-11-21").replace("v2", "v1"))).toMatchObject({ ExecutionStatus: 1 });
    const other = notification("2026-11-21").replace("9000000011", "9000000020");
    expect(await send(other)).toMatchObject({ ExecutionStatus: 1 });
    const visitor = await connect(simulator);
    expect(JSON.parse(await visitor.get(`${base}/lista/60/9000000020`))).toMatchObject({
      Errors: [{ errorMessage: "Nu exista mesaje in ultimele 60 zile" }],
      ExecutionStatus: 1,
    });
  });
});

describe("validare and transformare", () => {
  const rest = "/webservicesp/prod/FCTEL/rest";
  const text = async (path: string, body: string): Promise<string> => (await post(path, body)).text();

  it("names the rule, the wrong standard and the size with HTTP 200", async () => {
    const broken = `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>`;
    const answer = await text(`${rest}/validare/FACT1`, broken);
    expect(answer).toContain(
      `{"stare":"nok","Messages":[{"message":"E: AccountingSupplierParty (1) sectiune Party (1)`,
    );
    expect(answer).toContain("E: validari globale  SCHEMATRON   eroare: [BR-RO-010]-");
    expect(await text(`${rest}/validare/UBL`, broken)).toContain(
      "Valorile acceptate pentru parametrul standard sunt FACT1 si FCN",
    );
    expect(await text(`${rest}/validare/FACT1`, " ".repeat(5 * 1024 * 1024 + 1))).toContain(
      "Marime fisier transmis mai mare de 5 MB.",
    );
    expect(await text(`${rest}/transformare/FACT1`, broken)).toContain(`"stare":"nok"`);
    expect(await text(`${rest}/transformare/FACT1/DA`, broken)).toMatch(/^%PDF/);
    expect((await post("/webservicesp/test/FCTEL/rest/validare/FACT1", broken)).status).toBe(404);
  });

  it("is behind a firewall that dislikes some bodies, when asked", async () => {
    const guarded = createSimulator({ wafHeuristic: true });
    const body = "<a>Str. X;CP 400001</a>";
    const answer = await request(guarded, `${rest}/validare/FACT1`, { method: "POST", body });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("support ID is:")]);
    guarded.close();
  });
});

describe("the remote seal check", () => {
  it("400 when a part is missing", async () => {
    const answer = await post("/webservicesp/api/validate/signature", "x");
    expect([answer.status, Object.keys((await answer.json()) as object)]).toEqual([400, ["msg"]]);
  });
});
