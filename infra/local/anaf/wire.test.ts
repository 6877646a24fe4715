import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sampleInvoice } from "./documents.ts";
import { createSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";
import { connect, request } from "./visitor.ts";
import type { Visitor } from "./visitor.ts";

/** Acceptance test 1 (SIMULATOR.md §12): the exact strings of ANAF.md, with clock and seed pinned. */

const declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;
const uploadHeader = `${declaration}<header xmlns="mfp:anaf:dgti:spv:respUploadFisier:v1" dateResponse="202611201424"`;
const stateHeader = `${declaration}<header xmlns="mfp:anaf:dgti:efactura:stareMesajFactura:v1"`;
const invoice = sampleInvoice({
  number: "A-1",
  issueDate: "2026-11-20",
  seller: "9000000011",
  buyer: "9000000020",
});
const rest = "/api-anaf/prod/FCTEL/rest";

let simulator: Simulator;
let visitor: Visitor;

beforeEach(async () => {
  simulator = createSimulator({ startsAt: "2026-11-20T12:24:01Z" });
  visitor = await connect(simulator, "SER-OWNER");
});
afterEach(() => simulator.close());

describe("upload", () => {
  const refused = (text: string): string =>
    `${uploadHeader} ExecutionStatus="1"><Errors errorMessage="${text}"/></header>`;

  it("answers the index", async () => {
    expect(await visitor.upload(invoice)).toBe(
      `${uploadHeader} ExecutionStatus="0" index_incarcare="5000000001"/>`,
    );
  });

  it.each([
    [
      "standard=XXX&cif=9000000011",
      "Valorile acceptate pentru parametrul standard sunt UBL, CN, CII sau RASP",
    ],
    ["standard=UBL&cif=123a", "CIF introdus= 123a nu este un numar"],
    ["standard=UBL&cif=RO9000000011", "CIF introdus= RO9000000011 nu este un numar"],
    [
      "standard=UBL&cif=9000000011&extern=NU",
      "Daca parametrul extern trebuie completat, valoarea acceptata este DA",
    ],
    [
      "standard=UBL&cif=9000000011&autofactura=da",
      "Daca parametrul autofactura trebuie completat, valoarea acceptata este DA",
    ],
    ["standard=UBL&cif=9000000020", "Nu aveti drept in SPV pentru CIF=9000000020"],
    [
      "standard=UBL&cif=9000000011&executare=DA",
      "CIF introdus= 9000000011 nu este inregistrat in Registrul RO e-Factura executari silite",
    ],
  ])("refuses %s with HTTP 200", async (query, text) => {
    expect(await visitor.upload(invoice, query)).toBe(refused(text));
  });

  it("refuses a holder without any CIF", async () => {
    const nobody = await connect(simulator, "SER-NORIGHTS");
    expect(await nobody.upload(invoice)).toBe(
      refused("Nu exista niciun CIF pentru care sa aveti drept in SPV"),
    );
  });

  it("refuses more than 10 MB", async () => {
    const large = invoice.replace("</Invoice>", `${" ".repeat(10 * 1024 * 1024)}</Invoice>`);
    expect(await visitor.upload(large)).toBe(refused("Marime fisier transmis mai mare de 10 MB."));
  });

  it("refuses another root as its XML parser does", async () => {
    const answer = await visitor.upload(
      invoice.replaceAll("Invoice xmlns=", "Invoice1 xmlns=").replace("</Invoice>", "</Invoice1>"),
    );
    expect(answer).toContain(
      "Fisierul transmis nu este valid. org.xml.sax.SAXParseException; lineNumber: 1; columnNumber:",
    );
    expect(answer).toContain("cvc-elt.1.a: Cannot find the declaration of element 'Invoice1'. ");
  });

  it("refuses broken XML and a DTD", async () => {
    expect(await visitor.upload("<Invoice>")).toContain("org.xml.sax.SAXParseException; lineNumber: 1;");
    expect(await visitor.upload(invoice.replace("?>\n", `?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n`))).toContain(
      "DOCTYPE is disallowed",
    );
  });

  it("400 when a parameter or the body is missing", async () => {
    const envelope = (message: string): string =>
      `{"timestamp":"20-11-2026 14:24:01","status":400,"error":"Bad Request","message":"${message}"}`;
    const withoutCif = await visitor.fetch(`${rest}/upload?standard=UBL`, { method: "POST", body: invoice });
    expect(withoutCif.status).toBe(400);
    expect(await withoutCif.text()).toBe(envelope("Parametrii standard si cif sunt obligatorii"));
    const empty = await visitor.fetch(`${rest}/upload?standard=UBL&cif=9000000011`, { method: "POST" });
    expect(await empty.text()).toBe(envelope("Trebuie sa aveti atasat in request un fisier de tip xml"));
  });
});

describe("stareMesaj", () => {
  it("goes from processing to ok", async () => {
    await visitor.upload(invoice);
    expect(await visitor.stareMesaj("5000000001")).toBe(`${stateHeader} stare="in prelucrare"/>`);
    simulator.clock.advance(20_000);
    expect(await visitor.stareMesaj("5000000001")).toBe(
      `${stateHeader} stare="ok" id_descarcare="3000000001"/>`,
    );
  });

  it.each([
    ["aaa", "Id_incarcare introdus= aaa nu este un numar intreg"],
    ["15000", "Nu exista factura cu id_incarcare= 15000"],
  ])("fails the query for %s", async (id, text) => {
    expect(await visitor.stareMesaj(id)).toBe(`${stateHeader}><Errors errorMessage="${text}"/></header>`);
  });

  it("fails the query without rights", async () => {
    await visitor.upload(invoice);
    const [other, nobody] = [
      await connect(simulator, "SER-ACCOUNTANT"),
      await connect(simulator, "SER-NORIGHTS"),
    ];
    expect(await other.stareMesaj("5000000001")).toContain(
      "Nu aveti dreptul de inteorgare pentru id_incarcare= 5000000001",
    );
    expect(await nobody.stareMesaj("5000000001")).toContain("Nu exista niciun CIF petru care sa aveti drept");
  });

  it("stops after 100 queries a day and starts again at Bucharest's midnight", async () => {
    await visitor.upload(invoice);
    for (let n = 0; n < 100; n++) await visitor.stareMesaj("5000000001");
    expect(await visitor.stareMesaj("5000000001")).toContain(
      "S-au facut deja 100 descarcari de mesaj in cursul zilei",
    );
    simulator.clock.set(Date.parse("2026-11-20T21:59:59Z"));
    expect(await visitor.stareMesaj("5000000001")).toContain("S-au facut deja");
    simulator.clock.set(Date.parse("2026-11-20T22:00:00Z"));
    expect(await visitor.stareMesaj("5000000001")).toContain(`stare="ok"`);
  });
});

describe("listaMesajeFactura", () => {
  const failed = (text: string): string => `{"eroare":"${text}","titlu":"Lista Mesaje"}`;

  it("lists string values only, newest first", async () => {
    await visitor.upload(invoice);
    simulator.clock.advance(60_000);
    expect(await visitor.lista("zile=1&cif=9000000011")).toBe(
      `{"mesaje":[{"data_creare":"202611201424","cif":"9000000011","id_solicitare":"5000000001","detalii":"Factura cu id_incarcare=5000000001 emisa de cif_emitent=9000000011 pentru cif_beneficiar=9000000020","tip":"FACTURA TRIMISA","id":"3000000001"}],"serial":"SER-OWNER","cui":"9000000011","titlu":"Lista Mesaje disponibile din ultimele 1 zile"}`,
    );
  });

  it.each([
    ["zile=15&cif=9000000011", "Nu exista mesaje in ultimele 15 zile"],
    ["zile=1&cif=aaa", "CIF introdus= aaa nu este un numar"],
    ["zile=aaa&cif=9000000011", "Numarul de zile introdus= aaa nu este un numar intreg"],
    ["zile=61&cif=9000000011", "Numarul de zile trebuie sa fie intre 1 si 60"],
    ["zile=1&cif=9000000011&filtru=X", "Valorile acceptate pentru parametrul filtru sunt E, T, P sau R"],
    ["zile=1&cif=8000000000", "Nu aveti drept in SPV pentru CIF=8000000000"],
  ])("refuses %s with HTTP 200", async (query, text) => {
    expect(await visitor.lista(query)).toBe(failed(text));
  });

  it("refuses more than 500 messages, which the pages then show", async () => {
    simulator.admin.deliverBulk("9000000011", 501);
    expect(await visitor.lista("zile=1&cif=9000000011")).toBe(
      failed(
        "Lista de mesaje este mai mare decat numarul de 500 elemente permise in pagina. Folositi endpoint-ul cu paginatie.",
      ),
    );
    const now = simulator.clock.now();
    const query = `startTime=${now - 3_600_000}&endTime=${now}&cif=9000000011`;
    const page = JSON.parse(
      await visitor.get(`${rest}/listaMesajePaginatieFactura?${query}&pagina=2`),
    ) as object;
    expect(page).toMatchObject({
      numar_inregistrari_in_pagina: 1,
      numar_total_inregistrari_per_pagina: 500,
      numar_total_inregistrari: 501,
      numar_total_pagini: 2,
      index_pagina_curenta: 2,
      titlu: "Lista Mesaje disponibile din intervalul 20-11-2026 13:24:01 - 20-11-2026 14:24:01",
    });
  });

  it("counts 1500 queries a day, scaled", async () => {
    const small = createSimulator({ quotas: { scale: 0.01, perMinute: 100_000 } });
    const somebody = await connect(small);
    for (let n = 0; n < 15; n++) await somebody.lista("zile=1&cif=9000000011");
    expect(await somebody.lista("zile=1&cif=9000000011")).toBe(
      failed("S-au facut deja 15 interogari de lista mesaje de catre utilizator in cursul zilei"),
    );
    small.close();
  });

  it("400 without zile", async () => {
    const answer = await visitor.fetch(`${rest}/listaMesajeFactura?cif=9000000011`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("Parametrii zile si cif sunt obligatorii");
  });
});

describe("listaMesajePaginatieFactura", () => {
  const now = Date.parse("2026-11-20T12:24:01Z");
  const old = now - 61 * 86_400_000;

  it.each([
    [
      `startTime=abc&endTime=${now}`,
      "startTime = abc nu este un numar sau nu are o valoare acceptata de sistem",
    ],
    [`startTime=${now}&endTime=x`, "endTime = x nu este un numar sau nu are o valoare acceptata de sistem"],
    [
      `startTime=${old}&endTime=${now}`,
      `startTime = ${old} nu poate fi mai vechi de 60 de zile fata de momentul requestului`,
    ],
    [`startTime=${now}&endTime=${now}`, `endTime = ${now} nu poate fi <= startTime = ${now}`],
    [
      `startTime=${now}&endTime=${now + 1}`,
      `endTime = ${now + 1} nu poate in viitor fata de momentul requestului`,
    ],
    [`startTime=${now - 1000}&endTime=${now}`, "Nu exista mesaje in intervalul selectat"],
  ])("refuses %s", async (interval, text) => {
    const answer = await visitor.get(
      `${rest}/listaMesajePaginatieFactura?${interval}&cif=9000000011&pagina=1`,
    );
    expect(JSON.parse(answer)).toEqual({ eroare: text, titlu: "Lista Mesaje" });
  });

  it("refuses a page past the end with ANAF's own typo", async () => {
    simulator.admin.deliverBulk("9000000011", 1);
    const query = `startTime=${now - 1000}&endTime=${now}&cif=9000000011&pagina=50`;
    expect(await visitor.get(`${rest}/listaMesajePaginatieFactura?${query}`)).toContain(
      "Pagina solicitata 50 este mai mare decat numarul toatal de pagini 1",
    );
  });
});

describe("descarcare", () => {
  it.each([
    ["123a", "Id descarcare introdus= 123a nu este un numar intreg"],
    ["21", "Pentru id=21 nu exista inregistrata nici o factura"],
  ])("refuses %s with HTTP 200", async (id, text) => {
    const answer = await visitor.descarcare(id);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(`{"eroare":"${text}","titlu":"Descarcare mesaj"}`);
  });

  it("refuses strangers, the eleventh download of a day, and everybody after 60 days", async () => {
    await visitor.upload(invoice);
    simulator.clock.advance(60_000);
    const stranger = await connect(simulator, "SER-ACCOUNTANT");
    expect(await (await stranger.descarcare("3000000001")).text()).toContain(
      "Nu aveti dreptul sa descarcati acesta factura",
    );
    for (let n = 0; n < 10; n++) await visitor.descarcare("3000000001");
    expect(await (await visitor.descarcare("3000000001")).text()).toContain(
      "S-au facut deja 10 descarcari de mesaj in cursul zilei",
    );
    simulator.clock.advance(60 * 86_400_000);
    expect(await (await visitor.descarcare("3000000001")).text()).toContain(
      "Fisierul nu mai poate fi descarcat pentru ca a trecut perioada de 60 de zile in care este disponibil",
    );
  });

  it("400 without an id", async () => {
    const answer = await visitor.fetch(`${rest}/descarcare`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("Parametrul id este obligatoriu");
  });
});

describe("the gateway", () => {
  it("404 JSON for an unknown path, 403 when the environment is missing, 401 without a token", async () => {
    const unknown = await visitor.fetch(`${rest}/nothing`);
    expect([unknown.status, await unknown.text()]).toEqual([
      404,
      `{"timestamp":"2026-11-20T12:24:01.000Z","status":404,"error":"Not Found","path":"${rest}/nothing"}`,
    ]);
    expect((await visitor.fetch("/api-anaf/upload")).status).toBe(403);
    expect((await request(simulator, `${rest}/stareMesaj?id_incarcare=1`)).status).toBe(401);
  });

  it("429 for the 1001st call of a minute", async () => {
    for (let n = 0; n < 1000; n++) await visitor.stareMesaj("x");
    const answer = await visitor.fetch(`${rest}/stareMesaj?id_incarcare=1`);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, null]);
  });

  it("takes a certificate instead of a token on the other host", async () => {
    const path = "/webserviceapl/prod/FCTEL/rest/listaMesajeFactura?zile=1&cif=9000000011";
    const headers = { "x-sim-client-cert": "SER-OWNER" };
    expect(await (await request(simulator, path, { headers })).text()).toContain(
      "Nu exista mesaje in ultimele 1 zile",
    );
    expect((await request(simulator, path)).status).toBe(403);
  });
});
