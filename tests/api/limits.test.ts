import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clockOffset } from "#core/lib/clock.ts";
import { type Bucket, takeCall } from "#core/store/rates.ts";
import { type Local, start } from "#infra/local/engine.ts";
import { call, signIn } from "../signed-in.ts";

let local: Local;
beforeAll(async () => {
  local = await start({ env: { RATE_LIMITS: "on" } });
});
afterAll(() => local.stop());

/** Sends a request so often, and answers the statuses, each as often as it came in a row. */
async function repeat(times: number, send: (i: number) => Promise<{ status: number }>) {
  const statuses: number[] = [];
  for (let i = 0; i < times; i++) statuses.push((await send(i)).status);
  return statuses;
}

const times = (count: number, status: number) => Array<number>(count).fill(status);

describe("limits of one network address", () => {
  it.each([
    ["/api/auth", 5, "1m"],
    ["/api/auth/register", 10, "1h"],
    ["/api/auth/forgot-password", 3, "15m"],
    ["/api/auth/reset-password", 3, "15m"],
    ["/api/auth/resend-confirmation", 10, "1h"],
  ])("POST %s: %i times, then 429 until the first is %s ago", async (path, limit, window) => {
    const send = () => call(local, "POST", path, {});
    expect(await repeat(limit, send)).toEqual(times(limit, 400));
    const refused = await send();
    expect(refused).toMatchObject({ status: 429, body: { error: expect.any(String), code: 429 } });
    const wait = Number(refused.headers.get("retry-after"));
    expect(refused.body.retryAfter).toBe(wait);
    local.clock({ advance: `${wait - 1}s` });
    expect((await send()).status).toBe(429);
    local.clock({ advance: window });
    expect((await send()).status).toBe(400);
  });

  it("counts exactly when many come at once", async () => {
    local.clock({ advance: "1h" });
    const all = await Promise.all(Array.from({ length: 12 }, () => call(local, "POST", "/api/auth", {})));
    const passed = all.filter(({ status }) => status === 400);
    expect(passed).toHaveLength(5);
  });

  it("forgets each time by itself: the window slides", async () => {
    local.clock({ advance: "1h" });
    const send = () => call(local, "POST", "/api/auth", {});
    await repeat(2, send);
    local.clock({ advance: "40s" });
    await repeat(3, send);
    expect((await send()).status).toBe(429);
    local.clock({ advance: "21s" });
    expect(await repeat(3, send)).toEqual([400, 400, 429]);
  });
});

describe("limits of one e-mail address", () => {
  it("a confirmation is sent again after five minutes, and three times an hour", async () => {
    local.clock({ advance: "2h" });
    const send = (email: string) => call(local, "POST", "/api/auth/resend-confirmation", { email });
    expect((await send("one@example.com")).status).toBe(200);
    expect((await send("one@example.com")).status).toBe(429);
    expect((await send("two@example.com")).status).toBe(200);
    local.clock({ advance: "2h" });
    for (let i = 0; i < 3; i++) {
      expect((await send("one@example.com")).status).toBe(200);
      local.clock({ advance: "5m" });
    }
    expect((await send("one@example.com")).status).toBe(429);
  });
});

describe("limits of one user", () => {
  it("PATCH /api/v1/me 10 times a minute", async () => {
    const person = await signIn(local);
    const other = await signIn(local);
    const send = () => person.call("PATCH", "/api/v1/me", {});
    expect(await repeat(11, send)).toEqual([...times(10, 200), 429]);
    expect((await other.call("PATCH", "/api/v1/me", {})).status).toBe(200);
  });

  it("DELETE /api/v1/me with three wrong passwords an hour, then not even with the right one", async () => {
    const person = await signIn(local);
    const send = (password: string) => person.call("DELETE", "/api/v1/me", { password });
    expect(await repeat(3, () => send("wrong"))).toEqual(times(3, 403));
    expect((await send(person.password)).status).toBe(429);
  });
});

describe("the bucket of all calls", () => {
  const bucket: Bucket = { name: "test", capacity: 10, refillPerSecond: 0.1, step: 4 };
  const take = (subject: string, from = takeCall) =>
    from(bucket, subject).then(
      () => ({ status: 200 }),
      (error: { details: { retryAfterSeconds: number } }) => ({ status: error.details.retryAfterSeconds }),
    );

  it("is empty after its capacity and says when the next call fits", async () => {
    expect(await repeat(11, () => take("a"))).toEqual([...times(10, 200), 10]);
    expect((await take("b")).status).toBe(200);
    local.clock({ advance: "10s" });
    expect(await repeat(2, () => take("a"))).toEqual([200, 10]);
  });

  it("is shared by processes, but for the few calls that each has not told yet", async () => {
    vi.resetModules();
    (await import("#core/lib/clock.ts")).setClockOffset(clockOffset());
    const other = (await import("#core/store/rates.ts")).takeCall;
    expect(other).not.toBe(takeCall);
    await repeat(9, () => take("shared"));
    const statuses = await repeat(6, () => take("shared", other));
    // The other process learns after its first four that eight were taken before: one was never told.
    expect(statuses.slice(0, 5)).toEqual([...times(4, 200), 10]);
  });

  it("is full again after a day, but for what a process tells late", async () => {
    await repeat(10, () => take("c"));
    local.clock({ advance: "3d" });
    expect((await repeat(6, () => take("c"))).slice(0, bucket.capacity - bucket.step)).toEqual(times(6, 200));
  });
});
