import type { App } from "./app.ts";
import type { SimulatorContext } from "./exchange.ts";
import { verbs } from "./call.ts";
import type { Environment, FaultParams, Verb, World } from "./call.ts";
import { parseDuration } from "./clock.ts";
import { pem, productionSigner, rootCertificate, signerSerial, testSigner } from "./certificates.ts";
import { catalogue } from "./fault-catalogue.ts";
import type { FaultCondition } from "./faults.ts";
import { deliver, deliverBulk } from "./inbox.ts";
import { readJournal } from "./journal.ts";
import { expireTokens } from "./oauth.ts";
import { settle } from "./processing.ts";
import { setRight } from "./rights.ts";
import { countUploads, describe, reset } from "./inspection.ts";

/** The simulator's own API, `/__sim/*`, in the forms of SIMULATOR.md §9. Loopback only. */

type Body = Record<string, unknown>;
type Verdict = [status: 200 | 201 | 204 | 400 | 404, body?: unknown];

export function mountControl(app: App, world: World): void {
  const at =
    (work: (body: Body, context: SimulatorContext) => Verdict) =>
    async (context: SimulatorContext): Promise<Response> => {
      if (!isLocal(context)) return context.json({ error: "The control API answers on loopback only." }, 403);
      const body = await readBody(context);
      if (body === undefined) return context.json({ error: "The body is not a JSON object." }, 400);
      const [status, answer] = world.ledger.transaction(() => {
        settle(world);
        return work(body, context);
      });
      return status === 204 ? context.body(null, 204) : context.json(answer ?? {}, status);
    };

  app.post(
    "/__sim/reset",
    at((body) => reset(world, body)),
  );
  app.get(
    "/__sim/state",
    at(() => [200, describe(world)]),
  );
  app.get(
    "/__sim/journal",
    at((_, c) => [200, { entries: readJournal(world, Number(c.req.query("since") ?? 0)) }]),
  );
  app.post(
    "/__sim/clock",
    at((body) => moveClock(world, body)),
  );
  app.get(
    "/__sim/clock",
    at(() => [200, { now: new Date(world.clock.now()).toISOString() }]),
  );
  app.post(
    "/__sim/faults",
    at((body) => arm(world, body)),
  );
  app.get(
    "/__sim/faults",
    at(() => [200, { faults: world.faults.list() }]),
  );
  app.get(
    "/__sim/faults/catalogue",
    at(() => [200, { faults: catalogue }]),
  );
  app.delete(
    "/__sim/faults",
    at(() => disarm(world)),
  );
  app.delete(
    "/__sim/faults/:id",
    at((_, c) => disarm(world, c.req.param("id"))),
  );
  app.post(
    "/__sim/inbox",
    at((body) => receive(world, body)),
  );
  app.post(
    "/__sim/inbox/bulk",
    at((body) => receiveMany(world, body)),
  );
  app.post(
    "/__sim/holders/:serial/rights",
    at((body, c) => changeRight(world, c.req.param("serial") ?? "", body)),
  );
  app.post(
    "/__sim/tokens/expire",
    at((body) => [200, { expired: expire(world, body) }]),
  );
  app.post(
    "/__sim/seal/rotate",
    at(() => rotateSeal(world)),
  );
  app.get(
    "/__sim/seal",
    at(() => [200, sealCertificates(world)]),
  );
  app.post(
    "/__sim/uploads/:index/script",
    at((body, c) => script(world, c.req.param("index") ?? "", body)),
  );
  app.get(
    "/__sim/assert/uploads",
    at((_, c) => [200, countUploads(world, c.req.query())]),
  );
  app.all(
    "/__sim/*",
    at(() => [404, { error: "No such control call; see the README." }]),
  );
}

/** A proxy in between would make every client look local, so its headers refuse as well. */
function isLocal(context: SimulatorContext): boolean {
  const address = context.env?.incoming?.socket.remoteAddress;
  const isLoopback = address === undefined || /^(::1|(::ffff:)?127\.)/.test(address);
  const host = new URL(context.req.url).hostname;
  const isOwnName = context.env?.incoming === undefined || /^(localhost|127\.[\d.]+|\[::1\])$/.test(host);
  return isLoopback && isOwnName && context.req.header("x-forwarded-for") === undefined;
}

async function readBody(context: SimulatorContext): Promise<Body | undefined> {
  const text = await context.req.text();
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
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
    return [
      400,
      { error: `${id} cannot hit ${when.verb as Verb}`, verbs: hits.filter((v) => verbs.includes(v)) },
    ];
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
