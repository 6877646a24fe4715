import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Local } from "#infra/local/engine.ts";
import { type Tenant, tenant } from "../tenant.ts";
import { startWithOutside } from "../with-company.ts";
import { headersOf } from "./survey.ts";

let local: Local;
let we: Tenant;

beforeAll(async () => {
  ({ local } = await startWithOutside());
  we = await tenant(local, "Host");
}, 60_000);
afterAll(() => local.stop());

/** Sends a body as it is, and answers what every refusal must have. */
async function send(
  method: string,
  path: string,
  body: string | FormData,
  more: Record<string, string> = {},
) {
  const response = await local.fetch(path, { method, body, headers: headersOf(we, more) });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text) };
}

describe("a body that cannot be kept", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  const product = (more: string) =>
    `{"name":"x","unitOfMeasure":"b","vatRate":21,"defaultPrice":1,"unknown":${more}}`;

  it.each([1000, 100_000])("400 when it is nested %d levels deep", async (levels) => {
    const key = { "idempotency-key": `deep-${levels}` };
    const answers = [
      await send("POST", "/api/v1/products", product(nested(levels)), key),
      await send("PATCH", "/api/v1/me", `{"preferences":{"x":${nested(levels)}}}`),
    ];
    for (const answer of answers)
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: { body: expect.stringContaining("nested") } },
      });
  });

  it("400 when a text holds half a character", async () => {
    const half = String.raw`"a\ud800b"`;
    const answers = [
      await send("POST", "/api/v1/document-series", `{"prefix":${half}}`),
      await send("PATCH", `/api/v1/clients/${we.ids.clients}`, `{"cui":${half}}`),
    ];
    for (const answer of answers)
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: { body: expect.stringContaining("half") } },
      });
  });
});

describe("a form", () => {
  const attachments = () => `/api/v1/invoices/${we.ids.drafts}/attachments`;
  const logo = () => `/api/v1/companies/${we.company.id}/logo`;
  const broken = { "content-type": "multipart/form-data; boundary=b" };

  it("400 when it cannot be read", async () => {
    for (const path of [attachments(), logo()])
      expect(await send("POST", path, "--x", broken)).toMatchObject({ status: 400, body: { code: 400 } });
    const page = await local.fetch("/confirm-email", { method: "POST", body: "--x", headers: broken });
    expect(page.status).toBe(400);
  });

  it("413 for a file over 4 MB", async () => {
    for (const path of [attachments(), logo()]) {
      const form = new FormData();
      form.append("file", new File([new Uint8Array(4_000_001)], "file.png"));
      expect(await send("POST", path, form)).toMatchObject({ status: 413, body: { code: 413 } });
    }
  });
});

describe("a value that no calendar or register has", () => {
  const get = (path: string) => we.call("GET", `/api/v1${path}`);

  it("422 for an ANAF token that expires outside of time, as for any that ANAF does not know", async () => {
    for (const exp of [1e300, -1e300, 1e13]) {
      const claims = Buffer.from(JSON.stringify({ exp })).toString("base64url");
      const answer = await we.call("POST", "/api/v1/anaf/tokens", { token: `e30.${claims}.signature` });
      expect(answer).toMatchObject({ status: 422, body: { code: 422 } });
    }
  });

  it("404 for the VAT status of digits that can be no CIF", async () => {
    for (const digits of ["1", "9".repeat(500)])
      expect((await get(`/anaf/vat-status/${digits}`)).status).toBe(404);
  });

  it("422 for exchange rates of a day before the bank published any", async () => {
    for (const path of [
      "/exchange-rates?date=1800-01-01",
      "/exchange-rates/convert?amount=1&from=EUR&to=RON&date=2004-12-31",
    ])
      expect(await get(path)).toMatchObject({ status: 422, body: { errors: { date: expect.any(String) } } });
  });
});

describe("a request that no browser would send", () => {
  /** Sends a body with any method: fetch refuses some. */
  const sendAnyhow = (method: string, path: string, body: string) =>
    new Promise<number>((answered, failed) => {
      const headers = { ...headersOf(we), "content-length": body.length };
      const sent = request(new URL(path, local.apiUrl), { method, headers }, (response) => {
        response.resume();
        answered(response.statusCode!);
      });
      sent.on("error", failed).end(body);
    });

  it("200 for GET and HEAD with a body, which means nothing", async () => {
    for (const method of ["GET", "HEAD"]) expect(await sendAnyhow(method, "/api/v1/me", "{}")).toBe(200);
  });
});
