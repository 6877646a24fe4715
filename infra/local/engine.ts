/**
 * The whole system on this machine: the real infra/ and stacks/ files on embedded emulators, in one process.
 * `npm start` (run.ts) lets it work by itself; tests start it on an empty folder and move it with `drain` and `clock`.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { instant, now } from "#core/lib/clock.ts";
import type { SimulatorOptions } from "./anaf/settings.ts";
import { listen } from "./aws/listener.ts";
import { controlApp } from "./control.ts";
import { openDatabase } from "./database.ts";
import { startDynamo } from "./dynamodb/child.ts";
import { Stream } from "./dynamodb/stream.ts";
import { createTable } from "./dynamodb/table.ts";
import { connect, generous } from "./environment.ts";
import { serveFunction } from "./function-url.ts";
import { Loops } from "./loops.ts";
import { type Mail, Mailbox, mailService } from "./mail/service.ts";
import { Blobs } from "./s3/blobs.ts";
import { Objects } from "./s3/objects.ts";
import { s3Service } from "./s3/service.ts";
import { Schedules } from "./schedules.ts";
import { simulatorSettings, startSimulator } from "./simulator.ts";
import { declare } from "./sst.ts";
import { Consumer } from "./sqs/consumer.ts";
import { Queues } from "./sqs/queues.ts";
import { sqsService } from "./sqs/service.ts";
import { type ClockMove, millisecondsOf, moveClock, restoreClock } from "./time.ts";

export interface StartOptions {
  /** Where everything is kept; a temporary folder that `stop` removes when absent. */
  dataDir?: string;
  /** Starts the simulated ANAF too, on the product's clock; `true` for its defaults. */
  simulator?: boolean | SimulatorOptions;
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
  const { dataDir, remove } = folder(options.dataDir);
  const { host = "127.0.0.1" } = options;
  const starting = startDynamo(dataDir);
  const stores = openStores(dataDir);
  const { database, queues, objects, mailbox } = stores;
  const aws = await listen({ sqs: sqsService(queues), s3: s3Service(objects), ses: mailService(mailbox) });
  const api = await serveFunction(
    () => system.endpoints[0]!,
    host,
    options.port ?? 0,
    () => loops.nudge(),
  );
  const move = (byMs: number) => {
    moveClock(database, byMs);
    loops.clockMoved();
  };
  const control = controlApp(() => local);
  const simulator = options.simulator
    ? await startSimulator(
        {
          host,
          port: options.simulatorPort ?? 0,
          dataDir: join(dataDir, "anaf"),
          onClock: (by) => move("advanceMs" in by ? by.advanceMs : by.setMs - now()),
          local: (request, env) => control.fetch(request, env),
        },
        options.simulator === true ? {} : options.simulator,
      )
    : undefined;
  const outside = simulator ? simulatorSettings(simulator.url) : {};
  Object.assign(process.env, generous, outside, { BASE_URL: api.url }, options.env);
  const system = await declare();
  const dynamo = await starting;
  await Promise.all(system.tables.map((table) => createTable(dynamo.url, table)));
  for (const { bucket } of system.buckets) objects.createBucket(bucket);
  for (const queue of system.queues) queues.declare(queue);
  connect(system, dynamo.url, aws.url, database);
  const loops = new Loops(
    queues,
    system.consumers.map((consumer) => new Consumer(queues, consumer)),
    system.streams.map((stream) => new Stream(dynamo.url, database, queues, stream)),
    new Schedules(database, queues, system.schedules),
  );

  const local = {
    apiUrl: api.url,
    dataDir,
    /** The simulated ANAF: its `url`, `admin` and `app`. Throws when it was not asked for. */
    get simulator() {
      if (!simulator) throw new Error("Start with { simulator: true } to have one.");
      return simulator;
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
      await aws.stop();
      await dynamo.stop();
      database.close();
      remove();
    },
  };
  return local;
}

function openStores(dataDir: string) {
  const database = openDatabase(dataDir);
  restoreClock(database);
  return {
    database,
    queues: new Queues(database),
    objects: new Objects(database, new Blobs(join(dataDir, "files"))),
    mailbox: new Mailbox(database),
  };
}

function folder(wanted: string | undefined) {
  if (wanted) {
    mkdirSync(wanted, { recursive: true, mode: 0o700 });
    return { dataDir: wanted, remove: () => {} };
  }
  const dataDir = mkdtempSync(join(tmpdir(), "storno-"));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}
