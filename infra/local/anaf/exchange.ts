import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Answer, Break } from "./answers.ts";
import type { Call, Environment, Verb, World } from "./call.ts";
import { catalogue } from "./fault-catalogue.ts";
import { refusedAtGate } from "./gate.ts";
import type { Guard } from "./gate.ts";
import { record } from "./journal.ts";
import { changeInbox } from "./list-faults.ts";
import { settle } from "./processing.ts";
import { send } from "./sockets.ts";
import { interceptedBy, moveClock, returned } from "./wire-faults.ts";

/** One request from first to last byte: read, decide, journal, wait, answer. */

export type Endpoint = (call: Call) => Answer | Break;

/** Under `app.fetch` there are no Node objects. */
export type SimulatorContext = Context<{ Bindings: Partial<HttpBindings> }>;

export interface Door {
  verb: Verb;
  guard: Guard;
  /** The service the app must have been registered for. */
  service?: string;
  endpoint: Endpoint;
}

/** Serves a request at a door. The decision and its journal row are one transaction. */
export async function exchange(world: World, door: Door, context: SimulatorContext): Promise<Response> {
  const call = await readCall(world, door.verb, context);
  // What is due by now is judged in transactions of its own: after a jump of the clock that can be a lot.
  settle(world);
  const outcome = world.ledger.transaction(() => decide(call, door));
  return send(call, outcome, context);
}

function decide(call: Call, door: Door): Answer | Break {
  const { world } = call;
  const { settings, clock } = world;
  if (clock.kind === "owned" && settings.autoAdvanceSeconds > 0)
    clock.advance(settings.autoAdvanceSeconds * 1000);
  call.now = clock.now();
  settle(world);
  call.faults = world.faults.match(call);
  if (settings.allowHeaders) readOverrides(call);
  moveClock(call);
  settle(world);
  const outcome = interceptedBy(call) ?? refusedAtGate(call, door.guard, door.service) ?? enter(call, door);
  const final = returned(call, outcome);
  record(call, final);
  return final;
}

function enter(call: Call, door: Door): Answer | Break {
  if (call.verb === "lista" || call.verb === "listaPaginata") changeInbox(call);
  return door.endpoint(call);
}

/** Headers that arm a fault, or a delay in milliseconds, for this request alone (SIMULATOR.md §9). */
function readOverrides(call: Call): void {
  const [id = "", ...pairs] = (call.headers.get("x-sim-fault") ?? "").split(";").map((part) => part.trim());
  const params = pairs.map((pair) => {
    const [name = "", value = ""] = pair.split("=", 2);
    return [name, value === "true" || value === "false" ? value === "true" : value];
  });
  if (catalogue[id]) call.faults.set(id, Object.fromEntries(params));
  call.delaySeconds += Number(call.headers.get("x-sim-delay") ?? 0) / 1000;
}

async function readCall(world: World, verb: Verb, context: SimulatorContext): Promise<Call> {
  const request = context.req.raw;
  const url = new URL(request.url);
  const body = new Uint8Array(await request.arrayBuffer());
  const route = context.req.param() as Record<string, string>;
  return {
    world,
    verb,
    env: (route["env"] ?? "prod") as Environment,
    method: request.method,
    path: url.pathname,
    route,
    query: url.searchParams,
    headers: request.headers,
    body,
    parts: await readParts(request.headers, body),
    now: world.clock.now(),
    serial: undefined,
    faults: new Map(),
    delaySeconds: 0,
  };
}

async function readParts(headers: Headers, body: Uint8Array): Promise<Map<string, Uint8Array>> {
  const type = headers.get("content-type") ?? "";
  const parts = new Map<string, Uint8Array>();
  if (!type.startsWith("multipart/form-data")) return parts;
  try {
    const form = await new Response(Buffer.from(body), { headers: { "content-type": type } }).formData();
    for (const [name, value] of form.entries()) {
      parts.set(
        name,
        typeof value === "string" ? Buffer.from(value) : new Uint8Array(await value.arrayBuffer()),
      );
    }
  } catch {
    // A broken multipart body has no parts; the endpoint then says which one is missing.
  }
  return parts;
}
