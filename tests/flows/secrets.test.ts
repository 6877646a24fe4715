import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { rowOf } from "#core/store/images.ts";
import { unpack } from "#core/store/pack.ts";
import { dynamo } from "#core/store/table.ts";
import { type Local, start } from "#infra/local/engine.ts";
import { call, newestMail, signIn } from "../signed-in.ts";

let local: Local;
beforeAll(async () => {
  local = await start();
});
afterAll(() => local.stop());

/** Every row of the table as text, what is packed in it unpacked. */
async function tableText(): Promise<string> {
  const { Items = [] } = await dynamo().send(new ScanCommand({ TableName: "Table", ConsistentRead: true }));
  return Items.map((item) => {
    const row = rowOf(item);
    const packed = [row.d, row.out].map((bytes) => bytes && unpack(bytes, row));
    return JSON.stringify([item, packed]);
  }).join("\n");
}

describe("secrets", () => {
  it("lie neither in the table nor in the log: passwords, tokens, keys and mailed codes", async () => {
    const written: string[] = [];
    for (const name of ["log", "info", "warn", "error"] as const)
      vi.spyOn(console, name).mockImplementation((...words: unknown[]) => void written.push(words.join(" ")));
    const person = await signIn(local);
    const confirmation = /token=([\w-]+)/.exec((await newestMail(local, person.email)).text)![1]!;
    const { body: refreshed } = await call(local, "POST", "/api/auth/refresh", {
      refresh_token: person.refreshToken,
    });
    const { body: key } = await person.call("POST", "/api/v1/api-tokens", {
      name: "k",
      scopes: ["client.view"],
    });
    await call(local, "POST", "/api/auth", { email: person.email, password: "wrong" });
    await call(local, "GET", "/api/v1/me", undefined, { authorization: `${key.token}x` });
    const table = await tableText();
    vi.restoreAllMocks();
    expect(table).toContain(person.email);
    const secrets = [
      person.password,
      person.token,
      person.refreshToken,
      refreshed.token,
      refreshed.refresh_token,
      key.token,
      confirmation,
    ];
    for (const secret of secrets) {
      expect(table).not.toContain(secret);
      expect(written.join("\n")).not.toContain(secret);
    }
  });
});
