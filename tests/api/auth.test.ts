import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { users } from "#core/identity/users.ts";
import { commit } from "#core/store/commit.ts";
import { type Local, start } from "#infra/local/engine.ts";
import { call, newestMail, signIn } from "../signed-in.ts";

let local: Local;
beforeAll(async () => {
  local = await start();
});
afterAll(() => local.stop());

const post = (path: string, body?: unknown) => call(local, "POST", path, body);

/** The code in the newest mail to an address. */
const mailedCode = async (email: string): Promise<string> =>
  /token=([\w-]+)/.exec((await newestMail(local, email)).text)![1]!;

describe("POST /api/auth/register", () => {
  it("201 with both tokens, a message and the address in lower case", async () => {
    const answer = await post("/api/auth/register", {
      email: "New.Person@Example.com",
      password: "password-1",
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      token: expect.any(String),
      refresh_token: expect.any(String),
      message: expect.any(String),
      email: "new.person@example.com",
    });
  });

  it("gives the user an organization they own, named after them or as they say", async () => {
    const ana = await signIn(local, { firstName: "Ștefana", lastName: "Pop" });
    const { body } = await ana.call("GET", "/api/v1/me");
    expect(body.organization).toMatchObject({ name: "Ștefana Pop" });
    expect(body.organization.slug).toMatch(/^stefana-pop-[0-9a-f]{6}$/);
    expect(body.currentRole).toBe("owner");
    const firm = await signIn(local, { organizationName: "Firma SRL" });
    expect((await firm.call("GET", "/api/v1/me")).body.organization.name).toBe("Firma SRL");
  });

  it("signs the token for an hour with who, where and in which roles", async () => {
    const { token, email } = await signIn(local);
    const claims = decodeJwt(token);
    expect(decodeProtectedHeader(token).alg).toBe("EdDSA");
    expect(claims).toMatchObject({ username: email, roles: ["ROLE_USER"], sub: expect.any(String) });
    expect(claims["org"]).toEqual(expect.any(String));
    expect(claims.exp! - claims.iat!).toBe(3600);
  });

  it("400 names each field: an impossible address, a short password, a missing one", async () => {
    const bad = await post("/api/auth/register", { email: "nobody", password: "short" });
    expect(bad.status).toBe(400);
    expect(Object.keys(bad.body.errors).toSorted()).toEqual(["email", "password"]);
    const missing = await post("/api/auth/register", { email: "a@example.com" });
    expect([missing.status, Object.keys(missing.body.errors)]).toEqual([400, ["password"]]);
  });

  it("409 when the address is taken, in whatever case", async () => {
    const { email } = await signIn(local);
    const answer = await post("/api/auth/register", { email: email.toUpperCase(), password: "password-1" });
    expect([answer.status, answer.body.code]).toEqual([409, 409]);
  });

  it("registers an address once when many ask at the same time", async () => {
    const asked = Array.from({ length: 4 }, () =>
      post("/api/auth/register", { email: "twins@example.com", password: "password-1" }),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
  });

  it("403 where registration is closed", async () => {
    process.env["REGISTRATION_ENABLED"] = "0";
    const answer = await post("/api/auth/register", { email: "late@example.com", password: "password-1" });
    delete process.env["REGISTRATION_ENABLED"];
    expect([answer.status, answer.body.code]).toEqual([403, 403]);
  });
});

describe("POST /api/auth", () => {
  it("200 with a token pair, whatever the case of the address, and notes when", async () => {
    const { email, password } = await signIn(local);
    const answer = await post("/api/auth", { email: ` ${email.toUpperCase()}`, password });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(["token", "refresh_token"]);
    const headers = { authorization: `Bearer ${answer.body.token}` };
    const me = await call(local, "GET", "/api/v1/me", undefined, headers);
    expect(Date.parse(me.body.lastConnectedAt)).toBeGreaterThan(Date.parse(me.body.createdAt));
  });

  it("401 in the same words for a wrong password and an unknown address", async () => {
    const { email } = await signIn(local);
    const wrong = await post("/api/auth", { email, password: "not-this-one" });
    const unknown = await post("/api/auth", { email: "nobody@example.com", password: "not-this-one" });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(wrong.body).toMatchObject({ code: 401, message: "Invalid credentials." });
    expect({ ...unknown.body, requestId: "" }).toEqual({ ...wrong.body, requestId: "" });
  });

  it("hashes a password again that was stored at an older price", async () => {
    const person = await signIn(local);
    const { userId } = await person.ids();
    const user = await users.get(userId, userId);
    // RFC 7914 §12: N = 16384, r = 8, p = 1, the first 32 bytes.
    const older = "scrypt1$16384$8$1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046_2o-7qQT44-qbVD9lRdofI";
    await commit([users.replace(userId, user, { ...user, password: older })]);
    const credentials = { email: person.email, password: "pleaseletmein" };
    expect((await post("/api/auth", credentials)).status).toBe(200);
    expect((await users.get(userId, userId)).password).toMatch(/^scrypt1\$16384\$8\$5\$/);
    expect((await post("/api/auth", credentials)).status).toBe(200);
  });

  it("400 without address or password, and for what is not JSON", async () => {
    const missing = await post("/api/auth");
    expect([missing.status, Object.keys(missing.body.errors)]).toEqual([400, ["email", "password"]]);
    expect((await post("/api/auth", "{not json")).status).toBe(400);
    expect((await post("/api/auth", { email: 5, password: "x" })).body.errors).toHaveProperty("email");
  });

  it("403 account_inactive for a deactivated account, on sign-in, refresh and every call", async () => {
    const person = await signIn(local);
    const { userId } = await person.ids();
    const user = await users.get(userId, userId);
    await commit([users.replace(userId, user, { ...user, active: false })]);
    const login = await post("/api/auth", { email: person.email, password: person.password });
    const refresh = await post("/api/auth/refresh", { refresh_token: person.refreshToken });
    const me = await person.call("GET", "/api/v1/me");
    for (const { status, body } of [login, refresh, me])
      expect([status, body.code]).toEqual([403, "account_inactive"]);
  });

  it("403 email_not_confirmed where the stage wants addresses confirmed first", async () => {
    process.env["EMAIL_CONFIRMATION"] = "required";
    const credentials = { email: "slow@example.com", password: "password-1" };
    const registered = await post("/api/auth/register", credentials);
    const early = await post("/api/auth", credentials);
    await post("/api/auth/confirm-email", { token: await mailedCode("slow@example.com") });
    const late = await post("/api/auth", credentials);
    delete process.env["EMAIL_CONFIRMATION"];
    expect(Object.keys(registered.body)).toEqual(["message", "email"]);
    expect([early.status, early.body.code]).toEqual([403, "email_not_confirmed"]);
    expect(late.status).toBe(200);
  });
});

describe("POST /api/auth/token/refresh", () => {
  it.each(["/api/auth/token/refresh", "/api/auth/refresh", "/api/token/refresh"])(
    "200 with another pair at %s",
    async (path) => {
      const { refreshToken } = await signIn(local);
      const answer = await post(path, { refresh_token: refreshToken });
      expect(answer.status).toBe(200);
      expect(answer.body.refresh_token).not.toBe(refreshToken);
      const headers = { authorization: `Bearer ${answer.body.token}` };
      expect((await call(local, "GET", "/api/v1/me", undefined, headers)).status).toBe(200);
    },
  );

  it("401 for a used one, and the whole session ends: its newest pair too", async () => {
    const { refreshToken } = await signIn(local);
    const next = await post("/api/auth/refresh", { refresh_token: refreshToken });
    expect((await post("/api/auth/refresh", { refresh_token: refreshToken })).status).toBe(401);
    const newest = await post("/api/auth/refresh", { refresh_token: next.body.refresh_token });
    expect(newest.status).toBe(401);
    const headers = { authorization: `Bearer ${next.body.token}` };
    expect((await call(local, "GET", "/api/v1/me", undefined, headers)).status).toBe(401);
  });

  it("is good for one of two that come at the same time", async () => {
    const { refreshToken } = await signIn(local);
    const pair = [0, 1].map(() => post("/api/auth/refresh", { refresh_token: refreshToken }));
    expect((await Promise.all(pair)).map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 401,
    ]);
  });

  it("401 for one that nobody was given, or that was changed", async () => {
    const { refreshToken } = await signIn(local);
    const changed = (refreshToken.startsWith("A") ? "B" : "A") + refreshToken.slice(1);
    for (const token of ["something", changed])
      expect((await post("/api/auth/refresh", { refresh_token: token })).status).toBe(401);
    expect((await post("/api/auth/refresh", { refresh_token: refreshToken })).status).toBe(200);
  });

  it("400 without one", async () => {
    const answer = await post("/api/auth/refresh");
    expect([answer.status, Object.keys(answer.body.errors)]).toEqual([400, ["refresh_token"]]);
  });
});

describe("POST /api/auth/confirm-email", () => {
  it("200 with the mailed code, and a welcome follows", async () => {
    const person = await signIn(local, { firstName: "<Ana>" });
    const mail = await newestMail(local, person.email);
    expect(mail.html).toContain("&lt;Ana&gt;");
    expect(mail.text).toContain(`${process.env["BASE_URL"]}/confirm-email?token=`);
    const answer = await post("/api/auth/confirm-email", { token: await mailedCode(person.email) });
    expect(answer).toMatchObject({ status: 200, body: { message: expect.any(String) } });
    expect((await person.call("GET", "/api/v1/me")).body.emailConfirmed).toBe(true);
    expect((await newestMail(local, person.email)).subject).toBe("Bine ați venit");
  });

  it("401 for a used and an unknown code", async () => {
    const { email } = await signIn(local);
    const code = await mailedCode(email);
    await post("/api/auth/confirm-email", { token: code });
    expect((await post("/api/auth/confirm-email", { token: code })).status).toBe(401);
    expect((await post("/api/auth/confirm-email", { token: "unknown" })).status).toBe(401);
  });

  it("409 for another code of an address that is confirmed already", async () => {
    const { email } = await signIn(local);
    const first = await mailedCode(email);
    await post("/api/auth/resend-confirmation", { email });
    const second = await mailedCode(email);
    expect((await post("/api/auth/confirm-email", { token: first })).status).toBe(200);
    expect((await post("/api/auth/confirm-email", { token: second })).status).toBe(409);
  });

  it("400 without one, 401 for a code of another purpose", async () => {
    expect((await post("/api/auth/confirm-email")).status).toBe(400);
    const { email } = await signIn(local);
    await local.drain();
    await post("/api/auth/forgot-password", { email });
    expect((await post("/api/auth/confirm-email", { token: await mailedCode(email) })).status).toBe(401);
  });
});

describe("POST /api/auth/resend-confirmation", () => {
  it("200 with the same answer for a known, an unknown and a confirmed address; only the first gets mail", async () => {
    const waiting = await signIn(local);
    const confirmed = await signIn(local);
    await post("/api/auth/confirm-email", { token: await mailedCode(confirmed.email) });
    await local.drain();
    const before = local.mails().length;
    const answers = [];
    for (const email of [waiting.email, "nobody@example.com", confirmed.email])
      answers.push(await post("/api/auth/resend-confirmation", { email }));
    await local.drain();
    for (const { status, body } of answers) expect([status, body]).toEqual([200, answers[0]!.body]);
    expect(
      local
        .mails()
        .slice(0, local.mails().length - before)
        .map(({ to }) => to),
    ).toEqual([waiting.email]);
  });

  it("400 for what is no address", async () => {
    const answer = await post("/api/auth/resend-confirmation", { email: "nobody" });
    expect([answer.status, Object.keys(answer.body.errors)]).toEqual([400, ["email"]]);
  });
});

describe("POST /api/auth/forgot-password and /reset-password", () => {
  it("changes the password with the mailed code and ends every session", async () => {
    const person = await signIn(local);
    await local.drain();
    await post("/api/auth/forgot-password", { email: person.email });
    const token = await mailedCode(person.email);
    const reset = await post("/api/auth/reset-password", { token, password: "another-one" });
    expect(reset).toMatchObject({ status: 200, body: { message: expect.any(String) } });
    expect((await person.call("GET", "/api/v1/me")).status).toBe(401);
    expect((await post("/api/auth/refresh", { refresh_token: person.refreshToken })).status).toBe(401);
    const { email } = person;
    expect((await post("/api/auth", { email, password: person.password })).status).toBe(401);
    expect((await post("/api/auth", { email, password: "another-one" })).status).toBe(200);
  });

  it("answers 200 in the same words whether or not anybody has the address", async () => {
    const { email } = await signIn(local);
    const known = await post("/api/auth/forgot-password", { email });
    const unknown = await post("/api/auth/forgot-password", { email: "nobody@example.com" });
    expect([known.status, known.body]).toEqual([200, unknown.body]);
    await local.drain();
    expect(local.mails().some(({ to }) => to === "nobody@example.com")).toBe(false);
  });

  it("401 for a used code, one that a newer request voided, and an unknown one", async () => {
    const { email } = await signIn(local);
    await local.drain();
    const reset = (token: string) => post("/api/auth/reset-password", { token, password: "another-one" });
    await post("/api/auth/forgot-password", { email });
    const first = await mailedCode(email);
    await post("/api/auth/forgot-password", { email });
    const second = await mailedCode(email);
    expect((await reset(first)).status).toBe(401);
    expect((await reset(second)).status).toBe(200);
    expect((await reset(second)).status).toBe(401);
    expect((await reset("unknown")).status).toBe(401);
  });

  it("400 without a field, 422 for a weak password, and the code stays good", async () => {
    const { email } = await signIn(local);
    await local.drain();
    await post("/api/auth/forgot-password", { email });
    const token = await mailedCode(email);
    expect((await post("/api/auth/forgot-password")).status).toBe(400);
    expect((await post("/api/auth/forgot-password", { email: "nobody" })).status).toBe(400);
    expect((await post("/api/auth/reset-password", { token })).body.errors).toHaveProperty("password");
    expect((await post("/api/auth/reset-password", { password: "long-enough" })).status).toBe(400);
    const weak = await post("/api/auth/reset-password", { token, password: "short" });
    expect([weak.status, Object.keys(weak.body.errors)]).toEqual([422, ["password"]]);
    expect((await post("/api/auth/reset-password", { token, password: "long-enough" })).status).toBe(200);
  });
});

// The later a test stands here, the further it moves the clock: every mail is read before the long ways begin.
describe("as time passes", () => {
  it("a reset code is good for an hour, a confirmation code for a day", async () => {
    const { email } = await signIn(local);
    const confirmation = await mailedCode(email);
    await post("/api/auth/forgot-password", { email });
    const token = await mailedCode(email);
    local.clock({ advance: "1h" });
    expect((await post("/api/auth/reset-password", { token, password: "another-one" })).status).toBe(401);
    const other = await signIn(local);
    const inTime = await mailedCode(other.email);
    local.clock({ advance: "23h" });
    expect((await post("/api/auth/confirm-email", { token: confirmation })).status).toBe(401);
    expect((await post("/api/auth/confirm-email", { token: inTime })).status).toBe(200);
  });

  it("a new organization tries starter for 14 days and is freemium then, where the stage gives no plan", async () => {
    process.env["NEW_ORGANIZATION_PLAN"] = "";
    const person = await signIn(local);
    process.env["NEW_ORGANIZATION_PLAN"] = "business";
    const trial = (await person.call("GET", "/api/v1/me")).body.plan;
    expect(trial).toMatchObject({ plan: "starter", trialActive: true, trialDaysLeft: 14, expired: false });
    local.clock({ advance: "14d" });
    const { body } = await post("/api/auth", { email: person.email, password: person.password });
    const after = await call(local, "GET", "/api/v1/me", undefined, {
      authorization: `Bearer ${body.token}`,
    });
    expect(after.body.plan).toMatchObject({
      plan: "freemium",
      trialActive: false,
      trialDaysLeft: 0,
      expired: true,
    });
  });

  it("a refresh token lives for 30 days from its last use", async () => {
    const { refreshToken } = await signIn(local);
    local.clock({ advance: "29d" });
    const second = await post("/api/auth/refresh", { refresh_token: refreshToken });
    local.clock({ advance: "29d" });
    const third = await post("/api/auth/refresh", { refresh_token: second.body.refresh_token });
    local.clock({ advance: "30d" });
    const late = await post("/api/auth/refresh", { refresh_token: third.body.refresh_token });
    expect([second.status, third.status, late.status]).toEqual([200, 200, 401]);
  });
});
