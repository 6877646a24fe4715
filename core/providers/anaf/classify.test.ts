import { describe, expect, it } from "vitest";
import { type AnswerClass, classify, duplicateIndex } from "./classify.ts";

const reply = (body: string, status = 200) => classify({ kind: "reply", status, body: Buffer.from(body) });

const uploadRefusal = (text: string) =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<header xmlns="mfp:anaf:dgti:spv:respUploadFisier:v1" dateResponse="202611201424" ExecutionStatus="1"><Errors errorMessage="${text}"/></header>`;
const listRefusal = (text: string) => JSON.stringify({ eroare: text, titlu: "Lista Mesaje" });
const badRequest = (message: string) =>
  JSON.stringify({ timestamp: "20-11-2026 14:24:01", status: 400, error: "Bad Request", message });

/** Every text of ANAF.md §3–§6, as the three envelopes carry it, with the class that follows from it. */
const texts: [string, AnswerClass][] = [
  ["Valorile acceptate pentru parametrul standard sunt UBL, CN, CII sau RASP", "business"],
  ["CIF introdus= 123a nu este un numar", "business"],
  ["Nu exista niciun CIF pentru care sa aveti drept in SPV", "no_right"],
  ["Nu aveti drept in SPV pentru CIF=1234", "no_right"],
  ["Marime fisier transmis mai mare de 10 MB.", "business"],
  [
    "Fisierul transmis nu este valid. org.xml.sax.SAXParseException; lineNumber: 15; columnNumber: 155; cvc-elt.1.a: Cannot find the declaration of element 'Invoice1'. ",
    "business",
  ],
  ["Daca parametrul extern trebuie completat, valoarea acceptata este DA", "business"],
  ["CIF introdus= 1234 nu este inregistrat in Registrul RO e-Factura executari silite", "business"],
  ["S-au incarcat deja 1000 de mesaje de tip RASP pentru cui=1234 in cursul zilei", "rate_day"],
  ["A aparut o eroare tehnica. Cod: 1814", "technical"],
  ["Nu aveti dreptul de inteorgare pentru id_incarcare= 18", "no_right"],
  ["Nu exista niciun CIF petru care sa aveti drept", "no_right"],
  ["Id_incarcare introdus= aaa nu este un numar intreg", "business"],
  ["Nu exista factura cu id_incarcare= 15000", "business"],
  ["S-au facut deja 20 descarcari de mesaj in cursul zilei", "rate_day"],
  ["Nu exista mesaje in ultimele 15 zile", "empty"],
  ["Nu exista mesaje in intervalul selectat", "empty"],
  [
    "Lista de mesaje este mai mare decat numarul de 500 elemente permise in pagina. Folositi endpoint-ul cu paginatie.",
    "use_pagination",
  ],
  ["Numarul de zile introdus= aaa nu este un numar intreg", "business"],
  ["Numarul de zile trebuie sa fie intre 1 si 60", "business"],
  ["Valorile acceptate pentru parametrul filtru sunt E, T, P sau R", "business"],
  ["S-au facut deja 1000 interogari de lista mesaje de catre utilizator in cursul zilei", "rate_day"],
  ["startTime = x nu este un numar sau nu are o valoare acceptata de sistem", "business"],
  ["startTime = 1 nu poate fi mai vechi de 60 de zile fata de momentul requestului", "business"],
  ["endTime = 1 nu poate fi <= startTime = 2", "business"],
  ["endTime = 9 nu poate in viitor fata de momentul requestului", "business"],
  ["Pagina solicitata 50 este mai mare decat numarul toatal de pagini 29", "past_end"],
  ["Id descarcare introdus= 123a nu este un numar intreg", "business"],
  ["S-au facut deja 10 descarcari de mesaj la mesajul cu id_descarcare=123 in cursul zilei", "rate_day"],
  ["Nu aveti dreptul sa descarcati acesta factura", "no_right"],
  ["Pentru id=21 nu exista inregistrata nici o factura", "business"],
  [
    "Fisierul nu mai poate fi descarcat pentru ca a trecut perioada de 60 de zile in care este disponibil",
    "expired",
  ],
  ["Parametrii standard si cif sunt obligatorii", "business"],
  ["Trebuie sa aveti atasat in request un fisier de tip xml", "business"],
  ["Parametrul id_incarcare este obligatoriu", "business"],
  ["Factura a mai fost transmisa anterior cu index=0123456789 si data incarcare=2026-01-20", "business"],
  ["Fișierele încărcate NU au putut fi validate cu succes", "business"],
  ["Nu exista informatii pentru aceasta solicitare", "empty"],
];

describe("classify", () => {
  it.each(texts)("reads %j the same in XML, in JSON and with status 400", (text, expected) => {
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
    for (const answer of [
      reply(uploadRefusal(escaped)),
      reply(listRefusal(text)),
      reply(listRefusal(text), 400),
      reply(badRequest(text), 400),
    ]) {
      expect(answer).toMatchObject({ class: expected, texts: [text], known: true });
    }
  });

  it("reads Romanian letters with commas, cedillas or none alike", () => {
    expect(reply(listRefusal("Nu aveţi DREPT  în SPV pentru CIF=1")).class).toBe("no_right");
    expect(reply(listRefusal("Nu există mesaje în intervalul selectat")).class).toBe("empty");
  });

  it("says when a text is none we know, and keeps it word by word", () => {
    const answer = reply(uploadRefusal("Serviciul a fost mutat."));
    expect(answer).toMatchObject({ class: "business", known: false, texts: ["Serviciul a fost mutat."] });
  });

  it("takes an upload receipt and every state of a document for results", () => {
    const receipt = `<header xmlns="mfp:anaf:dgti:spv:respUploadFisier:v1" dateResponse="202611201424" ExecutionStatus="0" index_incarcare="5012345678"/>`;
    expect(reply(receipt)).toMatchObject({ class: "ok", header: { index_incarcare: "5012345678" } });
    for (const stare of ["ok", "nok", "in prelucrare", "In prelucrare", "XML cu erori nepreluat de sistem"]) {
      const state = `<header xmlns="mfp:anaf:dgti:efactura:stareMesajFactura:v1" stare="${stare}" id_descarcare="3"/>`;
      expect(reply(state)).toMatchObject({ class: "ok", header: { stare } });
    }
  });

  it("does not take a listed message for the refusal it quotes", () => {
    const list = {
      mesaje: [{ id: "1", detalii: "A aparut o eroare tehnica. Nu aveti drept." }],
      titlu: "Lista",
    };
    expect(reply(JSON.stringify(list)).class).toBe("ok");
  });

  it("keeps every digit of an id that is too large for a number", () => {
    const { json } = reply(`{"mesaje":[{"id":9007199254740993123,"cif":123}]}`);
    expect(json?.mesaje).toEqual([{ id: "9007199254740993123", cif: 123 }]);
  });

  it("reads e-Transport's receipt, its bare rows and its refusals", () => {
    const receipt = { ExecutionStatus: 0, index_incarcare: 123, UIT: "1A2C3D4E5F6H7J49", trace_id: "x" };
    expect(reply(JSON.stringify(receipt))).toMatchObject({ class: "ok", json: { UIT: receipt.UIT } });
    const refusal = {
      ...receipt,
      ExecutionStatus: 1,
      Errors: [{ errorMessage: "A aparut o eroare tehnica." }],
    };
    expect(reply(JSON.stringify(refusal)).class).toBe("technical");
    expect(reply(`[{"uit":"1A2C3D4E5F6H7J49"}]`)).toMatchObject({ class: "ok", json: { mesaje: [{}] } });
    expect(reply(`{"error":"Nu exista informatii pentru aceasta solicitare"}`).class).toBe("empty");
    expect(reply(`{"error":"invalid_grant"}`).class).toBe("garbage");
  });

  it("reads the documented sample with a stray brace", () => {
    expect(reply(`{"stare":"ok","trace_id":"x"}}`)).toMatchObject({ class: "ok", json: { stare: "ok" } });
  });

  it.each<[string, number, AnswerClass]>([
    ["", 401, "auth"],
    [`{"status":403,"error":"invalid token"}`, 403, "auth"],
    [`{"timestamp":"x","status":403,"error":"Forbidden","path":"/FCTEL"}`, 403, "forbidden"],
    ["<html>Forbidden</html>", 403, "forbidden"],
    ["", 429, "rate_minute"],
    [`{"timestamp":"x","status":404,"error":"Not Found","path":"/x"}`, 404, "forbidden"],
    ["", 200, "garbage"],
    ["<html><body>mentenanta</body></html>", 200, "garbage"],
    ["<!DOCTYPE html><html><body>BIG-IP</body></html>", 200, "garbage"],
    ["<html>The requested URL was rejected. Your support ID is: 18</html>", 200, "waf"],
    ["<html><h1>502 Bad Gateway</h1></html>", 502, "garbage"],
    [`{"status":500,"error":"Internal Server Error","message":"null pointer"}`, 500, "garbage"],
    [`{"status":500,"message":"A aparut o eroare tehnica. Cod: 100"}`, 500, "technical"],
    ["<header", 200, "garbage"],
    [`<!DOCTYPE x [<!ENTITY a "b">]><header stare="ok"/>`, 200, "garbage"],
    ["A aparut o eroare tehnica. Cod: 100", 200, "technical"],
    ["null", 200, "garbage"],
  ])("reads %j with status %i as %s", (body, status, expected) => {
    expect(reply(body, status).class).toBe(expected);
  });

  it("knows a ZIP and a PDF by their first bytes, whatever the status says", () => {
    expect(reply("PK\x03\x04…").class).toBe("binary");
    expect(reply("%PDF-1.7").class).toBe("binary");
    expect(reply("PK").class).toBe("garbage");
  });

  it("tells a connection that never opened from one that broke", () => {
    expect(classify({ kind: "failure", left: false, cause: "ECONNREFUSED" }).class).toBe("not_sent");
    expect(classify({ kind: "failure", left: true, cause: "ECONNRESET" }).class).toBe("interrupted");
  });

  it("finds the index of an earlier upload in the duplicate text", () => {
    const text = "Factura a mai fost transmisa anterior cu index=0123456789 si data incarcare=2026-01-20";
    expect(duplicateIndex(["x", text])).toBe("123456789");
    expect(duplicateIndex(["x"])).toBeUndefined();
  });
});
