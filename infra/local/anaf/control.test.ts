import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ClockMove } from "./clock.ts";
import { sampleInvoice } from "./documents.ts";
import { catalogue } from "./fault-catalogue.ts";
import { createSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";
import { attributeIn, connect, control, request } from "./visitor.ts";

let simulator: Simulator;
beforeEach(() => {
  simulator = createSimulator({ startsAt: "2026-11-20T12:24:00Z" });
});
afterEach(() => simulator.close());

const xml = sampleInvoice({
  number: "F-9",
  issueDate: "2026-11-19",
  seller: "9000000100",
  buyer: "9000000011",
});

describe("/__sim", () => {
  it("inbox: delivers a supplier's bill that can be listed and downloaded at once", async () => {
    const delivered = await control(simulator, "POST", "/inbox", { cif: "9000000011", xml });
    expect(delivered).toEqual({ id: "3000000002", id_solicitare: "5000000001" });
    const visitor = await connect(simulator, "SER-OWNER");
    expect(await visitor.lista("zile=1&cif=9000000011&filtru=P")).toContain(
      `"detalii":"Factura cu id_incarcare=5000000001 emisa de cif_emitent=9000000100 pentru cif_beneficiar=9000000011","tip":"FACTURA PRIMITA","id":"3000000002"`,
    );
    expect((await visitor.descarcare("3000000002")).headers.get("content-type")).toMatch(/zip|octet-stream/);
  });

  it("inbox: takes any text and another sender; bulk: takes a number", async () => {
    const odd = await control(simulator, "POST", "/inbox", {
      cif: "9000000011",
      xml: "not xml",
      from: "9000000020",
    });
    expect(odd).toMatchObject({ id: expect.any(String) });
    const bulk = (await control(simulator, "POST", "/inbox/bulk", { cif: "9000000011", n: 3 })) as {
      ids: string[];
    };
    expect(bulk.ids).toHaveLength(3);
  });

  it("clock: advances, sets and answers the new time; refuses nonsense", async () => {
    expect(await control(simulator, "POST", "/clock", { advance: "1h" })).toEqual({
      now: "2026-11-20T13:24:00.000Z",
    });
    const set = "2027-01-01T00:00:00.000Z";
    expect(await control(simulator, "POST", "/clock", { set })).toEqual({ now: set });
    expect(await control(simulator, "POST", "/clock", { advance: "soon" })).toHaveProperty("error");
    expect(await control(simulator, "POST", "/clock", { speed: 2 })).toHaveProperty("error");
  });

  it("clock: hands moves to a product that owns the time, and speeds up a running clock", async () => {
    let now = Date.parse("2026-11-20T10:00:00Z");
    const moves: ClockMove[] = [];
    const embedded = createSimulator({
      now: () => now,
      onClock: (move) => {
        moves.push(move);
        now = "advanceMs" in move ? now + move.advanceMs : move.setMs;
      },
    });
    expect(await control(embedded, "POST", "/clock", { advance: "90s" })).toEqual({
      now: "2026-11-20T10:01:30.000Z",
    });
    expect(moves).toEqual([{ advanceMs: 90_000 }]);
    embedded.close();

    const running = createSimulator({ now: () => now });
    await control(running, "POST", "/clock", { set: "2030-01-01T00:00:00Z", speed: 60 });
    now += 1000;
    expect(await control(running, "GET", "/clock")).toEqual({ now: "2030-01-01T00:01:00.000Z" });
    running.close();
  });

  it("clock: autoAdvance moves an owned clock with every request, skewClient makes the client fast", async () => {
    const visitor = await connect(simulator, "SER-OWNER");
    await control(simulator, "POST", "/clock", { skewClient: "90s" });
    const end = simulator.clock.now();
    const query = `startTime=${end - 1000}&endTime=${end}&cif=9000000011&pagina=1`;
    expect(await visitor.get(`/api-anaf/prod/FCTEL/rest/listaMesajePaginatieFactura?${query}`)).toContain(
      "nu poate in viitor",
    );
    await control(simulator, "POST", "/clock", { autoAdvance: 30 });
    await visitor.lista("zile=1&cif=9000000011");
    expect(simulator.clock.now()).toBe(end + 30_000);
  });

  it("script: shows exactly these states, and the last verdict becomes true", async () => {
    const visitor = await connect(simulator);
    await visitor.upload(xml, "standard=UBL&cif=9000000100");
    const states = ["in prelucrare", "In prelucrare", "nok"];
    expect(await control(simulator, "POST", "/uploads/5000000001/script", { states })).toBeUndefined();
    simulator.clock.advance(3_600_000);
    const shown: (string | undefined)[] = [];
    for (let n = 0; n < 4; n++) shown.push(attributeIn(await visitor.stareMesaj("5000000001"), "stare"));
    expect(shown).toEqual([...states, "nok"]);
    expect(await control(simulator, "GET", "/assert/uploads?number=F-9")).toEqual({
      received: 1,
      accepted: 0,
      rejected: 1,
      indexes: ["5000000001"],
    });
    expect(await control(simulator, "POST", "/uploads/1/script", { states })).toHaveProperty("error");
  });

  it("faults: match by company, count from arming, stop in time", async () => {
    const visitor = await connect(simulator);
    const statuses = async (n: number, cif: string): Promise<number[]> => {
      const found: number[] = [];
      for (let i = 0; i < n; i++) {
        const path = `/api-anaf/prod/FCTEL/rest/listaMesajeFactura?zile=1&cif=${cif}`;
        found.push((await visitor.fetch(path)).status);
      }
      return found;
    };
    simulator.admin.arm("gw.503", { cif: "9000000020" });
    expect([await statuses(1, "9000000011"), await statuses(1, "9000000020")]).toEqual([[200], [503]]);
    simulator.admin.disarm();
    simulator.admin.arm("gw.503", { every: 2, times: 2 });
    expect(await statuses(6, "9000000011")).toEqual([200, 503, 200, 503, 200, 200]);
    simulator.admin.disarm();
    simulator.admin.arm("gw.503", { nth: 3 });
    expect(await statuses(4, "9000000011")).toEqual([200, 200, 503, 200]);
    simulator.admin.disarm();
    simulator.admin.arm("gw.503", { until: "1m" });
    expect(await statuses(1, "9000000011")).toEqual([503]);
    simulator.clock.advance(61_000);
    expect(await statuses(1, "9000000011")).toEqual([200]);
    simulator.admin.disarm();
    simulator.admin.arm("gw.503", { prob: 0.5 });
    const half = (await statuses(40, "9000000011")).filter((status) => status === 503).length;
    expect(half).toBeGreaterThan(8);
    expect(half).toBeLessThan(32);
  });

  it("faults: 400 for an unknown id, condition or verb", async () => {
    for (const body of [
      { id: "upload.nothing" },
      { id: "gw.503", when: { sometimes: true } },
      { id: "gw.503", when: { verb: "nothing" } },
      { id: "upload.double", when: { verb: "lista" } },
    ]) {
      const answer = await request(simulator, "/__sim/faults", {
        method: "POST",
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(400);
    }
  });

  it("reset: forgets everything and takes another seed", async () => {
    const visitor = await connect(simulator);
    await visitor.upload(xml, "standard=UBL&cif=9000000100");
    simulator.admin.arm("gw.503");
    expect(await control(simulator, "POST", "/reset", { seed: 5, fixtures: "default" })).toBeUndefined();
    expect(await control(simulator, "GET", "/state")).toMatchObject({
      seed: 5,
      uploads: [],
      tokens: [],
      faults: [],
    });
    expect((await visitor.fetch("/api-anaf/TestOauth/jaxrs/hello")).status).toBe(401);
  });

  it("refuses a request that came through a proxy, an unknown call and a body that is no object", async () => {
    const headers = { "x-forwarded-for": "192.0.2.1" };
    expect((await request(simulator, "/__sim/state", { headers })).status).toBe(403);
    expect((await request(simulator, "/__sim/nothing")).status).toBe(404);
    expect((await request(simulator, "/__sim/clock", { method: "POST", body: "[1]" })).status).toBe(400);
  });

  it("headers arm a fault for one request, only when allowed", async () => {
    const headers = { "x-sim-fault": "gw.502" };
    expect((await request(simulator, "/curs-bnr/nbrfxrates.xml", { headers })).status).toBe(200);
    const willing = createSimulator({ allowHeaders: true });
    expect((await request(willing, "/curs-bnr/nbrfxrates.xml", { headers })).status).toBe(502);
    expect((await request(willing, "/curs-bnr/nbrfxrates.xml")).status).toBe(200);
    willing.close();
  });

  it("blocks the app for an hour after so many ignored limits", async () => {
    const strict = createSimulator({ blockAfterIgnored: 2, quotas: { listaPerDay: 1 } });
    const visitor = await connect(strict);
    const status = async (): Promise<number> =>
      (await visitor.fetch("/api-anaf/prod/FCTEL/rest/listaMesajeFactura?zile=1&cif=9000000011")).status;
    expect([await status(), await status(), await status(), await status()]).toEqual([200, 200, 200, 403]);
    strict.clock.advance(3_600_000);
    expect((await visitor.fetch("/api-anaf/TestOauth/jaxrs/hello")).status).toBe(200);
    strict.close();
  });
});

describe("the README", () => {
  it("explains every fault", () => {
    const readme = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
    expect(Object.keys(catalogue).filter((id) => !readme.includes(`| \`${id}\` |`))).toEqual([]);
  });
});
