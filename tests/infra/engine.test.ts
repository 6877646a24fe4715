import { createCipheriv, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { instant, now } from "#core/lib/clock.ts";
import { linked } from "#core/store/linked.ts";
import { serveFunction } from "#infra/local/function-url.ts";
import { type Local, start } from "#infra/local/engine.ts";

let local: Local;
beforeAll(async () => {
  local = await start({ simulator: true, observe: true, env: { RATE_LIMITS: "on" } });
});
afterAll(() => local.stop());

const control = (path: string, body?: object) =>
  fetch(`${local.simulator.url}/__local${path}`, body ? { method: "POST", body: JSON.stringify(body) } : {});

describe("the engine", () => {
  it("serves the API on HTTP and in process", async () => {
    expect((await fetch(`${local.apiUrl}/health`)).status).toBe(200);
    expect((await local.fetch("/health")).status).toBe(200);
    expect((await local.fetch("/nowhere")).status).toBe(404);
  });

  it("links what stacks/ declare, and says so when something is not", () => {
    expect(linked.Table.name).toBe("Table");
    expect(linked.Files.name).toBe("files");
    expect(linked.Submissions.url).toMatch(/\/Submissions$/);
    expect(JSON.parse(linked.JwtKey.value)).toMatchObject({
      kty: "OKP",
      crv: "Ed25519",
      d: expect.any(String),
    });
    expect(Buffer.from(linked.TokenKey.value, "base64")).toHaveLength(32);
    expect(linked.Mail.sender).toContain("@");
    expect(() => (linked as unknown as Record<string, object>).Nothing).toThrow(/not linked/);
  });

  it("runs under generous settings, which a test may take back", () => {
    expect(process.env).toMatchObject({
      NEW_ORGANIZATION_PLAN: "business",
      RATE_LIMITS: "on",
      BASE_URL: local.apiUrl,
    });
    expect(process.env.ANAF_LOGIN_URL).toBe(`${local.simulator.url}/logincert`);
  });

  it("keeps the mails that the SDK sends, newest first", async () => {
    const ses = new SESv2Client({});
    const send = (subject: string, to: string) =>
      ses.send(
        new SendEmailCommand({
          FromEmailAddress: "a@example.com",
          Destination: { ToAddresses: [to] },
          Content: {
            Simple: {
              Subject: { Data: subject },
              Body: { Text: { Data: "salut" }, Html: { Data: "<p>salut</p>" } },
            },
          },
        }),
      );
    await send("first", "ana@example.com");
    await send("second", "ion@example.com");
    expect(await (await control("/mail")).json()).toMatchObject([
      { to: "ion@example.com", subject: "second", text: "salut", html: "<p>salut</p>" },
      { to: "ana@example.com", subject: "first" },
    ]);
    ses.destroy();
  });

  it("drains on demand, and refuses other methods", async () => {
    expect(await (await control("/drain", {})).json()).toEqual({ messages: 0, schedules: 0 });
    expect((await control("/drain")).status).toBe(404);
  });
});

describe("the clock", () => {
  it("moves product and simulator together, forth by durations and to instants", async () => {
    const before = now();
    const { now: moved } = (await (await control("/clock", { advance: "1h" })).json()) as { now: string };
    expect(Date.parse(moved)).toBeGreaterThanOrEqual(before + 3_600_000);
    const simulator = await fetch(`${local.simulator.url}/__sim/clock`);
    const { now: simulated } = (await simulator.json()) as { now: string };
    expect(Math.abs(Date.parse(simulated) - now())).toBeLessThan(5_000);
    expect(local.clock({ set: "2030-01-02T03:04:05Z" })).toMatch(/^2030-01-02T03:04:05/);
    expect(instant()).toMatch(/^2030-01-02T03:04/);
  });

  it("is moved by the simulator's control too", async () => {
    local.clock({ set: "2031-01-01T00:00:00Z" });
    await fetch(`${local.simulator.url}/__sim/clock`, { method: "POST", body: '{"advance":"1d"}' });
    expect(instant()).toMatch(/^2031-01-02T00:00/);
  });

  it.each([
    {},
    { advance: "soon" },
    { advance: "-1h" },
    { set: "tomorrow" },
    { advance: "1h", set: "2030-01-01" },
  ])("400 for %j", async (body) => {
    const before = now();
    expect((await control("/clock", body)).status).toBe(400);
    expect(now() - before).toBeLessThan(5_000);
  });
});

describe("the table, observed", () => {
  const key = (sk: string) => ({ pk: { S: "observed" }, sk: { S: sk } });
  const client = () => new DynamoDBClient({ maxAttempts: 1 });

  it("counts requests and units", async () => {
    const db = client();
    local.dynamo.reset();
    await db.send(
      new PutItemCommand({ TableName: "Table", Item: { ...key("a"), d: { S: "x".repeat(1500) } } }),
    );
    await db.send(new GetItemCommand({ TableName: "Table", Key: key("a"), ConsistentRead: true }));
    expect(local.dynamo.usage()).toEqual({
      requests: 2,
      readUnits: 1,
      writeUnits: 2,
      actions: { PutItem: 1, GetItem: 1 },
    });
  });

  it.each([
    ["throttle", "ProvisionedThroughputExceededException"],
    ["conflict", "TransactionConflictException"],
    ["internal", "InternalServerError"],
  ] as const)("answers an injected %s as AWS does, and writes nothing", async (fault, name) => {
    const db = client();
    const end = local.dynamo.inject(({ action }) => (action === "PutItem" ? fault : undefined));
    await expect(db.send(new PutItemCommand({ TableName: "Table", Item: key(fault) }))).rejects.toMatchObject(
      { name },
    );
    end();
    expect((await db.send(new GetItemCommand({ TableName: "Table", Key: key(fault) }))).Item).toBeUndefined();
  });

  it("cancels a transaction with the conflict among its reasons", async () => {
    const db = client();
    const end = local.dynamo.inject(() => "conflict");
    const TransactItems = ["x", "y"].map((sk) => ({ Put: { TableName: "Table", Item: key(sk) } }));
    await expect(db.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "TransactionConflict" }, { Code: "None" }],
    });
    end();
  });

  it("loses an answer after the write, or the request before it", async () => {
    const db = client();
    for (const [fault, written] of [
      ["lost-answer", true],
      ["lost-request", false],
    ] as const) {
      const end = local.dynamo.inject(() => fault);
      await expect(db.send(new PutItemCommand({ TableName: "Table", Item: key(fault) }))).rejects.toThrow(
        /hang up|reset|closed/i,
      );
      end();
      const { Item } = await db.send(
        new GetItemCommand({ TableName: "Table", Key: key(fault), ConsistentRead: true }),
      );
      expect(Item !== undefined, fault).toBe(written);
    }
  });
});

describe("a function URL", () => {
  const serve = async (name: string) => {
    const served = await serveFunction("127.0.0.1", 0);
    const afterwards = vi.fn<() => void>();
    served.attach({ name, handler: `tests/infra/handlers.${name}`, timeoutMs: 5_000, links: [] }, afterwards);
    return { ...served, afterwards };
  };

  it("hands over method, path, query, headers, cookies, address and body as Lambda does", async () => {
    const { url, stop } = await serve("echo");
    const answer = await fetch(`${url}/a%20b?x=1&y=%C8%9B`, {
      method: "PUT",
      body: "ț",
      headers: { "x-company": "c", cookie: "k=v; l=w" },
    });
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await answer.json()).toMatchObject({
      version: "2.0",
      rawPath: "/a%20b",
      rawQueryString: "x=1&y=%C8%9B",
      headers: { "x-company": "c" },
      cookies: ["k=v", "l=w"],
      requestContext: { http: { method: "PUT", path: "/a%20b", sourceIp: "127.0.0.1" } },
      body: Buffer.from("ț").toString("base64"),
      isBase64Encoded: true,
    });
    await stop();
  });

  it("gives back bytes, on HTTP and in process alike", async () => {
    const { url, fetch: call, stop, afterwards } = await serve("binary");
    for (const answer of [await fetch(url), await call("/")]) {
      expect(answer.status).toBe(201);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([0, 255, 254]));
    }
    await stop();
    expect(afterwards).toHaveBeenCalledTimes(2);
  });

  it("502 when the function throws, 413 for a body no Lambda could take", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { url, stop } = await serve("broken");
    expect((await fetch(url)).status).toBe(502);
    expect((await fetch(url, { method: "POST", body: new Uint8Array(17 << 20) })).status).toBe(413);
    await stop();
    vi.restoreAllMocks();
  });
});

describe("linked resources on Lambda", () => {
  it("are read from the sealed file as SST's own reader does", async () => {
    const directory = mkdtempSync(join(tmpdir(), "links-"));
    const key = randomBytes(32);
    const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(12));
    const sealed = { Table: { name: "sealed" }, JwtKey: { value: "țară" } };
    const text = Buffer.concat([cipher.update(JSON.stringify(sealed)), cipher.final(), cipher.getAuthTag()]);
    writeFileSync(join(directory, "resource.enc"), text);
    vi.stubEnv("SST_KEY", key.toString("base64")).stubEnv("SST_KEY_FILE", join(directory, "resource.enc"));
    for (const name of ["Table", "JwtKey"]) vi.stubEnv(`SST_RESOURCE_${name}`, undefined);
    const { Resource } = (await import("sst")) as { Resource: unknown };
    for (const resource of [linked, Resource as typeof linked]) {
      expect(resource.Table).toEqual({ name: "sealed" });
      expect(resource.JwtKey.value).toBe("țară");
    }
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });
});
