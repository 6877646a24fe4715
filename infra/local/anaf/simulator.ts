import { createApp } from "./app.ts";
import type { App } from "./app.ts";
import type { World } from "./call.ts";
import { createClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { catalogue } from "./fault-catalogue.ts";
import { createFaultBoard } from "./faults.ts";
import type { FaultCondition } from "./faults.ts";
import { deliver, deliverBulk } from "./inbox.ts";
import { openLedger } from "./ledger.ts";
import { settle } from "./processing.ts";
import { createChance } from "./random.ts";
import { setRight } from "./rights.ts";
import { readSettings } from "./settings.ts";
import type { SimulatorOptions } from "./settings.ts";

/** What the control API does, for tests in the same process. */
export interface Admin {
  arm(id: string, when?: FaultCondition, params?: Record<string, unknown>): void;
  disarm(id?: string): void;
  deliver(cif: string, xml: string, from?: string): { id: string; index: string };
  deliverBulk(cif: string, count: number): string[];
  setRight(serial: string, cif: string, granted: boolean): void;
  /** Judges whatever is due by now; requests do so themselves. */
  settle(): void;
}

export interface Simulator {
  /** A Hono app: `app.fetch(request)` needs no socket. */
  app: App;
  clock: Clock;
  admin: Admin;
  /** For the starter only: how to stop listening for a while. */
  onRefuse(work: (seconds: number) => void): void;
  close(): void;
}

/** A simulated ANAF. Same options and same requests give the same bytes. */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const settings = readSettings(options);
  const ledger = openLedger(settings.dataDir);
  const seed = ledger.meta("seed") ?? settings.seed;
  const clock = createClock(ledger, {
    startsAt: settings.startsAt,
    source: settings.now,
    onClock: settings.onClock,
  });
  // One object for everybody, so that a new seed reaches the fault board too.
  const chance = { ...createChance(seed) };
  settings.seed = seed;
  const world: World = {
    settings,
    ledger,
    clock,
    chance,
    faults: createFaultBoard({ ledger, chance, clock }),
    minutes: new Map(),
    reseed: (next) => {
      settings.seed = next;
      ledger.setMeta("seed", next);
      Object.assign(chance, createChance(next));
    },
  };
  const transaction = <Result>(work: () => Result): Result => ledger.transaction(work);
  return {
    app: createApp(world),
    clock,
    admin: {
      arm: (id, when = {}, params = {}) => {
        if (!catalogue[id]) throw new Error(`No fault has the id ${id}`);
        transaction(() => world.faults.arm(id, when, params));
      },
      disarm: (id) => transaction(() => world.faults.disarm(id)),
      deliver: (cif, xml, from) => {
        const { id, index } = transaction(() => deliver(world, { env: "prod", cif, xml, from }));
        return { id: String(id), index: String(index) };
      },
      deliverBulk: (cif, count) => transaction(() => deliverBulk(world, "prod", cif, count)).map(String),
      setRight: (serial, cif, granted) => transaction(() => setRight(world, serial, cif, granted)),
      settle: () => settle(world),
    },
    onRefuse: (work) => {
      world.refuseConnections = work;
    },
    close: () => ledger.close(),
  };
}
