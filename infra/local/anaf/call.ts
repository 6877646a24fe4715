import type { Chance } from "./random.ts";
import type { Clock } from "./clock.ts";
import type { FaultBoard } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import type { Settings } from "./settings.ts";

/** What a request asks for; faults are armed by these names (SIMULATOR.md §9). */
export const verbs = [
  "authorize",
  "token",
  "upload",
  "stare",
  "lista",
  "listaPaginata",
  "descarcare",
  "validare",
  "transformare",
  "register",
  "vies",
  "bnr",
  "etransport",
  "other",
] as const;

export type Verb = (typeof verbs)[number];

export type Environment = "test" | "prod";

/** The parts every endpoint works with. */
export interface World {
  settings: Settings;
  ledger: Ledger;
  clock: Clock;
  chance: Chance;
  faults: FaultBoard;
  /** Requests of the running minute by caller; forgotten at restart, as a minute is. */
  minutes: Map<string, { minute: number; n: number }>;
  /** Starts the draws of another seed. */
  reseed(seed: number): void;
  /** Set by the starter: stops listening for a while, so that connecting fails. */
  refuseConnections?: (seconds: number) => void;
}

export type FaultParams = Record<string, unknown>;

/** One request, read to the end, with the faults that hit it. */
export interface Call {
  world: World;
  verb: Verb;
  env: Environment;
  method: string;
  path: string;
  /** Named parts of the path. */
  route: Record<string, string>;
  query: URLSearchParams;
  headers: Headers;
  body: Uint8Array;
  /** The parts of a multipart body, by field name. */
  parts: Map<string, Uint8Array>;
  now: number;
  /** Certificate serial of the caller, once the gate has looked. */
  serial: string | undefined;
  faults: Map<string, FaultParams>;
  /** How long the answer is held back. */
  delaySeconds: number;
}

/** A parameter of a fault as a number, or the fault's own default. */
export function faultNumber(call: Call, id: string, name: string, otherwise: number): number {
  const value = Number(call.faults.get(id)?.[name] ?? Number.NaN);
  return Number.isFinite(value) ? value : otherwise;
}

export function faultText(call: Call, id: string, name: string, otherwise: string): string {
  const value = call.faults.get(id)?.[name];
  return typeof value === "string" ? value : otherwise;
}
