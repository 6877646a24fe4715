import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiKeys } from "#core/identity/api-key.ts";
import { memberships } from "#core/identity/organizations.ts";
import { users } from "#core/identity/users.ts";
import { instantIn } from "#core/lib/clock.ts";
import { sha256 } from "#core/lib/ids.ts";
import { commit } from "#core/store/commit.ts";
import { take } from "#core/store/names.ts";
import { type Local, start } from "#infra/local/engine.ts";
import { call, type SignedIn, signIn } from "../signed-in.ts";

let local: Local;
let person: SignedIn;
beforeAll(async () => {
  local = await start();
});
beforeAll(async () => {
  person = await signIn(local);
});
afterAll(() => local.stop());

const path = "/api/v1/api-tokens";
const scopes = ["invoice.view", "client.view", "api_key.view"];

const create = (more: object = {}, by = person) => by.call("POST", path, { name: "Shop", scopes, ...more });

/** Who the API takes the sender of this Authorization header for. */
const me = (authorization: string, more: Record<string, string> = {}) =>
  call(local, "GET", "/api/v1/me", undefined, { authorization, ...more });

describe("POST /api/v1/api-tokens", () => {
  it("201 with the key's text, this once", async () => {
    const { status, body } = await create();
    expect(status).toBe(201);
    expect(body.token).toMatch(/^sk_(live|test)_[0-9a-f]{64}$/);
    expect(body).toMatchObject({
      uuid: body.id,
      name: "Shop",
      tokenPrefix: body.token.slice(0, 12),
      scopes: expect.arrayContaining(scopes),
      lastUsedAt: null,
      expiresAt: null,
      expireAt: null,
      revokedAt: null,
    });
    const { body: listed } = await person.call("GET", path);
    expect(JSON.stringify(listed)).not.toContain(body.token.slice(13));
    expect(JSON.stringify(listed)).not.toContain(sha256(body.token));
  });

  it("once per idempotency key; the text is not shown again", async () => {
    const request = ["POST", path, { name: "Once", scopes }, { "idempotency-key": "k-1" }] as const;
    const [first, second] = [await person.call(...request), await person.call(...request)];
    expect([second.status, second.body.id]).toEqual([201, first.body.id]);
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(second.body).not.toHaveProperty("token");
  });

  it.each([
    ["name", { name: " " }],
    ["name", { name: undefined }],
    ["scopes", { scopes: undefined }],
    ["scopes", { scopes: [] }],
    ["scopes", { scopes: ["invoice.fly"] }],
    ["expiresAt", { expiresAt: "2020-01-01T00:00:00Z" }],
    ["expiresAt", { expiresAt: "tomorrow" }],
  ])("422 naming %s for %j", async (field, bad) => {
    const { status, body } = await create(bad);
    expect([status, Object.keys(body.errors)]).toEqual([422, [field]]);
  });

  it("400 for a wrong type", async () => {
    expect((await create({ scopes: "invoice.view" })).status).toBe(400);
  });

  it("422 for a scope beyond the caller's own", async () => {
    const admin = await signIn(local);
    await becomes(admin, { role: "admin" });
    const { status, body } = await create({ scopes: ["org.manage_billing"] }, admin);
    expect([status, Object.keys(body.errors)]).toEqual([422, ["scopes"]]);
  });

  it("403 without the permission", async () => {
    const clerk = await signIn(local);
    await becomes(clerk, { role: "employee" });
    expect((await create({}, clerk)).status).toBe(403);
    expect((await clerk.call("GET", path)).status).toBe(403);
    expect((await clerk.call("GET", `${path}/scopes`)).status).toBe(403);
  });

  it("403 for a key, whatever its scopes: keys do not make keys", async () => {
    const { body: key } = await create({ scopes: ["api_key.manage", "api_key.view"] });
    const headers = { authorization: `Bearer ${key.token}` };
    const by = (method: string, to: string, body?: object) => call(local, method, to, body, headers);
    expect((await by("POST", path, { name: "x", scopes })).status).toBe(403);
    expect((await by("PATCH", `${path}/${key.id}`, { name: "x" })).status).toBe(403);
    expect((await by("DELETE", `${path}/${key.id}`)).status).toBe(403);
    expect((await by("POST", `${path}/${key.id}/rotate`)).status).toBe(403);
    expect((await by("GET", path)).status).toBe(200);
  });
});

describe("a key as credential", () => {
  it("is taken with Bearer and raw, and has its scopes and no more", async () => {
    const { body: key } = await create();
    for (const authorization of [`Bearer ${key.token}`, `bearer ${key.token}`, key.token]) {
      const { status, body } = await me(authorization);
      expect([status, body.permissions.toSorted()]).toEqual([200, scopes.toSorted()]);
    }
  });

  it("401 saying so when it is mistyped or cut", async () => {
    const { body: key } = await create();
    const last = key.token.at(-1) === "0" ? "1" : "0";
    for (const token of [key.token.slice(0, -1), key.token.slice(0, -1) + last]) {
      const { status, body } = await me(`Bearer ${token}`);
      expect([status, body.code]).toEqual([401, 401]);
      expect(body.message).toContain("checksum");
    }
  });

  it("401 for one that nobody was given", async () => {
    for (const token of [`sk_${"0".repeat(64)}`, "af_unknown"]) expect((await me(token)).status).toBe(401);
  });

  it("is taken as af_…, raw and with Bearer, when such a key was brought along", async () => {
    const { userId, organizationId } = await person.ids();
    const { body: made } = await create();
    const text = "af_0123456789abcdef0123456789abcdef";
    const key = await apiKeys.get(organizationId, made.id);
    const place = { id: made.id, userId, organizationId };
    const brought = { ...key, hash: sha256(text) };
    await commit([take(`key#${sha256(text)}`, place), apiKeys.replace(organizationId, key, brought)]);
    expect((await me(text)).status).toBe(200);
    expect((await me(`Bearer ${text}`)).status).toBe(200);
  });

  it("loses at once what its user loses, and never gains", async () => {
    const other = await signIn(local);
    const { body: key } = await create({ scopes: ["client.view", "client.delete"] }, other);
    await becomes(other, { role: "employee" });
    expect((await me(key.token)).body.permissions).toEqual(["client.view"]);
    await becomes(other, { isActive: false });
    expect((await me(key.token)).status).toBe(401);
  });

  it("403 account_inactive when its user is deactivated, 401 when its user is gone", async () => {
    const other = await signIn(local);
    const { body: key } = await create({}, other);
    const { userId } = await other.ids();
    const user = await users.get(userId, userId);
    const off = users.replace(userId, user, { ...user, active: false });
    await commit([off]);
    expect(await me(key.token)).toMatchObject({ status: 403, body: { code: "account_inactive" } });
    await commit([users.replace(userId, off.value, user)]);
    await other.call("DELETE", "/api/v1/me", { password: other.password });
    expect((await me(key.token)).status).toBe(401);
  });

  it("403 in another organization than its own", async () => {
    const { body: key } = await create();
    const other = await signIn(local);
    const { organizationId } = await other.ids();
    expect((await me(key.token, { "x-organization": organizationId })).status).toBe(403);
    const { organizationId: own } = await person.ids();
    expect((await me(key.token, { "x-organization": own })).status).toBe(200);
  });
});

describe("GET /api/v1/api-tokens", () => {
  it("lists the caller's own keys, newest first, revoked ones included", async () => {
    const owner = await signIn(local);
    const names = ["first", "second", "third"];
    const made = [];
    for (const name of names) made.push((await create({ name }, owner)).body);
    await owner.call("DELETE", `${path}/${made[1].id}`);
    const { body } = await owner.call("GET", `${path}?limit=2`);
    expect(body).toMatchObject({ total: 3, page: 1, limit: 2, pages: 2 });
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(["third", "second"]);
    expect(body.data[1].revokedAt).toEqual(expect.any(String));
  });
});

describe("GET /api/v1/api-tokens/scopes", () => {
  it("200 with the permissions the caller holds", async () => {
    const { body } = await person.call("GET", `${path}/scopes`);
    expect(body.scopes).toHaveLength(50);
    expect(body.scopes).toContainEqual({
      value: "invoice.issue",
      label: "invoice.issue",
      category: "invoice",
    });
    const { body: key } = await create();
    const answer = await call(local, "GET", `${path}/scopes`, undefined, { authorization: key.token });
    expect(answer.body.scopes.map(({ value }: { value: string }) => value).toSorted()).toEqual(
      scopes.toSorted(),
    );
  });
});

describe("PATCH /api/v1/api-tokens/{uuid}", () => {
  it("200 with the new name or scopes, in force at once; the expiry stays", async () => {
    const { body: key } = await create();
    const change = { name: "Web", scopes: ["invoice.view"], expiresAt: instantIn(60) };
    const { status, body } = await person.call("PATCH", `${path}/${key.id}`, change);
    expect([status, body.name, body.scopes, body.expiresAt]).toEqual([200, "Web", ["invoice.view"], null]);
    expect((await me(key.token)).body.permissions).toEqual(["invoice.view"]);
  });

  it("422 when nothing is given or a value is refused, 404 for an unknown key", async () => {
    const { body: key } = await create();
    for (const change of [{}, { name: "" }, { scopes: [] }, { scopes: ["nonsense"] }])
      expect((await person.call("PATCH", `${path}/${key.id}`, change)).status).toBe(422);
    for (const id of ["nonsense", "x".repeat(3000), crypto.randomUUID()])
      expect((await person.call("PATCH", `${path}/${id}`, { name: "x" })).status).toBe(404);
  });

  it("403 for a colleague's key, 404 for a stranger's", async () => {
    const { body: key } = await create();
    const { organizationId } = await person.ids();
    const colleague = await signIn(local);
    const { userId, organizationId: own } = await colleague.ids();
    const membership = await memberships.get(userId, own);
    await commit([memberships.insert(userId, { ...membership, id: organizationId, role: "admin" })]);
    const there = { "x-organization": organizationId };
    for (const [method, to, body] of [
      ["PATCH", `${path}/${key.id}`, { name: "x" }],
      ["DELETE", `${path}/${key.id}`],
      ["POST", `${path}/${key.id}/rotate`],
    ] as const) {
      expect((await colleague.call(method, to, body, there)).status).toBe(403);
      expect((await colleague.call(method, to, body)).status).toBe(404);
    }
    expect((await me(key.token)).status).toBe(200);
  });
});

describe("DELETE /api/v1/api-tokens/{uuid}", () => {
  it("204 as often as asked, and 401 for the key from the next call on", async () => {
    const { body: key } = await create();
    expect((await me(key.token)).status).toBe(200);
    expect((await person.call("DELETE", `${path}/${key.id}`)).status).toBe(204);
    expect(await me(key.token)).toMatchObject({ status: 401, body: { code: 401 } });
    expect((await person.call("DELETE", `${path}/${key.id}`)).status).toBe(204);
    expect((await person.call("DELETE", `${path}/${crypto.randomUUID()}`)).status).toBe(404);
  });
});

describe("POST /api/v1/api-tokens/{uuid}/rotate", () => {
  it("201 with another key of the same name, scopes and expiry; the old one is refused at once", async () => {
    const { body: old } = await create({ name: "Old", expiresAt: instantIn(7200) });
    const { status, body: next } = await person.call("POST", `${path}/${old.id}/rotate`);
    expect(status).toBe(201);
    expect(next).toMatchObject({
      name: "Old",
      scopes: old.scopes,
      expiresAt: old.expiresAt,
      revokedAt: null,
    });
    expect(next.token).not.toBe(old.token);
    expect([(await me(old.token)).status, (await me(next.token)).status]).toEqual([401, 200]);
  });

  it("400 for a revoked key, 404 for an unknown one", async () => {
    const { body: key } = await create();
    await person.call("DELETE", `${path}/${key.id}`);
    expect((await person.call("POST", `${path}/${key.id}/rotate`)).status).toBe(400);
    expect((await person.call("POST", `${path}/${crypto.randomUUID()}/rotate`)).status).toBe(404);
  });
});

describe("a key, as time passes", () => {
  it("is noted as used, to the hour", async () => {
    const { body: key } = await create();
    const { organizationId } = await person.ids();
    const usedAt = async () => (await apiKeys.get(organizationId, key.id)).lastUsedAt!;
    await me(key.token);
    const first = await usedAt();
    await me(key.token);
    expect(await usedAt()).toBe(first);
    local.clock({ advance: "1h" });
    await me(key.token);
    expect(Date.parse(await usedAt()) - Date.parse(first)).toBeGreaterThanOrEqual(3_600_000);
  });

  it("401 from the instant it expires", async () => {
    person = await signIn(local);
    const { body: key } = await create({ expiresAt: instantIn(3600) });
    expect((await me(key.token)).status).toBe(200);
    local.clock({ advance: "1h" });
    expect(await me(key.token)).toMatchObject({
      status: 401,
      body: { message: "This API key has expired." },
    });
  });
});

/** Changes somebody's membership in their own organization; changing members has no endpoint yet. */
async function becomes(somebody: SignedIn, change: object) {
  const { userId, organizationId } = await somebody.ids();
  const membership = await memberships.get(userId, organizationId);
  await commit([memberships.replace(userId, membership, { ...membership, ...change })]);
}
