import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRegistration } from "./cif-registry.ts";

let server: Server;
let asked = 0;
/** What the stand-in for the register answers next, status and body; the last one stays. */
let answers: [number, unknown][] = [];

beforeAll(async () => {
  server = createServer((_request, response) => {
    asked++;
    const [status, body] = (answers.length > 1 ? answers.shift() : answers[0])!;
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  process.env.ANAF_PUBLIC_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  delete process.env.ANAF_PUBLIC_URL;
});

const general = { cui: 14399840, denumire: "  DANTE   INTERNAŢIONAL SA " };
const found = (more: object = {}) => ({
  cod: 200,
  message: "SUCCESS",
  found: [{ date_generale: general, ...more }],
  notFound: [],
});

describe("findRegistration", () => {
  it("reads a company of which the register tells hardly anything", async () => {
    answers = [[200, { found: [{ date_generale: general }] }]];
    expect(await findRegistration("14399840")).toEqual({
      cif: "14399840",
      name: "DANTE INTERNAȚIONAL SA",
      registrationNumber: null,
      vatPayer: false,
      vatCode: null,
      vatOnCollection: false,
      address: null,
      city: null,
      county: null,
      sector: null,
      postalCode: null,
      phone: null,
      deregistered: false,
      inactive: false,
    });
  });

  it("brings Bucharest into the form CIUS-RO wants, and a postal code to six digits", async () => {
    const seat = {
      sdenumire_Strada: "Şos. Virtuţii",
      snumar_Strada: "148",
      sdetalii_Adresa: "SPAŢIUL E47",
      sdenumire_Localitate: "Sector 6 Mun. Bucureşti",
      sdenumire_Judet: "MUNICIPIUL BUCUREŞTI",
      scod_JudetAuto: "B",
      scod_Postal: "60787",
    };
    answers = [[200, found({ adresa_sediu_social: seat, inregistrare_scop_Tva: { scpTVA: true } })]];
    expect(await findRegistration("14399840")).toMatchObject({
      address: "Șos. Virtuții, nr. 148, SPAȚIUL E47",
      city: "SECTOR6",
      sector: "6",
      county: "B",
      postalCode: "060787",
      vatPayer: true,
      vatCode: "RO14399840",
    });
  });

  it("takes the county from the address when it is not told apart, and a town without its rank", async () => {
    const seat = { sdenumire_Localitate: "Mun. Târgu Mureş", scod_JudetAuto: "", scod_Postal: "" };
    const more = {
      date_generale: {
        ...general,
        adresa: "JUD. MUREŞ, MUN. TÂRGU MUREŞ, STR. MARE, NR.1",
        codPostal: "540001",
      },
    };
    answers = [[200, found({ ...more, adresa_sediu_social: seat })]];
    expect(await findRegistration("14399840")).toMatchObject({
      county: "MS",
      city: "Târgu Mureș",
      postalCode: "540001",
    });
  });

  it("knows who was struck off from the words alone", async () => {
    answers = [
      [200, found({ date_generale: { ...general, stare_inregistrare: "RADIERE din data 10.02.2023" } })],
    ];
    expect(await findRegistration("14399840")).toMatchObject({ deregistered: true });
  });

  it("finds nobody in an ordinary answer, whatever its status and however it lists whom it does not know", async () => {
    for (const answer of [
      [200, { found: [], notFound: [14399840] }],
      [200, { found: [], notFound: [{ cui: 14399840 }] }],
      [404, { cod: 404, message: "NOT FOUND", found: [], notFound: [14399840] }],
    ] as [number, unknown][]) {
      answers = [answer];
      expect(await findRegistration("14399840")).toBeUndefined();
    }
  });

  it("waits its turn when the register is asked too often", async () => {
    asked = 0;
    answers = [
      [429, ""],
      [200, found()],
    ];
    expect(await findRegistration("14399840")).toMatchObject({ cif: "14399840" });
    expect(asked).toBe(2);
  });

  it("says that the register is out of service for a page, an empty body or an unknown form", async () => {
    for (const answer of [
      [200, "<html>mentenanta</html>"],
      [502, "<html>Bad Gateway</html>"],
      [200, ""],
      [200, { found: [{ other: true }], notFound: [] }],
    ] as [number, unknown][]) {
      answers = [answer];
      await expect(findRegistration("14399840")).rejects.toMatchObject({ kind: "unavailable" });
    }
  });

  it("says so when nobody listens", async () => {
    const url = process.env.ANAF_PUBLIC_URL;
    process.env.ANAF_PUBLIC_URL = "http://127.0.0.1:1";
    await expect(findRegistration("14399840")).rejects.toThrow("The ANAF company register cannot be reached");
    process.env.ANAF_PUBLIC_URL = url;
  });
});
