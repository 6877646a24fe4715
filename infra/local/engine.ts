/**
 * The whole system on this machine: the real infra/ and stacks/ files on embedded emulators, in one process.
 * `npm start` (run.ts) lets it work by itself; tests start it on an empty folder and move it with `drain` and `clock`.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { instant, now } from "#core/lib/clock.ts";
import type { SimulatorOptions } from "./anaf/settings.ts";
import { controlApp } from "./control.ts";
import { Stream } from "./dynamodb/stream.ts";
import { createTable } from "./dynamodb/table.ts";
import { type Emulators, startEmulators } from "./emulators.ts";
import { connect, generous } from "./environment.ts";
import { serveFunction } from "./function-url.ts";
import { Loops } from "./loops.ts";
import type { Mail } from "./mail/service.ts";
import { Schedules } from "./schedules.ts";
import { startSimulator } from "./simulator.ts";
import { declare, type declared } from "./sst.ts";
import { Consumer } from "./sqs/consumer.ts";
import { type ClockMove, millisecondsOf, moveClock, restoreClock } from "./time.ts";

export interface StartOptions {
  /** Where everything is kept; a temporary folder that `stop` removes when absent. */
  dataDir?: string;
  /** Starts the simulated ANAF too, on the product's clock; `true` for its defaults. */
  simulator?: boolean | SimulatorOptions;
  /** Puts `local.dynamo` before the table, to count what requests cost and to inject the faults AWS has. */
  observe?: boolean;
  /** Environment of the functions, set before they are declared; see core/lib/settings.ts. */
  env?: Record<string, string>;
  /** Addresses; loopback and any free ports when absent. */
  host?: string;
  port?: number;
  simulatorPort?: number;
}

export type Local = Awaited<ReturnType<typeof start>>;

/**
 * Starts the emulators, then runs the real infra/ and stacks/ on them. Nothing moves by itself until `run` is called.
 * Functions of core may be imported before or after; they reach their resources at first use.
 * Once per process: SDK clients keep the addresses they have first seen.
 */
export async function start(options: StartOptions = {}) {
  const { host = "127.0.0.1", port = 0, simulatorPort = 0, observe = false } = options;
  const { dataDir, remove } = folder(options.dataDir);
  const emulators = await startEmulators(dataDir, observe);
  const { database, mailbox, queues } = emulators;
  restoreClock(database);
  const api = await serveFunction(host, port);
  const move = (byMs: number) => {
    moveClock(database, byMs);
    loops.clockMoved();
  };
  const control = controlApp(() => local);
  const simulator = await startSimulator(options.simulator, {
    host,
    port: simulatorPort,
    dataDir,
    onClock: (by) => move("advanceMs" in by ? by.advanceMs : by.setMs - now()),
    local: (request, env) => control.fetch(request, env),
  });
  Object.assign(process.env, generous, simulator?.settings, { BASE_URL: api.url }, options.env);
  const system = await declare();
  const { observer } = await materialize(system, emulators);
  const loops = await loopsOf(system, emulators);
  api.attach(system.endpoints[0]!, () => loops.nudge());

  const local = {
    apiUrl: api.url,
    dataDir,
    /** The simulated ANAF: its `url`, `admin` and `app`. Throws when it was not asked for. */
    get simulator() {
      return asked(simulator, "simulator");
    },
    /** What the table is asked, and what goes wrong with it. Throws when it was not asked for. */
    get dynamo() {
      return asked(observer, "observe");
    },
    /** Calls the API without a socket: `local.fetch("/api/v1/me", { headers })`. */
    fetch: (input: string | URL | Request, init?: RequestInit) => api.fetch(input, init),
    /** Runs due stream records, messages and schedules until nothing is due now. Time stands still. */
    drain: () => loops.drain(),
    /** Does all that by itself from now on, as it becomes due. */
    run: () => loops.run(),
    /** Moves the clock of product and simulator together; runs nothing. Answers the new instant. */
    clock(by: ClockMove): string {
      move(millisecondsOf(by));
      return instant();
    },
    /** What the product sent, newest first. */
    mails: (): Mail[] => mailbox.list(),
    /** The queue emulator, to look at messages and dead letters. */
    queues,
    /** Waits for what is being done, then ends everything that `start` began. */
    async stop() {
      await api.stop();
      await loops.stop();
      await simulator?.stop();
      await emulators.stop();
      remove();
    },
  };
  return local;
}

/** Something that `start` begins only on demand. */
function asked<T>(thing: T | undefined, option: string): T {
  if (!thing) throw new Error(`Call start({ ${option}: true }) to have it.`);
  return thing;
}

/** Makes what infra/ declared exist, and leads the product to it. */
async function materialize(system: typeof declared, { queues, objects, database, url, dynamo }: Emulators) {
  const tables = await dynamo;
  await Promise.all(system.tables.map((table) => createTable(tables.url, table)));
  for (const { bucket } of system.buckets) objects.createBucket(bucket);
  for (const queue of system.queues) queues.declare(queue);
  connect(system, tables.url, url, database);
  return { observer: tables.observer };
}

/** What stacks/ declared to run: consumers, stream readers and schedules. */
async function loopsOf(system: typeof declared, { queues, database, dynamo }: Emulators): Promise<Loops> {
  const { url } = await dynamo;
  return new Loops(
    queues,
    system.consumers.map((consumer) => new Consumer(queues, consumer)),
    system.streams.map((stream) => new Stream(url, database, queues, stream)),
    new Schedules(database, queues, system.schedules),
  );
}

function folder(wanted: string | undefined) {
  if (wanted) {
    mkdirSync(wanted, { recursive: true, mode: 0o700 });
    return { dataDir: wanted, remove: () => {} };
  }
  const dataDir = mkdtempSync(join(tmpdir(), "storno-"));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}
