import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../../scripts/sst/platform.ts";
import type { Graph } from "../../scripts/sst/synth.ts";
import { synthesize } from "./sst.ts";

let graph: Graph;
beforeAll(async () => {
  graph = await synthesize();
}, 120_000);

interface Policy {
  Statement: {
    Effect: string;
    Action: string[];
    Resource: string[];
    Condition?: { test: string; variable: string }[];
  }[];
}

const inputs = <T>(type: string): T[] =>
  graph.resources.filter((resource) => resource.type === type).map((resource) => resource.inputs as T);
const the = (type: string) => {
  const all = inputs<Record<string, unknown>>(type);
  expect(all, type).toHaveLength(1);
  return all[0]!;
};
const nameIn = (arn: string) => arn.split(":").at(-1)!;

const queues = () =>
  inputs<{
    name: string;
    visibilityTimeoutSeconds: number;
    redrivePolicy?: string;
    messageRetentionSeconds?: number;
  }>("aws:sqs/queue:Queue");
const mappings = () =>
  inputs<{
    eventSourceArn: string;
    functionName: string;
    functionResponseTypes: string[];
    bisectBatchOnFunctionError?: boolean;
    maximumRetryAttempts?: number;
    startingPosition?: string;
    destinationConfig?: { onFailure: { destinationArn: string } };
  }>("aws:lambda/eventSourceMapping:EventSourceMapping");
const functionNamed = (arn: string) =>
  inputs<{ name: string; timeout: number }>("aws:lambda/function:Function").find(
    ({ name }) => name === nameIn(arn),
  )!;

describe("the graph that SST makes of stacks/", () => {
  it("names a handler file for every function", () => {
    expect(graph.functions.length).toBeGreaterThan(10);
    const missing = graph.functions.filter(
      ({ handler }) => !existsSync(join(root, handler.replace(/\.\w+$/, ".ts"))),
    );
    expect(missing.map(({ handler }) => handler)).toEqual([]);
  });

  it("runs every function on the Node that package.json pins", () => {
    const runtimes = inputs<{ runtime: string; architectures: string[] }>("aws:lambda/function:Function");
    expect(new Set(runtimes.map(({ runtime }) => runtime))).toEqual(new Set(["nodejs24.x"]));
    expect(process.version).toMatch(/^v24\./);
  });

  it("serves the API on a function URL, which leaves CORS to the API", () => {
    expect(graph.outputs.api).toMatch(/^https:\/\/.+lambda-url/);
    expect(the("aws:lambda/functionUrl:FunctionUrl")).toMatchObject({ authorizationType: "NONE" });
    expect(the("aws:lambda/functionUrl:FunctionUrl").cors).toBeUndefined();
  });
});

describe("queues", () => {
  it("each has one consumer and a dead-letter queue that keeps 14 days, or is one itself", () => {
    const graves = new Set(
      queues().flatMap(({ redrivePolicy }) =>
        redrivePolicy
          ? [nameIn((JSON.parse(redrivePolicy) as { deadLetterTargetArn: string }).deadLetterTargetArn)]
          : [],
      ),
    );
    const consumed = new Set(mappings().map(({ eventSourceArn }) => nameIn(eventSourceArn)));
    const [served, unserved] = [true, false].map((is) =>
      queues().filter(({ name }) => consumed.has(name) === is),
    );
    for (const { name, redrivePolicy } of served!)
      expect(JSON.parse(redrivePolicy!), name).toMatchObject({ maxReceiveCount: 5 });
    for (const { name, messageRetentionSeconds } of unserved!)
      expect(messageRetentionSeconds, name).toBe(1_209_600);
    expect([...graves].filter((grave) => consumed.has(grave))).toEqual([]);
    expect(graves.size).toBe(8);
  });

  it("hide a message for at least six times as long as its function may run", () => {
    const consumed = mappings().filter(({ eventSourceArn }) => eventSourceArn.includes(":sqs:"));
    expect(consumed).toHaveLength(8);
    for (const { eventSourceArn, functionName } of consumed) {
      const queue = queues().find(({ name }) => name === nameIn(eventSourceArn))!;
      const { timeout } = functionNamed(functionName);
      expect(timeout, queue.name).toBeGreaterThan(0);
      expect(queue.visibilityTimeoutSeconds, queue.name).toBeGreaterThanOrEqual(6 * timeout);
    }
  });

  it("get back only the messages of a batch that failed", () => {
    for (const { eventSourceArn, functionResponseTypes } of mappings())
      expect(functionResponseTypes, eventSourceArn).toEqual(["ReportBatchItemFailures"]);
  });
});

describe("the table", () => {
  it("can be restored to any second, expires rows, and tells what changed", () => {
    expect(the("aws:dynamodb/table:Table")).toMatchObject({
      billingMode: "PAY_PER_REQUEST",
      pointInTimeRecovery: { enabled: true },
      ttl: { attributeName: "ttl", enabled: true },
      streamViewType: "NEW_AND_OLD_IMAGES",
    });
  });

  it("has two slim indexes, none of which copies whole rows", () => {
    expect(the("aws:dynamodb/table:Table").globalSecondaryIndexes).toEqual([
      expect.objectContaining({
        name: "gsi1",
        projectionType: "INCLUDE",
        nonKeyAttributes: ["x", "e", "v"],
      }),
      expect.objectContaining({ name: "gsi2", projectionType: "KEYS_ONLY" }),
    ]);
  });

  it("hands its announcements to one subscriber, in halves when a batch fails, to a queue when that does not help", () => {
    const [stream, ...others] = mappings().filter(({ eventSourceArn }) =>
      eventSourceArn.includes(":dynamodb:"),
    );
    expect(others).toEqual([]);
    expect(stream).toMatchObject({
      startingPosition: "TRIM_HORIZON",
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 5,
      filterCriteria: { filters: [{ pattern: '{"dynamodb":{"NewImage":{"out":{"B":[{"exists":true}]}}}}' }] },
    });
    expect(nameIn(stream!.destinationConfig!.onFailure.destinationArn)).toContain("ChangesDead");
  });
});

describe("the bucket", () => {
  it("is private, keeps every version and refuses plain HTTP", () => {
    expect(the("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(the("aws:s3/bucketVersioning:BucketVersioning")).toMatchObject({
      versioningConfiguration: { status: "Enabled" },
    });
    const { policy } = the("aws:s3/bucketPolicy:BucketPolicy");
    const [statement] = (JSON.parse(policy as string) as Policy).Statement;
    expect(statement).toMatchObject({
      Effect: "Deny",
      Action: ["s3:*"],
      Condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
    });
  });
});

describe("schedules", () => {
  interface Schedule {
    name: string;
    scheduleExpression: string;
    state: string;
    target: { input: string; retryPolicy: object; deadLetterConfig: { arn: string } };
  }

  it("sync each plan at exactly its own rate", () => {
    const perPlan = inputs<Schedule>("aws:scheduler/schedule:Schedule").flatMap(
      ({ target, scheduleExpression }) => {
        const { plan } = JSON.parse(target.input) as { plan?: string };
        return plan ? [[plan, scheduleExpression]] : [];
      },
    );
    expect(Object.fromEntries(perPlan)).toEqual({
      freemium: "rate(1 day)",
      starter: "rate(12 hours)",
      professional: "rate(4 hours)",
      business: "rate(1 hour)",
    });
    expect(perPlan).toHaveLength(4);
  });

  it("try again and keep what failed", () => {
    for (const { name, state, target } of inputs<Schedule>("aws:scheduler/schedule:Schedule")) {
      expect(state, name).toBe("ENABLED");
      expect(target.retryPolicy, name).toEqual({ maximumRetryAttempts: 2 });
      expect(nameIn(target.deadLetterConfig.arn), name).toContain("SchedulesDead");
    }
  });
});

describe("permissions", () => {
  it("give no function a wildcard over data, nor data outside this app", () => {
    const statements = inputs<{ name: string; inlinePolicies?: { policy: string }[] }>(
      "aws:iam/role:Role",
    ).flatMap(({ name, inlinePolicies = [] }) =>
      inlinePolicies.flatMap(({ policy }) =>
        (JSON.parse(policy) as Policy).Statement.map((statement) => ({ name, ...statement })),
      ),
    );
    expect(statements.length).toBeGreaterThan(20);
    for (const { name, Action, Resource } of statements) {
      for (const action of Action) expect(action, name).not.toMatch(/^(\*|(dynamodb|s3|sqs|ses|lambda):\*)$/);
      for (const resource of Resource)
        expect(resource, `${name} ${Action.join()}`).toMatch(/storno-test-|:Mail(Identity|Config)$|\/\*$/);
    }
  });
});
