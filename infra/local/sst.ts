/**
 * The part of SST this project uses, as declarations.
 *
 * infra/ and stacks/ are ordinary SST code. On AWS, SST supplies the global `sst`; here these classes write down what
 * was declared, and engine.ts gives it to embedded emulators: there is no second list. Only the options we use exist,
 * so a misspelt or unsupported one is a type error without any network.
 */
type Unit = "second" | "seconds" | "minute" | "minutes" | "hour" | "hours" | "day" | "days";
type Duration = `${number} ${Unit}`;
type Rate = `rate(${Duration})`;

export interface Linkable {
  readonly name: string;
}

/** How a function is bundled for Lambda. Here its files run as they are. */
interface Bundling {
  splitting: boolean;
  esbuild?: { external: string[] };
}

interface FunctionArgs {
  handler: string;
  link?: Linkable[];
  timeout?: Duration;
  memory?: `${number} MB`;
  architecture?: "arm64";
  environment?: Record<string, string>;
  permissions?: { actions: string[]; resources: string[] }[];
  nodejs?: Bundling;
  url?: { cors: false };
}

/** A function of stacks/, reduced to what running it here needs. */
export interface LocalFunction {
  readonly name: string;
  readonly handler: string;
  readonly timeoutMs: number;
  readonly links: readonly string[];
  readonly bundling?: Bundling;
}

interface StreamMapping {
  startingPosition: "TRIM_HORIZON";
  batchSize: number;
  bisectBatchOnFunctionError: true;
  maximumRetryAttempts: number;
  functionResponseTypes: ["ReportBatchItemFailures"];
  destinationConfig: { onFailure: { destinationArn: string } };
}

interface Index {
  hashKey: string;
  rangeKey: string;
}

interface DynamoArgs {
  fields: Record<string, "string">;
  primaryIndex: Index;
  globalIndexes: Record<string, Index & { projection: "keys-only" | string[] }>;
  ttl: string;
  stream: "new-and-old-images";
  deletionProtection?: boolean;
  transform?: { table: { pointInTimeRecovery: { enabled: true } } };
}

interface QueueArgs {
  visibilityTimeout?: Duration;
  dlq?: { queue: string; retry: number };
  transform?: { queue: { messageRetentionSeconds: number } };
}

interface CronArgs {
  schedule: Rate;
  event?: Record<string, string>;
  retries?: number;
  dlq?: string;
  function: FunctionArgs;
}

/** Everything infra/ and stacks/ declared, in the order they did. */
export const declared = {
  tables: [] as { name: string; args: DynamoArgs }[],
  buckets: [] as { name: string; bucket: string }[],
  queues: [] as { name: string; visibilitySeconds: number; dead?: { arn: string; after: number } }[],
  secrets: [] as string[],
  senders: [] as { name: string; sender: string }[],
  functions: [] as LocalFunction[],
  endpoints: [] as LocalFunction[],
  consumers: [] as { queue: string; batchSize: number; run: LocalFunction }[],
  streams: [] as { table: string; filters: object[]; mapping: StreamMapping; run: LocalFunction }[],
  schedules: [] as {
    name: string;
    everyMs: number;
    event: object;
    retries: number;
    dead?: string;
    run: LocalFunction;
  }[],
};

export const queueArn = (name: string): string => `arn:aws:sqs:eu-central-1:000000000000:${name}`;

class Dynamo implements Linkable {
  readonly name: string;
  readonly arn: string;
  constructor(name: string, args: DynamoArgs) {
    this.name = name;
    this.arn = `arn:aws:dynamodb:eu-central-1:000000000000:table/${name}`;
    declared.tables.push({ name, args });
  }
  subscribe(
    name: string,
    subscriber: FunctionArgs,
    args: { filters: object[]; transform: { eventSourceMapping: StreamMapping } },
  ) {
    const run = declareFunction(`${this.name}Subscriber${name}`, subscriber);
    const mapping = args.transform.eventSourceMapping;
    declared.streams.push({ table: this.name, filters: args.filters, mapping, run });
  }
}

class Bucket implements Linkable {
  readonly name: string;
  readonly arn: string;
  constructor(name: string, _args: { versioning: true; enforceHttps: true }) {
    this.name = name;
    this.arn = `arn:aws:s3:::${name.toLowerCase()}`;
    declared.buckets.push({ name, bucket: name.toLowerCase() });
  }
}

class Queue implements Linkable {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  constructor(name: string, args: QueueArgs = {}) {
    this.name = name;
    this.arn = queueArn(name);
    this.url = `/000000000000/${name}`;
    declared.queues.push({
      name,
      visibilitySeconds: milliseconds(args.visibilityTimeout ?? "30 seconds") / 1000,
      ...(args.dlq ? { dead: { arn: args.dlq.queue, after: args.dlq.retry } } : {}),
    });
  }
  subscribe(subscriber: FunctionArgs, args: { batch: { size: number; partialResponses: true } }) {
    const run = declareFunction(`${this.name}Subscriber`, subscriber);
    declared.consumers.push({ queue: this.name, batchSize: args.batch.size, run });
  }
}

class Function implements Linkable {
  readonly name: string;
  readonly url = "local";
  constructor(name: string, args: FunctionArgs) {
    this.name = name;
    const run = declareFunction(name, args);
    if (args.url) declared.endpoints.push(run);
  }
}

class CronV2 {
  readonly name: string;
  constructor(name: string, args: CronArgs) {
    this.name = name;
    const run = declareFunction(`${name}Handler`, args.function);
    const every = args.schedule.slice("rate(".length, -1) as Duration;
    declared.schedules.push({
      name,
      everyMs: milliseconds(every),
      event: args.event ?? {},
      retries: args.retries ?? 0,
      ...(args.dlq ? { dead: args.dlq } : {}),
      run,
    });
  }
}

class Email implements Linkable {
  readonly name: string;
  readonly sender: string;
  readonly configSet = "local";
  readonly nodes = { identity: { arn: "arn:aws:ses:local" }, configurationSet: { arn: "arn:aws:ses:local" } };
  constructor(name: string, args: { sender: string }) {
    this.name = name;
    this.sender = args.sender;
    declared.senders.push({ name, sender: args.sender });
  }
}

class Secret implements Linkable {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
    declared.secrets.push(name);
  }
}

interface Permission {
  actions: string[];
  resources: string[];
}

/** Permissions are AWS's to enforce; they are checked on the real graph, in tests/infra. */
const Linkable = {
  wrap<T>(
    _component: new (name: string, args: never) => T,
    _define: (resource: T) => { properties: Record<string, string>; include: Permission[] },
  ): void {},
};

function declareFunction(name: string, args: FunctionArgs): LocalFunction {
  const run = {
    name,
    handler: args.handler,
    timeoutMs: milliseconds(args.timeout ?? "20 seconds"),
    links: (args.link ?? []).map((link) => link.name),
    ...(args.nodejs ? { bundling: args.nodejs } : {}),
  };
  declared.functions.push(run);
  return run;
}

function milliseconds(duration: Duration): number {
  const [count, unit = ""] = duration.split(" ");
  const size = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 }[unit.replace(/s$/, "")];
  if (!size) throw new Error(`Not a duration: ${duration}`);
  return Number(count) * size;
}

const engine = {
  sst: {
    Secret,
    Linkable,
    aws: { Dynamo, Bucket, Queue, Function, CronV2, Email, permission: (args: Permission) => args },
  },
  $app: { name: "storno", stage: "local" },
  $interpolate: (strings: TemplateStringsArray, ...values: string[]) =>
    String.raw({ raw: strings }, ...values),
};

declare global {
  var sst: typeof engine.sst;
  var $app: typeof engine.$app;
  var $interpolate: typeof engine.$interpolate;
}

/** Makes SST's globals available, then runs the real stacks once; a second call changes nothing. */
export async function declare(): Promise<typeof declared> {
  Object.assign(globalThis, engine);
  await import("../../stacks/api.ts");
  await import("../../stacks/workers.ts");
  await import("../../stacks/schedules.ts");
  return declared;
}
