import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memberships, organizations } from "#core/identity/organizations.ts";
import { resolve } from "#core/identity/resolve.ts";
import { register } from "#core/identity/register.ts";
import type { Role } from "#core/lib/permissions.ts";
import { commit } from "#core/store/commit.ts";
import { type Local, start } from "#infra/local/engine.ts";
import { call, type SignedIn, signIn } from "../signed-in.ts";

let local: Local;
beforeAll(async () => {
  local = await start();
});
afterAll(() => local.stop());

/** Makes a person a member of somebody else's organization; inviting members has no endpoint yet. */
async function join(person: SignedIn, organizationId: string, role: Role, custom: object = {}) {
  const { userId } = await person.ids();
  const membership = {
    id: organizationId,
    membershipId: crypto.randomUUID(),
    userId,
    role,
    isActive: true,
    permissions: null,
    allowedCompanies: [],
    joinedAt: new Date().toISOString(),
    ...custom,
  };
  await commit([memberships.insert(userId, membership)]);
}

const leave = (person: SignedIn) => person.call("DELETE", "/api/v1/me", { password: person.password });

describe("every call", () => {
  it("401 without a credential, with one that is not ours, and with one that was changed", async () => {
    const { token } = await signIn(local);
    const [head, payload] = token.split(".");
    const unsigned = `${head}.${payload}.${"A".repeat(86)}`;
    for (const authorization of [undefined, "Bearer x", "Basic abc", `Bearer ${unsigned}`, token]) {
      const headers: Record<string, string> = authorization ? { authorization } : {};
      const answer = await call(local, "GET", "/api/v1/me", undefined, headers);
      expect([answer.status, answer.body.code, typeof answer.body.message]).toEqual([401, 401, "string"]);
    }
  });

  it("401 once the token is an hour old", async () => {
    const person = await signIn(local);
    local.clock({ advance: "59m" });
    expect((await person.call("GET", "/api/v1/me")).status).toBe(200);
    local.clock({ advance: "1m" });
    expect((await person.call("GET", "/api/v1/me")).status).toBe(401);
  });

  it("acts in the organization of X-Organization, with the rights the user has there", async () => {
    const owner = await signIn(local);
    const guest = await signIn(local);
    const { organizationId } = await owner.ids();
    await join(guest, organizationId, "accountant");
    const there = await guest.call("GET", "/api/v1/me", undefined, { "x-organization": organizationId });
    expect([there.body.organization.id, there.body.currentRole]).toEqual([organizationId, "accountant"]);
    expect(there.body.permissions).not.toContain("company.create");
    expect(there.body.memberships).toHaveLength(2);
    expect((await guest.call("GET", "/api/v1/me")).body.currentRole).toBe("owner");
  });

  it("403 for an organization the user is no member of, an inactive member of, or that is none", async () => {
    const owner = await signIn(local);
    const guest = await signIn(local);
    const { organizationId } = await owner.ids();
    const at = (id: string) => guest.call("GET", "/api/v1/me", undefined, { "x-organization": id });
    expect(await at(organizationId)).toMatchObject({ status: 403, body: { message: "Access denied" } });
    for (const id of ["nonsense", "x".repeat(3000), crypto.randomUUID()])
      expect(await at(id)).toMatchObject({ status: 403, body: { message: "Access denied" } });
    await join(guest, organizationId, "admin", { isActive: false });
    expect((await at(organizationId)).status).toBe(403);
  });

  it("acts in the first organization that is left when the session's own was left", async () => {
    const owner = await signIn(local);
    const guest = await signIn(local);
    const { organizationId } = await owner.ids();
    await join(guest, organizationId, "employee");
    const { userId, organizationId: own } = await guest.ids();
    const membership = await memberships.get(userId, own);
    await commit([memberships.replace(userId, membership, { ...membership, isActive: false })]);
    expect((await guest.call("GET", "/api/v1/me")).body.organization.id).toBe(organizationId);
  });

  it("403 for the members of a deactivated organization", async () => {
    const person = await signIn(local);
    const { organizationId } = await person.ids();
    const organization = await organizations.get(organizationId, organizationId);
    const closed = { ...organization, isActive: false };
    await commit([organizations.replace(organizationId, organization, closed)]);
    expect((await person.call("GET", "/api/v1/me")).status).toBe(403);
  });

  it("gives custom permissions in place of the role's, and companies only to those who are limited", async () => {
    const owner = await signIn(local);
    const { organizationId } = await owner.ids();
    const actorOf = async (role: Role, custom: object) => {
      const guest = await signIn(local);
      await join(guest, organizationId, role, custom);
      return resolve({ authorization: guest.headers.authorization, organizationId });
    };
    const custom = await actorOf("employee", { permissions: ["invoice.issue"], allowedCompanies: ["c1"] });
    expect([...custom.permissions]).toEqual(["invoice.issue"]);
    expect([...custom.allowedCompanyIds!]).toEqual(["c1"]);
    expect((await actorOf("admin", { allowedCompanies: ["c1"] })).allowedCompanyIds).toBeUndefined();
    expect((await actorOf("accountant", {})).allowedCompanyIds).toBeUndefined();
  });
});

describe("GET /api/v1/me", () => {
  it("200 with the flat user object of the contract", async () => {
    const person = await signIn(local, { firstName: "Ana", lastName: "Pop" });
    const { status, body } = await person.call("GET", "/api/v1/me");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      email: person.email,
      fullName: "Ana Pop",
      phone: null,
      locale: "ro",
      timezone: "Europe/Bucharest",
      respectQuietHours: true,
      roles: ["ROLE_USER"],
      active: true,
      emailConfirmed: false,
      emailVerified: false,
      hasPassword: true,
      mfaEnabled: false,
      preferences: {},
      currentRole: "owner",
      plan: { plan: "business", expired: false, features: { webhooks: true, syncIntervalSeconds: 3600 } },
      subscription: { plan: "business", status: null, expiresAt: null },
      impersonating: false,
      impersonator: null,
    });
    expect(body.permissions).toHaveLength(50);
    expect(body.memberships).toEqual([
      expect.objectContaining({ organizationId: body.organization.id, role: "owner", allowedCompanies: [] }),
    ]);
    expect(JSON.stringify(body)).not.toMatch(/scrypt|hash|codes|sessionEpoch/);
  });

  it("shows the platform's administrators, who are made only by the product itself", async () => {
    const email = "root@example.com";
    const { tokens } = await register(
      { email, password: "password-1" },
      { superAdmin: true, confirmed: true },
    );
    const headers = { authorization: `Bearer ${tokens!.token}` };
    const { body } = await call(local, "GET", "/api/v1/me", undefined, headers);
    expect([body.roles, body.emailConfirmed]).toEqual([["ROLE_USER", "ROLE_SUPER_ADMIN"], true]);
    expect((await resolve({ ...headers, organizationId: undefined })).superAdmin).toBe(true);
    await local.drain();
    expect(local.mails().some(({ to }) => to === email)).toBe(false);
  });
});

describe("PATCH /api/v1/me", () => {
  it("200 with the changed user and a message; what is absent stays", async () => {
    const person = await signIn(local, { firstName: "Ana", lastName: "Pop" });
    const change = {
      firstName: "Ioana",
      phone: "+40 721 000 000",
      timezone: "Europe/Paris",
      locale: "en",
      respectQuietHours: false,
      preferences: { theme: "dark" },
      unknown: "ignored",
    };
    const { status, body } = await person.call("PATCH", "/api/v1/me", change);
    const { unknown: _, ...known } = change;
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...known, lastName: "Pop", message: expect.any(String) });
    const cleared = await person.call("PATCH", "/api/v1/me", { phone: null, preferences: {} });
    expect(cleared.body).toMatchObject({ phone: null, preferences: {}, firstName: "Ioana" });
    expect((await person.call("PATCH", "/api/v1/me")).status).toBe(200);
  });

  it.each([
    ["timezone", "Mars/Olympus"],
    ["timezone", "+02:00"],
    ["phone", "phone-1"],
    ["locale", "romanian"],
    ["preferences", { text: "x".repeat(16_000) }],
  ])("422 naming %s when it is out of reason", async (field, value) => {
    const person = await signIn(local);
    const { status, body } = await person.call("PATCH", "/api/v1/me", { [field]: value });
    expect([status, Object.keys(body.errors)]).toEqual([422, [field]]);
  });

  it("400 for a wrong type, a short password, and a new password without the current one", async () => {
    const person = await signIn(local);
    const patch = async (change: object) => {
      const { status, body } = await person.call("PATCH", "/api/v1/me", change);
      return [status, ...Object.keys(body.errors)];
    };
    expect(await patch({ respectQuietHours: "yes" })).toEqual([400, "respectQuietHours"]);
    expect(await patch({ password: "short", currentPassword: person.password })).toEqual([400, "password"]);
    expect(await patch({ password: "long-enough" })).toEqual([400, "currentPassword"]);
  });

  it("403 when the current password is wrong", async () => {
    const person = await signIn(local);
    const change = { password: "long-enough", currentPassword: "wrong" };
    expect((await person.call("PATCH", "/api/v1/me", change)).status).toBe(403);
  });

  it.each(["password", "newPassword"])("changes the password as %s and ends every session", async (name) => {
    const person = await signIn(local);
    const { email, password } = person;
    const changed = await person.call("PATCH", "/api/v1/me", {
      [name]: "long-enough",
      currentPassword: password,
    });
    expect(changed.status).toBe(200);
    expect((await person.call("GET", "/api/v1/me")).status).toBe(401);
    const refresh = await call(local, "POST", "/api/auth/refresh", { refresh_token: person.refreshToken });
    expect(refresh.status).toBe(401);
    const login = (text: string) => call(local, "POST", "/api/auth", { email, password: text });
    expect([(await login(password)).status, (await login("long-enough")).status]).toEqual([401, 200]);
  });
});

describe("DELETE /api/v1/me", () => {
  it("204, the person is gone, and the address is free again", async () => {
    const person = await signIn(local);
    const { email, password } = person;
    expect((await person.call("DELETE", "/api/v1/me", { password })).status).toBe(204);
    expect((await person.call("GET", "/api/v1/me")).status).toBe(401);
    expect((await call(local, "POST", "/api/auth", { email, password })).status).toBe(401);
    const refresh = await call(local, "POST", "/api/auth/refresh", { refresh_token: person.refreshToken });
    expect(refresh.status).toBe(403);
    expect((await call(local, "POST", "/api/auth/register", { email, password })).status).toBe(201);
  });

  it("400 without the password, 403 with a wrong one", async () => {
    const person = await signIn(local);
    const missing = await person.call("DELETE", "/api/v1/me");
    expect([missing.status, Object.keys(missing.body.errors)]).toEqual([400, ["password"]]);
    expect((await person.call("DELETE", "/api/v1/me", { password: "wrong" })).status).toBe(403);
    expect((await person.call("GET", "/api/v1/me")).status).toBe(200);
  });

  it("409 while a subscription is paid", async () => {
    const person = await signIn(local);
    const { organizationId } = await person.ids();
    const organization = await organizations.get(organizationId, organizationId);
    const paying = { ...organization, subscriptionStatus: "active" } as const;
    await commit([organizations.replace(organizationId, organization, paying)]);
    expect((await person.call("DELETE", "/api/v1/me", { password: person.password })).status).toBe(409);
  });

  it("hands the organization to the admin who joined first, and closes it when there is none", async () => {
    const owner = await signIn(local);
    const [late, early, clerk] = [await signIn(local), await signIn(local), await signIn(local)];
    const { organizationId } = await owner.ids();
    await join(late, organizationId, "admin", { joinedAt: "2026-02-01T00:00:00.000Z" });
    await join(early, organizationId, "admin", { joinedAt: "2026-01-01T00:00:00.000Z" });
    await join(clerk, organizationId, "employee", { joinedAt: "2025-01-01T00:00:00.000Z" });
    const roleOf = async (person: SignedIn) => {
      const headers = { "x-organization": organizationId };
      const { status, body } = await person.call("GET", "/api/v1/me", undefined, headers);
      return body.currentRole ?? status;
    };
    expect((await leave(owner)).status).toBe(204);
    expect([await roleOf(early), await roleOf(late)]).toEqual(["owner", "admin"]);
    await leave(early);
    expect([await roleOf(late), await roleOf(clerk)]).toEqual(["owner", "employee"]);
    await leave(late);
    expect(await roleOf(clerk)).toBe(403);
  });
});
