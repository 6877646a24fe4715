import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { companies } from "#core/companies/company.ts";
import { eventTypes } from "#core/model/events.ts";
import { commit } from "#core/store/commit.ts";
import { type Local, start } from "#infra/local/engine.ts";
import { freshCif } from "../cif.ts";
import { receiver } from "../receiver.ts";
import { call, type SignedIn, signIn } from "../signed-in.ts";

let local: Local;
let user: SignedIn;
let companyId: string;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  local = await start({ simulator: true });
  user = await signIn(local);
  companyId = await newCompany(user);
});
afterAll(async () => {
  for (const close of closing) await close();
  await local.stop();
});

async function newCompany(owner: SignedIn): Promise<string> {
  const { status, body } = await owner.call("POST", "/api/v1/companies", { cif: freshCif() });
  expect(status).toBe(201);
  return body.id;
}

/** Sessions last an hour: whoever moves the clock signs in again. */
const signInAgain = async () => {
  const { email, password } = user;
  const { body } = await call(local, "POST", "/api/auth", { email, password });
  const headers = { authorization: `Bearer ${body.token}` };
  user = {
    ...user,
    headers,
    call: (method, path, sent, more) => call(local, method, path, sent, { ...headers, ...more }),
  };
};

const endpoint = async (url: string, events: string[] = ["*"], more: object = {}) => {
  const { status, body } = await user.call("POST", "/api/v1/webhooks", { url, events, ...more });
  expect(status).toBe(201);
  return body;
};

const receiving = async (...statuses: number[]) => {
  const made = await receiver(...statuses);
  closing.push(made.close);
  return made;
};

/** Announces company.updated the way every verb does: by a committed row. */
const announce = async () => {
  const organizationId = (await companyRow()).organizationId;
  const before = await companies.get(organizationId, companyId);
  await commit([
    companies.replace(organizationId, before, before, { events: [{ name: "company.updated" }] }),
  ]);
};
const companyRow = async () => {
  const { body } = await user.call("GET", "/api/v1/me");
  const organizationId = body.organization.id as string;
  return { organizationId };
};

describe("POST /api/v1/webhooks", () => {
  it("201 with the whole secret, masked ever after", async () => {
    const made = await endpoint("https://192.0.0.9.example.invalid/x", ["invoice.issued", "invoice.issued"]);
    expect(made).toMatchObject({ uuid: made.id, events: ["invoice.issued"], isActive: true });
    expect(Buffer.from(made.secret.replace("whsec_", ""), "base64")).toHaveLength(32);
    const { body } = await user.call("GET", `/api/v1/webhooks/${made.id}`);
    expect(body.secret).not.toBe(made.secret);
    expect(body.secret).toMatch(/^whsec_••••.{4}$/);
  });

  it("the same object for the same idempotency key", async () => {
    const input = { url: "https://example.invalid/x", events: ["*"] };
    const key = { "Idempotency-Key": "w-1" };
    const first = await user.call("POST", "/api/v1/webhooks", input, key);
    const again = await user.call("POST", "/api/v1/webhooks", input, key);
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(
      (await user.call("POST", "/api/v1/webhooks", { ...input, events: ["sync.failed"] }, key)).status,
    ).toBe(422);
  });

  it.each([
    ["400 without url", { events: ["*"] }, 400, "url"],
    ["400 without events", { url: "https://example.invalid" }, 400, "events"],
    ["400 for an empty list of events", { url: "https://example.invalid", events: [] }, 400, "events"],
    ["400 for events that are no list", { url: "https://example.invalid", events: "all" }, 400, "events"],
    [
      "422 for an unknown event",
      { url: "https://example.invalid", events: ["invoice.lost"] },
      422,
      "events[0]",
    ],
    ["422 for plain http", { url: "http://example.invalid/", events: ["*"] }, 422, "url"],
    ["422 for a URL that is none", { url: "example", events: ["*"] }, 422, "url"],
    ["422 for credentials in the URL", { url: "https://a:b@example.invalid/", events: ["*"] }, 422, "url"],
    ["422 for a private address", { url: "https://10.1.2.3/", events: ["*"] }, 422, "url"],
    ["422 for the metadata address", { url: "https://169.254.169.254/", events: ["*"] }, 422, "url"],
    ["422 for a private address as one number", { url: "https://167837955/", events: ["*"] }, 422, "url"],
    [
      "422 for a private address in IPv6 clothes",
      { url: "https://[::ffff:10.0.0.1]/", events: ["*"] },
      422,
      "url",
    ],
    ["422 for a unique local IPv6 address", { url: "https://[fd00::1]/", events: ["*"] }, 422, "url"],
  ])("%s", async (_, input, status, field) => {
    const answer = await user.call("POST", "/api/v1/webhooks", input);
    expect([answer.status, Object.keys(answer.body.errors ?? {})]).toEqual([status, [field]]);
  });

  it("422 for loopback where the stage does not allow it", async () => {
    process.env.LOOPBACK_WEBHOOKS = "off";
    const answer = await user.call("POST", "/api/v1/webhooks", { url: "https://127.0.0.1/", events: ["*"] });
    process.env.LOOPBACK_WEBHOOKS = "on";
    expect(answer.status).toBe(422);
  });
});

describe("endpoints of a company", () => {
  it("are listed, changed, given a new secret and removed", async () => {
    const made = await endpoint("https://example.invalid/a");
    const path = `/api/v1/webhooks/${made.id}`;
    const changed = await user.call("PATCH", path, { events: ["sync.error"], isActive: false });
    expect(changed.body).toMatchObject({ events: ["sync.error"], isActive: false, url: made.url });
    expect((await user.call("PATCH", path, {})).status).toBe(400);
    expect((await user.call("PATCH", path, { url: "http://example.invalid" })).status).toBe(422);
    const renewed = await user.call("POST", `${path}/regenerate-secret`);
    expect(renewed.body.secret).toMatch(/^whsec_/);
    expect(renewed.body.secret).not.toBe(made.secret);
    const { body } = await user.call("GET", "/api/v1/webhooks?limit=200");
    expect(body.data.map(({ id }: { id: string }) => id)).toContain(made.id);
    expect(body).toMatchObject({ page: 1, total: body.data.length });
    expect((await user.call("DELETE", path)).status).toBe(204);
    expect((await user.call("GET", path)).status).toBe(404);
    expect((await user.call("DELETE", path)).status).toBe(404);
  });

  it("404 for everybody else", async () => {
    const made = await endpoint("https://example.invalid/b");
    const stranger = await signIn(local);
    await newCompany(stranger);
    for (const [method, path] of [
      ["GET", ""],
      ["PATCH", ""],
      ["DELETE", ""],
      ["POST", "/test"],
      ["POST", "/regenerate-secret"],
      ["GET", "/deliveries"],
    ] as const) {
      const input = method === "PATCH" ? { isActive: false } : undefined;
      const answer = await stranger.call(method, `/api/v1/webhooks/${made.id}${path}`, input);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
  });

  it("event types are public to whoever is signed in, and to nobody else", async () => {
    const { body } = await user.call("GET", "/api/v1/webhooks/events");
    expect(body.data).toHaveLength(eventTypes.length);
    expect(body.data[0]).toMatchObject({
      name: "invoice.created",
      event: "invoice.created",
      category: "invoices",
    });
    expect((await local.fetch("/api/v1/webhooks/events")).status).toBe(401);
  });
});

describe("a delivery", () => {
  it("arrives once, signed both ways over the very bytes", async () => {
    const target = await receiving();
    const made = await endpoint(target.url, ["company.updated"]);
    await announce();
    await local.drain();
    expect(target.received).toHaveLength(1);
    const { headers, body } = target.received[0]!;
    const hex = createHmac("sha256", made.secret).update(body).digest("hex");
    expect(headers).toMatchObject({
      "x-webhook-signature": hex,
      "x-storno-signature": `sha256=${hex}`,
      "x-webhook-event": "company.updated",
      "user-agent": "Storno-Webhook/1.0",
    });
    const key = Buffer.from(made.secret.slice("whsec_".length), "base64");
    const signed = [headers["webhook-id"], headers["webhook-timestamp"], body].join(".");
    expect(headers["webhook-signature"]).toBe(
      `v1,${createHmac("sha256", key).update(signed).digest("base64")}`,
    );
    expect(JSON.parse(body)).toMatchObject({
      id: headers["x-webhook-id"],
      event: "company.updated",
      type: "company.updated",
      company: { id: companyId },
      data: { id: companyId },
    });
    const { body: past } = await user.call("GET", `/api/v1/webhooks/${made.id}/deliveries`);
    expect(past.data).toMatchObject([
      { status: "success", attempt: 1, responseCode: 200, responseBody: "noted" },
    ]);
    await user.call("DELETE", `/api/v1/webhooks/${made.id}`);
  });

  it("is tried again after 1, 5 and 15 minutes, then failed, under one id", async () => {
    const target = await receiving(500, 0, 302, 410, 500);
    const made = await endpoint(target.url, ["company.updated"]);
    await announce();
    await local.drain();
    const counts = [target.received.length];
    for (const minutes of [1, 5, 15, 60]) {
      local.clock({ advance: `${minutes}m` });
      await local.drain();
      counts.push(target.received.length);
    }
    await signInAgain();
    expect(counts).toEqual([1, 2, 3, 4, 4]);
    expect(new Set(target.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    const { body } = await user.call("GET", `/api/v1/webhooks/${made.id}/deliveries?status=failed`);
    expect(body.data).toMatchObject([{ status: "failed", attempt: 4, responseCode: 410, nextRetryAt: null }]);
    await user.call("DELETE", `/api/v1/webhooks/${made.id}`);
  });

  it("waiting for an endpoint that was switched off is dropped", async () => {
    const target = await receiving(500);
    const made = await endpoint(target.url, ["company.updated"]);
    await announce();
    await local.drain();
    await user.call("PATCH", `/api/v1/webhooks/${made.id}`, { isActive: false });
    local.clock({ advance: "2m" });
    await local.drain();
    expect(target.received).toHaveLength(1);
  });

  it("goes to subscribers of the event alone", async () => {
    const target = await receiving();
    const made = await endpoint(target.url, ["invoice.paid"]);
    await announce();
    await local.drain();
    expect(target.received).toHaveLength(0);
    await user.call("DELETE", `/api/v1/webhooks/${made.id}`);
  });

  it("can be sent again by hand as a new one with the same payload", async () => {
    const target = await receiving();
    const made = await endpoint(target.url, ["company.updated"]);
    await announce();
    await local.drain();
    const path = `/api/v1/webhooks/${made.id}/deliveries`;
    const [past] = (await user.call("GET", path)).body.data;
    const answer = await user.call("POST", `${path}/${past.id}/retry`);
    expect([answer.status, answer.body]).toEqual([202, { status: "queued" }]);
    await local.drain();
    expect(target.received.map(({ body }) => body)).toEqual([
      target.received[0]!.body,
      target.received[0]!.body,
    ]);
    const { body } = await user.call("GET", path);
    expect(body.data.map(({ status, attempt }: never) => [status, attempt])).toEqual([
      ["success", 1],
      ["success", 1],
    ]);
    expect((await user.call("GET", `${path}/${past.id}`)).body).toMatchObject({
      uuid: past.id,
      requestMethod: "POST",
    });
    await user.call("PATCH", `/api/v1/webhooks/${made.id}`, { isActive: false });
    expect((await user.call("POST", `${path}/${past.id}/retry`)).status).toBe(409);
    expect((await user.call("POST", `/api/v1/webhooks/${made.id}/test`)).status).toBe(422);
    expect((await user.call("GET", `${path}/${companyId}`)).status).toBe(404);
  });

  it("as a test answers 200 with what the receiver said, even when that failed", async () => {
    const target = await receiving(503);
    const made = await endpoint(target.url);
    const failed = await user.call("POST", `/api/v1/webhooks/${made.id}/test`);
    expect([failed.status, failed.body]).toMatchObject([
      200,
      { success: false, statusCode: 503, status: "failed" },
    ]);
    const fine = await user.call("POST", `/api/v1/webhooks/${made.id}/test`, { eventType: "invoice.paid" });
    expect(fine.body).toMatchObject({ success: true, eventType: "invoice.paid", responseBody: "noted" });
    expect((await user.call("POST", `/api/v1/webhooks/${made.id}/test`, { eventType: "x" })).status).toBe(
      422,
    );
    await local.drain();
    expect(target.received).toHaveLength(2);
    await user.call("DELETE", `/api/v1/webhooks/${made.id}`);
  });
});
