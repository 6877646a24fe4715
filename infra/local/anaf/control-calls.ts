import { verbs } from "./call.ts";
import type { Environment, FaultParams, World } from "./call.ts";
import { pem, productionSigner, rootCertificate, signerSerial, testSigner } from "./certificates.ts";
import { bucharestDay } from "./bucharest.ts";
import { parseDuration } from "./clock.ts";
import { documentFixtures } from "./document-fixtures.ts";
import { catalogue } from "./fault-catalogue.ts";
import type { FaultCondition } from "./faults.ts";
import { deliver, deliverBulk } from "./inbox.ts";
import { countUploads, describe } from "./inspection.ts";
import { readJournal } from "./journal.ts";
import { expireTokens } from "./oauth.ts";
import { settle } from "./processing.ts";
import { setRight } from "./rights.ts";

/** What each call of the control API does (SIMULATOR.md §9); control.ts decides who may call. */

export type Body = Record<string, unknown>;

export interface ControlRequest {
  body: Body;
  /** Named parts of the path. */
  route: Record<string, string>;
  query: Record<string, string>;
}

export type Verdict = [status: 200 | 201 | 204 | 400 | 404, body?: object];
export type ControlCall = (world: World, request: ControlRequest) => Verdict;

export const controlCalls: [method: "GET" | "POST" | "DELETE", path: string, work: ControlCall][] = [
  ["POST", "/reset", (world, { body }) => reset(world, body)],
  ["GET", "/state", (world) => [200, describe(world)]],
  [
    "GET",
    "/journal",
    (world, { query }) => [200, { entries: readJournal(world, Number(query["since"] ?? 0)) }],
  ],
  ["GET", "/clock", (world) => [200, { now: new Date(world.clock.now()).toISOString() }]],
  ["POST", "/clock", (world, { body }) => moveClock(world, body)],
  ["GET", "/faults/catalogue", () => [200, { faults: catalogue }]],
  ["GET", "/faults", (world) => [200, { faults: world.faults.list() }]],
  ["POST", "/faults", (world, { body }) => arm(world, body)],
  ["DELETE", "/faults", (world) => disarm(world)],
  ["DELETE", "/faults/:id", (world, { route }) => disarm(world, route["id"])],
  ["POST", "/inbox", (world, { body }) => receive(world, body)],
  ["POST", "/inbox/bulk", (world, { body }) => receiveMany(world, body)],
  [
    "POST",
    "/holders/:serial/rights",
    (world, { route, body }) => changeRight(world, route["serial"] ?? "", body),
  ],
  ["POST", "/tokens/expire", (world, { body }) => [200, { expired: expire(world, body) }]],
  ["POST", "/seal/rotate", (world) => rotateSeal(world)],
  ["GET", "/seal", (world) => [200, sealCertificates(world)]],
  ["POST", "/uploads/:index/script", (world, { route, body }) => script(world, route["index"] ?? "", body)],
  ["GET", "/documents", (world, { query }) => documents(world, query)],
  ["GET", "/assert/uploads", (world, { query }) => [200, countUploads(world, query)]],
];

/** A clean state: nothing uploaded, nobody connected, every switch off. */
function reset(world: World, body: Body): Verdict {
  const { seed = 1, fixtures = "default" } = body;
  if (fixtures !== "default") return [400, { error: "fixtures: default is the only set" }];
  if (!Number.isInteger(seed)) return [400, { error: "seed: a whole number" }];
  world.ledger.clear();
  world.minutes.clear();
  world.faults.reload();
  world.reseed(Number(seed));
  return [204];
}

function moveClock(world: World, body: Body): Verdict {
  const { clock, settings } = world;
  const advance = body["advance"] === undefined ? undefined : parseDuration(textIn(body, "advance") ?? "");
  const set = body["set"] === undefined ? undefined : Date.parse(textIn(body, "set") ?? "");
  if (body["advance"] !== undefined && advance === undefined)
    return [400, { error: "advance: 90s, 15m, 1h or 60d" }];
  if (set !== undefined && Number.isNaN(set)) return [400, { error: "set: an ISO 8601 instant" }];
  if (body["speed"] !== undefined) {
    if (clock.kind !== "running") return [400, { error: "speed: this clock does not run by itself" }];
    clock.setSpeed(Number(body["speed"]));
  }
  if (body["autoAdvance"] !== undefined) settings.autoAdvanceSeconds = Number(body["autoAdvance"]);
  if (body["skewClient"] !== undefined) {
    const skew = parseDuration(textIn(body, "skewClient") ?? "");
    if (skew === undefined) return [400, { error: "skewClient: how far the client is ahead, such as 90s" }];
    settings.clientSkewSeconds = skew / 1000;
  }
  if (set !== undefined) clock.set(set);
  if (advance !== undefined) clock.advance(advance);
  settle(world);
  return [200, { now: new Date(clock.now()).toISOString() }];
}

/** A field that may come as text or as a number. */
function textIn(body: Body, field: string): string | undefined {
  const value = body[field];
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

const conditionFields = ["verb", "env", "cif", "index", "nth", "every", "prob", "until", "times"];

function arm(world: World, body: Body): Verdict {
  const id = textIn(body, "id") ?? "";
  const when = (body["when"] ?? {}) as FaultCondition;
  const params = (body["params"] ?? {}) as FaultParams;
  if (!catalogue[id]) return [400, { error: `No fault has the id ${id}`, ids: Object.keys(catalogue) }];
  const unknown = Object.keys(when).find((field) => !conditionFields.includes(field));
  if (unknown !== undefined)
    return [400, { error: `when.${unknown} is not a condition`, fields: conditionFields }];
  if (when.verb !== undefined && !catalogue[id].verbs.includes(when.verb)) {
    const hits = catalogue[id].verbs;
    return [400, { error: `${id} cannot hit ${when.verb}`, verbs: hits.filter((v) => verbs.includes(v)) }];
  }
  world.faults.arm(id, when, params);
  const seconds = Number(params["seconds"]);
  if (id === "upload.refused_conn" && seconds > 0) world.refuseConnections?.(seconds);
  return [201, { id, armed: true }];
}

function disarm(world: World, id?: string): Verdict {
  world.faults.disarm(id);
  return [204];
}

function receive(world: World, body: Body): Verdict {
  const cif = textIn(body, "cif");
  const xml = textIn(body, "xml");
  if (!cif || xml === undefined) return [400, { error: "cif and xml are needed" }];
  const { id, index } = deliver(world, { env: environmentOf(body), cif, xml, from: textIn(body, "from") });
  return [201, { id: String(id), id_solicitare: String(index) }];
}

function receiveMany(world: World, body: Body): Verdict {
  const cif = textIn(body, "cif");
  const count = Number(body["n"]);
  if (!cif || !Number.isInteger(count) || count < 1) return [400, { error: "cif and n are needed" }];
  return [201, { ids: deliverBulk(world, environmentOf(body), cif, count).map(String) }];
}

/** The forms of SIMULATOR.md §9 name no environment; ours may, and means production otherwise. */
function environmentOf(body: Body): Environment {
  return body["env"] === "test" ? "test" : "prod";
}

/** Takes `{"cif","grant":true|false}` and the short form `{"cif","revoke":true}`. */
function changeRight(world: World, serial: string, body: Body): Verdict {
  const cif = textIn(body, "cif");
  const { grant, revoke } = body;
  if (!cif || (typeof grant !== "boolean" && revoke !== true))
    return [400, { error: "cif and grant are needed" }];
  setRight(world, serial, cif, grant === true);
  return [204];
}

function expire(world: World, body: Body): number {
  return expireTokens(world, textIn(body, "serial") ?? "", textIn(body, "kind") ?? "access");
}

function rotateSeal(world: World): Verdict {
  const rotations = (world.ledger.meta("seal.rotations") ?? 0) + 1;
  world.ledger.setMeta("seal.rotations", rotations);
  return [200, { serial: signerSerial(new Date(world.clock.now()).getUTCFullYear(), rotations) }];
}

/** What a verifier would pin, as PEM. */
function sealCertificates(world: World): object {
  const { chain } = productionSigner(world.clock.now(), world.ledger.meta("seal.rotations") ?? 0);
  return { root: pem(rootCertificate()), chain: chain.map(pem), test: testSigner().chain.map(pem) };
}

function script(world: World, index: string, body: Body): Verdict {
  const states = body["states"];
  if (!Array.isArray(states) || states.length === 0)
    return [400, { error: "states: a list of stare values" }];
  const sql = "UPDATE uploads SET script = ? WHERE idx = ?";
  const changed = world.ledger.run(sql, JSON.stringify(states.map(String)), Number(index));
  return changed > 0 ? [204] : [404, { error: `No upload has the index ${index}` }];
}

/** The fixture documents as text, dated today, under numbers of their own. */
function documents(world: World, query: Record<string, string>): Verdict {
  const day = bucharestDay(world.clock.now());
  const { number = `SIM-${world.ledger.next("fixture document", 1)}`, name } = query;
  const wanted = documentFixtures.filter((fixture) => name === undefined || fixture.name === name);
  if (wanted.length === 0) return [404, { error: `No document is called ${name}` }];
  return [
    200,
    {
      documents: wanted.map(({ xml, query: parameters, consumer = false, breaks = null, ...fixture }) => ({
        name: fixture.name,
        path: consumer ? "uploadb2c" : "upload",
        query: parameters,
        breaks,
        xml: xml(number, day),
      })),
    },
  ];
}
