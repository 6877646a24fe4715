import { afterEach, describe, expect, it } from "vitest";
import type { Verb } from "./call.ts";
import { sampleInvoice } from "./documents.ts";
import { catalogue } from "./fault-catalogue.ts";
import { verifySeal } from "./seal.ts";
import { createSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";
import { connect, control, obtainCode, redirectUri, request, requestToken, unzip } from "./visitor.ts";
import type { Visitor } from "./visitor.ts";

/** Acceptance test 3 (SIMULATOR.md §12): every fault shows itself once, is journalled, and is gone when disarmed. */

const seller = "9000000011";
const invoice = (number: string): string =>
  sampleInvoice({ number, issueDate: "2026-11-20", seller, buyer: "9000000020" });

interface Room {
  simulator: Simulator;
  visitor: Visitor;
  number: number;
}

type Probe = (room: Room) => Promise<Response>;

const rest = "/api-anaf/prod/FCTEL/rest";
const post = (body: string): RequestInit => ({ method: "POST", body });

function paginated({ simulator, visitor }: Room, page: number): Promise<Response> {
  const now = simulator.clock.now();
  const query = `startTime=${now - 86_400_000}&endTime=${now}&cif=${seller}&pagina=${page}`;
  return visitor.fetch(`${rest}/listaMesajePaginatieFactura?${query}`);
}

const declaration = `<eTransport xmlns="mfp:anaf:dgti:eTransport:declaratie:v2" codDeclarant="${seller}" refDeclarant="R1"><notificare codTipOperatiune="30"><bunuriTransportate greutateNeta="10" greutateBruta="12" valoareLeiFaraTva="100"/><dateTransport nrVehicul="CJ01SIM" dataTransport="2026-11-21"/></notificare></eTransport>`;

/** One ordinary call of each verb, and what it answers on an ordinary day. */
const probes: Record<Verb, { call: Probe; ordinary: RegExp }> = {
  authorize: {
    call: ({ simulator }) =>
      request(
        simulator,
        `/logincert/anaf-oauth2/v1/authorize?response_type=code&client_id=sim-client&redirect_uri=${redirectUri}&sim_holder=SER-ANY`,
      ),
    ordinary: /^302 .*code=/,
  },
  token: {
    call: async ({ simulator }) =>
      requestToken(simulator, {
        grant_type: "authorization_code",
        code: await obtainCode(simulator),
        redirect_uri: redirectUri,
      }),
    ordinary: /^200 {"access_token"/,
  },
  upload: {
    call: (room) =>
      room.visitor.fetch(`${rest}/upload?standard=UBL&cif=${seller}`, post(invoice(`N-${room.number++}`))),
    ordinary: /^200 .*ExecutionStatus="0" index_incarcare="/s,
  },
  stare: {
    call: ({ visitor }) => visitor.fetch(`${rest}/stareMesaj?id_incarcare=5000000001`),
    ordinary: /^200 .*stare="ok" id_descarcare="3000000001"/s,
  },
  lista: {
    call: ({ visitor }) => visitor.fetch(`${rest}/listaMesajeFactura?zile=2&cif=${seller}`),
    ordinary: /^200 {"mesaje":\[{.*"id":"3000000001"/,
  },
  listaPaginata: { call: (room) => paginated(room, 1), ordinary: /^200 {"mesaje":\[{.*"id":"3000000001"/ },
  descarcare: { call: ({ visitor }) => visitor.descarcare("3000000001"), ordinary: /^200 PK/ },
  validare: {
    call: ({ simulator }) =>
      request(simulator, "/webservicesp/prod/FCTEL/rest/validare/FACT1", post(invoice("N-1"))),
    ordinary: /^200 {"stare":"ok","trace_id":"[0-9a-f-]{36}"}$/,
  },
  transformare: {
    call: ({ simulator }) =>
      request(simulator, "/webservicesp/prod/FCTEL/rest/transformare/FACT1", post(invoice("N-1"))),
    ordinary: /^200 %PDF/,
  },
  register: {
    call: ({ simulator }) => {
      simulator.clock.advance(2000);
      const body = `[{"cui":${seller},"data":"2026-11-20"}]`;
      return request(simulator, "/webservicesp/api/PlatitorTvaRest/v9/tva", post(body));
    },
    ordinary: /^200 {"found":\[{.*"codPostal":"30167"/,
  },
  vies: {
    call: ({ simulator }) =>
      request(
        simulator,
        "/vies/taxation_customs/vies/rest-api/check-vat-number",
        post(`{"countryCode":"RO","vatNumber":"${seller}"}`),
      ),
    ordinary: /^200 .*"valid":true/,
  },
  bnr: {
    call: ({ simulator }) => request(simulator, "/curs-bnr/nbrfxrates.xml"),
    ordinary: /^200 .*xmlns="https:.*currency="EUR">5\./s,
  },
  etransport: {
    call: ({ visitor }) =>
      visitor.fetch(`/api-anaf/prod/ETRANSPORT/ws/v1/upload/ETRANSP/${seller}/2`, post(declaration)),
    ordinary: /^200 .*"ExecutionStatus":0,.*"UIT":"/,
  },
  other: {
    call: ({ visitor }) => visitor.fetch("/api-anaf/TestOauth/jaxrs/hello?name=x"),
    ordinary: /^200 Hello, x/,
  },
};

interface Expectation {
  /** What the armed call shows. */
  shows: RegExp;
  verb?: Verb;
  call?: Probe;
  params?: Record<string, unknown>;
  /** What the call shows once disarmed, when not the verb's ordinary answer. */
  ordinary?: RegExp;
  /** What is true afterwards, beyond the answer. */
  after?: (room: Room, answer: Response) => Promise<void>;
}

const refreshing: Probe = ({ simulator, visitor }) =>
  requestToken(simulator, { grant_type: "refresh_token", refresh_token: visitor.refreshToken });
const duringProcessing: Probe = async (room) => {
  const answer = await probes.upload.call(room);
  const index = /index_incarcare="(\d+)"/.exec(await answer.text())?.[1] ?? "";
  return room.visitor.fetch(`${rest}/stareMesaj?id_incarcare=${index}`);
};
const transportState: Probe = async ({ visitor }) => {
  const base = "/api-anaf/prod/ETRANSPORT/ws/v1";
  const answer = await visitor.fetch(`${base}/upload/ETRANSP/${seller}/2`, post(declaration));
  const { index_incarcare: index } = (await answer.json()) as { index_incarcare: number };
  return visitor.fetch(`${base}/stareMesaj/${index}`);
};
const asyncRead: Probe = async ({ simulator }) => {
  simulator.clock.advance(2000);
  const path = "/webservicesp/AsynchWebService/api";
  const asked = await request(
    simulator,
    `${path}/v8/ws/tva`,
    post(`[{"cui":${seller},"data":"2026-11-20"}]`),
  );
  const { correlationId } = (await asked.json()) as { correlationId: string };
  simulator.clock.advance(2000);
  return request(simulator, `${path}/v7/ws/tva?id=${correlationId}`);
};
const laterPage: Probe = (room) => paginated(room, 2);
const received = (n: number, accepted: number) => async (room: Room) => {
  room.simulator.clock.advance(60_000);
  const counted = await control(room.simulator, "GET", "/assert/uploads?number=N-1");
  expect(counted).toMatchObject({ received: n, accepted });
};
const sealIs = (verdict: string) => async (_: Room, answer: Response) => {
  const entries = await unzip(answer);
  const text = (prefix: string): string => entries.find(([name]) => name.startsWith(prefix))?.[1] ?? "";
  expect(verifySeal(Buffer.from(text("5000000001")), text("semnatura_"))).toBe(verdict);
};
const technical = /^200 .*ExecutionStatus="1"><Errors errorMessage="A aparut o eroare tehnica. Cod: 1814"/s;
const quota = /^200 .*S-au facut deja \d+ .*in cursul zilei/s;
const html = /^200 <!DOCTYPE html>/;
const twoMore = (n: number) => async (room: Room) => {
  const text = await (await probes.lista.call(room)).text();
  expect((JSON.parse(text) as { mesaje: object[] }).mesaje).toHaveLength(n);
};

const expectations: Record<string, Expectation> = {
  "upload.lost_response": { shows: /^UND_ERR_SOCKET$/, after: received(1, 1) },
  "upload.slow_accept": {
    shows: /^UND_ERR_HEADERS_TIMEOUT$/,
    params: { seconds: 90 },
    after: received(1, 1),
  },
  "upload.dropped": { shows: /^UND_ERR_SOCKET$/, after: received(0, 0) },
  "upload.refused_conn": { shows: /^ECONNREFUSED$/, after: received(0, 0) },
  "upload.tech_1814": { shows: technical, after: received(0, 0) },
  "upload.tech_registered": { shows: technical, after: received(1, 1) },
  "upload.double": { shows: /index_incarcare="5000000003"/, after: received(2, 1) },
  "upload.no_right": { shows: /Nu aveti drept in SPV pentru CIF=9000000011/, after: received(0, 0) },
  "upload.ro_prefix": { shows: /CIF introdus= RO9000000011 nu este un numar/ },
  "upload.sax": { shows: /org.xml.sax.SAXParseException; lineNumber: 15; columnNumber: 155; cvc-elt.1.a/ },
  "upload.oversize": { shows: /Marime fisier transmis mai mare de 10 MB\./ },
  "upload.empty200": { shows: /^200 $/, after: received(1, 1) },
  "state.stuck": { shows: /stare="in prelucrare"\/>/ },
  "state.unreadable": { shows: /stare="XML cu erori nepreluat de sistem"\/>/, call: duringProcessing },
  "state.case": { shows: /stare="In prelucrare"\/>/, call: duringProcessing },
  "state.query_error": { shows: /Nu aveti dreptul de inteorgare pentru id_incarcare= 5000000001/ },
  "state.quota": { shows: quota },
  "state.flap": { shows: /Nu exista factura cu id_incarcare= 5000000001/ },
  // The messages stay in the inbox, so the list stays too long.
  "list.over500": { shows: /500 elemente permise in pagina/, ordinary: /500 elemente permise in pagina/ },
  "list.empty": { shows: /^200 {"eroare":"Nu exista mesaje in ultimele 2 zile","titlu":"Lista Mesaje"}$/ },
  "list.lag": { shows: /Nu exista mesaje/, params: { minutes: 90 } },
  // Whether this one message is among the withheld half depends on the seed alone.
  "list.out_of_order": { shows: /Nu exista mesaje/, params: { minutes: 90 } },
  "list.future_end": { shows: /nu poate in viitor fata de momentul requestului/ },
  "list.page_shift": { shows: /numarul toatal de pagini/, call: laterPage, after: twoMore(2) },
  "list.past_end": {
    shows: /Pagina solicitata 2 este mai mare decat numarul toatal de pagini 1/,
    call: laterPage,
  },
  "list.http400": {
    shows: /^400 {"eroare":"endTime = 1 nu poate fi <= startTime/,
    call: ({ simulator, visitor }) => {
      const query = `startTime=${simulator.clock.now()}&endTime=1&cif=${seller}&pagina=1`;
      return visitor.fetch(`${rest}/listaMesajePaginatieFactura?${query}`);
    },
  },
  "list.quota": { shows: quota },
  "list.ghost": {
    shows: /"tip":"FACTURA PRIMITA","id":"(\d+)"/,
    after: async ({ visitor, simulator }) => {
      const state = (await control(simulator, "GET", "/state")) as {
        messages: { id: number; tip: string }[];
      };
      const ghost = state.messages.find(({ tip }) => tip === "FACTURA PRIMITA");
      expect(await (await visitor.descarcare(String(ghost?.id))).text()).toContain(
        "perioada de 60 de zile in care",
      );
    },
  },
  "list.same_solicitare": { shows: /"id_solicitare":"(5000000002)".*"id_solicitare":"\1"/ },
  "list.numeric_ids": { shows: /"id_solicitare":5000000001,.*"id":3000000001}/ },
  "dl.quota": { shows: quota },
  "dl.expired": { shows: /Fisierul nu mai poate fi descarcat pentru ca a trecut perioada de 60 de zile/ },
  "dl.text_plain": {
    shows: /^200 {"eroare":/,
    after: async (_, answer) => expect(answer.headers.get("content-type")).toBe("text/plain"),
  },
  "dl.truncated": {
    shows: /^200 PK/,
    after: async (_, answer) => expect(unzip(answer)).rejects.toThrow(/zip|invalid|EOF|unexpected/i),
  },
  "dl.order": {
    shows: /^200 PK/,
    after: async (_, answer) => expect((await unzip(answer))[0]?.[0]).toBe("semnatura_5000000001.xml"),
  },
  "dl.enveloped": {
    shows: /^200 PK/,
    after: async (_, a) => expect((await unzip(a)).join()).toMatch(/<\/Signature><\/Invoice>/),
  },
  "dl.bytes_changed": { shows: /^200 PK/, after: sealIs("digest_mismatch") },
  "seal.rotated": { shows: /^200 PK/, after: sealIs("unknown_signer") },
  "seal.reindented": { shows: /^200 PK/, after: sealIs("bad_signature") },
  "auth.expired": { shows: /^401 {/ },
  "auth.refresh_race": { shows: /^200 {"access_token"/, call: refreshing },
  "auth.rotation_lost": {
    shows: /^UND_ERR_SOCKET$/,
    call: refreshing,
    after: async (room) =>
      expect(await (await refreshing(room)).text()).toContain("Refresh Token status is expired"),
  },
  "auth.refresh_expired": {
    shows: /^400 {"error":"invalid_grant","error_description":"Refresh Token status is expired"}$/,
    call: refreshing,
  },
  "auth.denied": { shows: /^302 .*error=access_denied/ },
  "auth.html": { shows: html },
  "auth.code_late": { shows: /^400 {"error":"invalid_grant"/ },
  "rights.revoked": { shows: /Nu aveti drept in SPV pentru CIF=9000000011/ },
  "gw.403_path": { shows: /^403 {/ },
  "gw.429": { shows: /^429 {/ },
  "gw.502": { shows: /^502 <html>/, verb: "upload", after: received(0, 0) },
  "gw.503": { shows: /^503 <html>/, verb: "upload", params: { registered: true }, after: received(1, 1) },
  "gw.504": { shows: /^504 <html>/ },
  "gw.maintenance": { shows: html },
  "gw.hang": { shows: /^UND_ERR_HEADERS_TIMEOUT$/, verb: "upload", after: received(0, 0) },
  "gw.reset_midbody": { shows: /^ECONNRESET$/, verb: "upload", after: received(1, 1) },
  "waf.reject": { shows: /^200 <html>.*Your support ID is: \d+/ },
  "valid.extra_brace": { shows: /^200 {"stare":"ok","trace_id":"[0-9a-f-]{36}"}}$/ },
  "reg.timeout": { shows: /^UND_ERR_HEADERS_TIMEOUT$/ },
  "reg.notfound404": { shows: /^404 {"found":\[\],"notFound":\[9000000011\]}$/ },
  "reg.async_once": { shows: /^200 $/, call: asyncRead },
  "reg.cedilla": { shows: /"denumire_?S?t?r?a?d?a?":"[^"]*[ŞŢşţ]/ },
  "reg.postal": { shows: /"codPostal":"77190"/ },
  "vies.ms_unavailable": {
    shows: /^200 {"actionSucceed":false,"errorWrappers":\[{"error":"MS_UNAVAILABLE"}\]}$/,
  },
  "bnr.moved": { shows: /^302 \/www-bnr\/home <!DOCTYPE html>/ },
  "bnr.namespace": { shows: /xmlns="http:\/\/www.bnr.ro\/xsd"/ },
  "bnr.multiplier": { shows: /currency="EUR" multiplier="100">5\d\d\./ },
  "clock.dst": {
    shows: /^200/,
    verb: "bnr",
    // Summer time begins on 28 March 2027 at 01:00 UTC.
    after: async ({ simulator }) =>
      expect(new Date(simulator.clock.now()).toISOString()).toBe("2027-03-28T00:50:00.000Z"),
  },
  "clock.midnight": {
    shows: quota,
    after: async ({ simulator }) =>
      expect(new Date(simulator.clock.now()).toISOString()).toBe("2026-11-20T21:59:00.000Z"),
  },
  "inbox.duplicate_supplier": {
    shows: /"id_solicitare":"5000000003".*"id_solicitare":"5000000002"/,
    after: twoMore(3),
  },
  "inbox.hostile_xml": {
    shows: /^200 PK/,
    after: async (_, answer) => expect((await unzip(answer)).join()).toContain("<!DOCTYPE"),
  },
  "resend.after_nok": { shows: /index_incarcare="/, after: received(1, 0) },
  "etr.no_uit_in_state": { shows: /^200 {"stare":"in prelucrare"(?!.*"UIT")/, call: transportState },
  "etr.err_after_ok_http": { shows: /^200 .*"ExecutionStatus":1,"Errors":\[{"errorMessage"/ },
  "quota.block": {
    shows: /^403 {/,
    after: async (room) => expect((await probes.lista.call(room)).status).toBe(403),
  },
};

async function outcomeOf(call: Promise<Response>): Promise<string> {
  try {
    const answer = (await call).clone();
    const location = answer.headers.get("location");
    return [answer.status, ...(location === null ? [] : [location]), await answer.text()].join(" ");
  } catch (error) {
    const cause = (error as Error).cause as { code?: string } | undefined;
    return cause?.code ?? String(error);
  }
}

let simulator: Simulator | undefined;
afterEach(() => simulator?.close());

async function openRoom(): Promise<Room> {
  const opened = createSimulator({ startsAt: "2026-11-20T12:24:00Z", seed: 3 });
  simulator = opened;
  const visitor = await connect(opened);
  await visitor.upload(invoice("A-1"));
  opened.clock.advance(3_600_000);
  return { simulator: opened, visitor, number: 1 };
}

describe("every fault of the catalogue", () => {
  it("has its expectation here", () => {
    expect(Object.keys(expectations).toSorted()).toEqual(Object.keys(catalogue).toSorted());
  });

  it.each(Object.keys(catalogue))("%s", async (id) => {
    const room = await openRoom();
    const { simulator: opened } = room;
    const { shows, call, params = {}, after, ...expected } = expectations[id] as Expectation;
    const verb = expected.verb ?? catalogue[id]?.verbs[0] ?? "other";
    const probe = call ?? probes[verb].call;
    const before = (await control(opened, "GET", "/journal")) as { entries: object[] };
    const armed = await control(opened, "POST", "/faults", { id, when: { verb, times: 1 }, params });
    expect(armed).toEqual({ id, armed: true });

    let answer: Response | undefined;
    const watched = async (): Promise<Response> => {
      answer = await probe(room);
      return answer;
    };
    expect(await outcomeOf(watched())).toMatch(shows);
    if (after) await after(room, answer ?? new Response());

    const { faults } = (await control(opened, "GET", "/faults")) as { faults: object[] };
    expect(faults).toEqual([{ id, when: { verb, times: 1 }, params, fired: 1 }]);
    const since = `/journal?since=${before.entries.length}`;
    const journal = (await control(opened, "GET", since)) as { entries: { fault: string | null }[] };
    expect(journal.entries.filter(({ fault }) => fault === id)).toHaveLength(1);

    await control(opened, "DELETE", `/faults/${id}`);
    expect(await outcomeOf(probes[verb].call(room))).toMatch(expected.ordinary ?? probes[verb].ordinary);
  });
});
