import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Local, start } from "#infra/local/engine.ts";
import { call, signIn } from "../signed-in.ts";

let local: Local;
beforeAll(async () => {
  local = await start();
});
afterAll(() => local.stop());

describe("POST /api/auth/register", () => {
  it("201 with both tokens, a message and the address", async () => {
    const answer = await call(local, "POST", "/api/auth/register", {
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
});

describe("POST /api/auth", () => {
  it("200 with a token pair, whatever the case of the address", async () => {
    const { email, password } = await signIn(local);
    const answer = await call(local, "POST", "/api/auth", { email: email.toUpperCase(), password });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(["token", "refresh_token"]);
  });
});
