import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Local, start } from "#infra/local/engine.ts";

const app = "https://app.example.ro";
const [clients, products] = ["/api/v1/clients", "/api/v1/products"];

let local: Local;
beforeAll(async () => {
  local = await start({ env: { FRONT_END_URL: `${app}/` } });
});
afterAll(() => local.stop());

const asked = "authorization,content-type,x-company,x-stripe-app-token";

const preflight = (origin: string, path: string) =>
  local.fetch(path, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "PATCH", "access-control-request-headers": asked },
  });

const allowed = ({ headers }: Response) => headers.get("access-control-allow-origin");

describe("a page of another origin", () => {
  it("204 for a preflight of the front end, without a credential", async () => {
    const answer = await preflight(app, products);
    expect([answer.status, await answer.text(), allowed(answer)]).toEqual([204, "", app]);
    expect(answer.headers.get("access-control-allow-methods")).toContain("PATCH");
    const headers = answer.headers.get("access-control-allow-headers")?.toLowerCase().split(",");
    expect(headers).toEqual(expect.arrayContaining(asked.split(",")));
    expect(answer.headers.get("vary")).toContain("Origin");
  });

  it("reads refusals too, and the headers that say more than the body", async () => {
    const answer = await local.fetch(products, { headers: { origin: app } });
    expect([answer.status, allowed(answer)]).toEqual([401, app]);
    expect(answer.headers.get("access-control-expose-headers")).toContain("X-Request-Id");
    expect(answer.headers.get("vary")).toContain("Origin");
    const unknown = await local.fetch("/api/v1/nothing", { headers: { origin: app } });
    expect(allowed(unknown)).toBe(app);
  });

  it.each([
    clients,
    `${clients}/x`,
    "/api/v1/invoices",
    "/api/v1/invoices/x/pdf",
    "/api/v1/stripe-app/settings",
  ])("is allowed %s from a frame without an origin", async (path) => {
    expect(allowed(await preflight("null", path))).toBe("null");
    expect(allowed(await local.fetch(path, { headers: { origin: "null" } }))).toBe("null");
  });

  it.each([products, "/api/v1/me", "/api/v1/clients-of-mine", "/api/auth"])(
    "is not allowed %s from a frame without an origin",
    async (path) => {
      expect(allowed(await preflight("null", path))).toBeNull();
      expect(allowed(await local.fetch(path, { headers: { origin: "null" } }))).toBeNull();
    },
  );

  it.each(["https://evil.example", `${app}.evil.example`, "http://app.example.ro", ""])(
    "is not allowed anything from %j",
    async (origin) => {
      const answers = [await preflight(origin, clients), await local.fetch(clients, { headers: { origin } })];
      for (const answer of answers) expect(allowed(answer)).toBeNull();
    },
  );
});
