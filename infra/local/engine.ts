/**
 * The whole system on this machine: the real infra/ and stacks/ files on embedded emulators, in one process.
 * `npm start` (run.ts) lets it work by itself; tests start it on an empty folder and move it with `drain` and `clock`.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { instant } from "#core/lib/clock.ts";
import { listen } from "./aws/listener.ts";
import { credentials, region } from "./aws/signature.ts";
import { openDatabase } from "./database.ts";
import { startDynamo } from "./dynamodb/child.ts";
import { Stream } from "./dynamodb/stream.ts";
import { createTable } from "./dynamodb/table.ts";
import { serveFunction } from "./function-url.ts";
import { Loops } from "./loops.ts";
import { type Mail, Mailbox, mailService } from "./mail/service.ts";
import { Blobs } from "./s3/blobs.ts";
import { Objects } from "./s3/objects.ts";
import { s3Service } from "./s3/service.ts";
import { Schedules } from "./schedules.ts";
import { localSecret } from "./secrets.ts";
import { declare } from "./sst.ts";
import { Consumer } from "./sqs/consumer.ts";
import { Queues } from "./sqs/queues.ts";
import { sqsService } from "./sqs/service.ts";
import { type ClockMove, moveClock, restoreClock } from "./time.ts";

export interface StartOptions {
  /** Where everything is kept; a temporary folder that `stop` removes when absent. */
  dataDir?: string;
  /** Environment of the functions, set before they are declared; see core/lib/settings.ts. */
  env?: Record<string, string>;
  /** Address of the API; loopback and any free port when absent. */
  host?: string;
  port?: number;
}

export type Local = Awaited<ReturnType<typeof start>>;

/** What tests run under, unless `env` says otherwise: nothing costs, nothing is limited, receivers may be local. */
const generous = { NEW_ORGANIZATION_PLAN: "business", RATE_LIMITS: "off", LOOPBACK_WEBHOOKS: "on" };

/**
 * Starts the emulators, then runs the real infra/ and stacks/ on them. Nothing moves by itself until `run` is called.
 * Functions of core may be imported before or after; they reach their resources at first use.
 */
export async function start(options: StartOptions = {}) {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "storno-"));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const starting = startDynamo(dataDir);
  const database = openDatabase(dataDir);
  restoreClock(database);
  const queues = new Queues(database);
  const mailbox = new Mailbox(database);
  const objects = new Objects(database, new Blobs(join(dataDir, "files")));
  const aws = await listen({ sqs: sqsService(queues), s3: s3Service(objects), ses: mailService(mailbox) });
  const api = await serveFunction(
    () => declared.endpoints[0]!,
    options.host ?? "127.0.0.1",
    options.port ?? 0,
    () => loops.nudge(),
  );
  Object.assign(process.env, { ...generous, BASE_URL: api.url, ...options.env });
  const declared = await declare();
  const dynamo = await starting;
  await Promise.all(declared.tables.map((table) => createTable(dynamo.url, table)));
  for (const { bucket } of declared.buckets) objects.createBucket(bucket);
  for (const queue of declared.queues) queues.create(queue.name, attributesOf(queue));
  connect(dynamo.url, aws.url, {
    ...Object.fromEntries(declared.tables.map(({ name }) => [name, { name }])),
    ...Object.fromEntries(declared.buckets.map(({ name, bucket }) => [name, { name: bucket }])),
    ...Object.fromEntries(
      declared.queues.map(({ name }) => [name, { url: `${aws.url}/000000000000/${name}` }]),
    ),
    ...Object.fromEntries(declared.secrets.map((name) => [name, { value: localSecret(database, name) }])),
    ...Object.fromEntries(declared.senders.map(({ name, sender }) => [name, { sender, configSet: "local" }])),
  });
  const loops = new Loops(
    queues,
    declared.consumers.map((consumer) => new Consumer(queues, consumer)),
    declared.streams.map((stream) => new Stream(dynamo.url, database, queues, stream)),
    new Schedules(database, queues, declared.schedules),
  );

  return {
    apiUrl: api.url,
    dataDir,
    /** Calls the API without a socket: `local.fetch("/api/v1/me", { headers })`. */
    fetch: api.fetch,
    /** Runs due stream records, messages and schedules until nothing is due now. Time stands still. */
    drain: () => loops.drain(),
    /** Does all that by itself from now on, as it becomes due. */
    run: () => loops.run(),
    /** Moves the product's clock; runs nothing. Answers the new instant. */
    clock(move: ClockMove): string {
      moveClock(database, move);
      loops.clockMoved();
      return instant();
    },
    /** What the product sent, newest first. */
    mails: (): Mail[] => mailbox.list(),
    /** Waits for what is being done, then ends everything that `start` began. */
    async stop() {
      await api.stop();
      await loops.stop();
      await aws.stop();
      await dynamo.stop();
      database.close();
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const attributesOf = ({
  visibilitySeconds,
  dead,
}: {
  visibilitySeconds: number;
  dead?: { arn: string; after: number };
}) => ({
  VisibilityTimeout: String(visibilitySeconds),
  ...(dead
    ? { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: dead.after }) }
    : {}),
});

/** Leads SDK clients and linked resources to this machine, through the environment alone. */
function connect(dynamoUrl: string, awsUrl: string, linked: Record<string, object>) {
  // What a developer's shell says about a real account must not reach the clients.
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN"]) delete process.env[name];
  Object.assign(process.env, {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoUrl,
    AWS_ENDPOINT_URL_SQS: awsUrl,
    AWS_ENDPOINT_URL_S3: awsUrl,
    AWS_ENDPOINT_URL_SESV2: awsUrl,
    SST_RESOURCE_App: JSON.stringify({ name: $app.name, stage: $app.stage }),
    ...Object.fromEntries(
      Object.entries(linked).map(([name, value]) => [`SST_RESOURCE_${name}`, JSON.stringify(value)]),
    ),
  });
}
