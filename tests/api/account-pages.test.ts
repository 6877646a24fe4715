import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Local, start } from "#infra/local/engine.ts";
import { call, newestMail, signIn } from "../signed-in.ts";

let local: Local;
beforeAll(async () => {
  local = await start();
});
afterAll(() => local.stop());

/** Opens the link of the newest mail, and answers the page with what its button would send. */
async function follow(email: string, language = "en") {
  const [link] = /https?:\S+/.exec((await newestMail(local, email)).text)!;
  expect(link.startsWith(process.env["BASE_URL"]!)).toBe(true);
  const { pathname, search } = new URL(link);
  const page = await local.fetch(pathname + search, { headers: { "accept-language": language } });
  const text = await page.text();
  const token = /name="token" value="([^"]+)"/.exec(text)![1]!;
  const press = (fields: Record<string, string> = {}) =>
    local.fetch(pathname, {
      method: "POST",
      body: new URLSearchParams({ token, ...fields }),
      headers: { "accept-language": language },
    });
  return { page, text, press };
}

describe("the page of a confirmation link", () => {
  it("confirms with its button, not by being opened", async () => {
    const person = await signIn(local);
    const { page, press } = await follow(person.email);
    const isConfirmed = async () => (await person.call("GET", "/api/v1/me")).body.emailConfirmed;
    expect([page.status, await isConfirmed()]).toEqual([200, false]);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    const done = await press();
    expect([done.status, await isConfirmed()]).toEqual([200, true]);
    const again = await press();
    expect([again.status, await again.text()]).toEqual([
      401,
      expect.stringContaining("invalid or has expired"),
    ]);
  });

  it("speaks Romanian to whoever reads it", async () => {
    const { email } = await signIn(local);
    expect((await follow(email, "ro-RO")).text).toContain("Confirm adresa");
  });

  it("shows what is in its address as text only", async () => {
    const page = await local.fetch('/confirm-email?token="><script>');
    expect(await page.text()).not.toContain("<script>");
  });
});

describe("the page of a reset link", () => {
  it("sets the new password, and refuses a weak one", async () => {
    const { email } = await signIn(local);
    await local.drain();
    await call(local, "POST", "/api/auth/forgot-password", { email });
    const { press } = await follow(email);
    expect((await press({ password: "short" })).status).toBe(422);
    expect((await press({ password: "long-enough" })).status).toBe(200);
    const login = await call(local, "POST", "/api/auth", { email, password: "long-enough" });
    expect(login.status).toBe(200);
  });
});
