import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseXml } from "#core/lib/xml/index.ts";
import type { Local } from "#infra/local/engine.ts";
import { type Tenant, tenant } from "../tenant.ts";
import { startWithOutside } from "../with-company.ts";
import { line } from "../with-invoices.ts";
import { closed, routes } from "./access.ts";
import { type Body, bodies, takesFile } from "./bodies.ts";
import { fieldsOf, nameOf, queries, rawValues, withValue } from "./hostile-values.ts";
import { isWriting, type MountedRoute, pathOf } from "./surface.ts";
import { headersOf, idIn, Surveyor } from "./survey.ts";

/** How many of the values each field is sent, in turn; all of them take three minutes. */
const valuesPerField = Number(process.env["HOSTILE_VALUES"] ?? 2);
const queriesPerRoute = Number(process.env["HOSTILE_QUERIES"] ?? 4);

/** Routes whose body may be anything: they act on what the path names. */
const ignoresBody = ({ path }: MountedRoute): boolean =>
  /\/(storno|rotate|validate|validate-cif)$/.test(path);

/** Changes first, then what moves or removes that which was to be changed. */
const isAction = ({ path }: MountedRoute): boolean => /bulk-|:\w+\/[\w-]+$/.test(path);
const writing = routes
  .filter((route) => isWriting(route) && (route.method !== "DELETE" || route.path === "/api/v1/me"))
  .toSorted((a, b) => Number(isAction(a)) - Number(isAction(b)));

let local: Local;
let we: Tenant;
let asked = 0;

beforeAll(async () => {
  ({ local } = await startWithOutside());
  we = await tenant(local, "Host");
}, 60_000);
afterAll(async () => {
  console.log(`${asked} hostile requests`);
  await local.stop();
});

interface Said {
  readonly status: number;
  // What is answered is what these tests are about.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** Sends something, and holds the answer to what every answer owes: no failure of ours, and refusals in one shape. */
async function send(
  method: string,
  path: string,
  body: string | FormData | undefined,
  more: Record<string, string> = {},
): Promise<Said> {
  asked += 1;
  const sent = body === undefined ? {} : { body };
  const response = await local.fetch(path, { method, ...sent, headers: headersOf(we, more) });
  const text = await response.text();
  const said = {
    status: response.status,
    body: asJson(text),
    text,
    id: response.headers.get("x-request-id"),
  };
  const problem = said.status < 400 ? undefined : wrongIn(said);
  if (problem)
    throw new Error(`${method} ${path} answered ${response.status}, ${problem}: ${text.slice(0, 500)}`);
  return said;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a refusal lacks. That ANAF refused a code is said with 502, by the contract. */
function wrongIn({ status, body, text, id }: Said & { text: string; id: string | null }): string | undefined {
  if (status >= 500 && !text.includes("ANAF did not give a token")) return "which is our failure";
  if (body?.meta) return body.message && body.code ? undefined : "without a message and a code";
  if (typeof body?.error !== "string" || typeof body.message !== "string") return "without a message";
  if (!body.code || !id || body.requestId !== id) return "without a code and an id";
  return undefined;
}

const bodyOf = ({ name }: MountedRoute): Body => {
  const body = bodies(we.named)[name]!;
  return body === takesFile ? {} : body;
};

/** Invoices are tried as drafts, where most may be done; only issued ones are paid. */
const pathOfOurs = (route: MountedRoute): string =>
  pathOf(route, (noun) =>
    noun === "invoices" && !route.path.includes("/payments") ? we.ids.drafts : idIn(we)(noun),
  );

it("knows what can be sent to every writing route, and to no other", () => {
  const mounted = routes.filter(isWriting).map(({ name }) => name);
  expect(Object.keys(bodies(we.named)).toSorted()).toEqual(mounted.toSorted());
});

describe("a body that is no object", () => {
  it("400 from every route that reads one, and nothing has changed", async () => {
    const surveyor = new Surveyor(local);
    const before = await surveyor.snapshot(closed, we);
    const taken: Record<string, number[]> = {};
    for (const route of writing.filter((one) => !ignoresBody(one))) {
      if (fieldsOf(bodyOf(route)).length === 0) continue;
      const wrong = ["{", "[]", '"text"', "null"];
      const said = await Promise.all(wrong.map((body) => send(route.method, pathOfOurs(route), body)));
      const statuses = said.map(({ status }) => status);
      if (statuses.some((status) => status !== 400)) taken[route.name] = statuses;
    }
    expect(taken).toEqual({});
    expect(await surveyor.snapshot(closed, we)).toEqual(before);
  });

  it.each(["/api/auth", "/api/v1/products", "/api/v1/invoices", "/api/v1/invoices/bulk-issue"])(
    "413 over 1 MB to %s",
    async (path) => {
      const body = JSON.stringify({ name: "x".repeat(1_000_000) });
      expect((await send("POST", path, body)).status).toBe(413);
    },
  );
});

describe("a field of a wrong type or an impossible value", () => {
  /** A value may be refused where it stands, as a part of what it is in, or for what it asks for. */
  const asksFor: Record<string, string> = { isCreditNote: "parentDocumentId" };
  const isNamed = (field: string, { body }: Said): boolean =>
    Object.keys(body?.errors ?? {}).some(
      (one) => one === "body" || one.startsWith(field) || field.startsWith(one) || one === asksFor[field],
    );

  it.each(writing)("is taken or refused by its name: $name", async (route) => {
    const body = bodyOf(route);
    const isRefused = (await send(route.method, pathOfOurs(route), JSON.stringify(body))).status >= 400;
    const unnamed: string[] = [];
    for (const [index, field] of fieldsOf(body).entries()) {
      for (let n = 0; n < valuesPerField; n++) {
        const raw = rawValues[(index * 7 + n * 11) % rawValues.length]!;
        const said = await send(route.method, pathOfOurs(route), withValue(body, field, raw));
        if (said.status === 400 && !isRefused && !isNamed(nameOf(field), said))
          unnamed.push(`${nameOf(field)}: ${raw.slice(0, 50)}`);
      }
    }
    expect(ignoresBody(route) ? [] : unnamed).toEqual([]);
  });

  it("is no password either", async () => {
    const statuses: number[] = [];
    for (const raw of rawValues)
      for (const body of [
        `{"password":${raw},"currentPassword":"x"}`,
        `{"password":"12345678","currentPassword":${raw}}`,
      ])
        statuses.push((await send("PATCH", "/api/v1/me", body)).status);
    expect(new Set(statuses)).toEqual(new Set([400, 403]));
  });

  it("reaches no prototype", () => {
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

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

describe("a query that nobody means", () => {
  const asking = closed.filter((route) => !isWriting(route));

  it.each(asking)("is no failure of ours: $name", async (route) => {
    const path = pathOf(route, idIn(we));
    const first = asking.indexOf(route) * queriesPerRoute;
    const asks = Array.from({ length: queriesPerRoute }, (_, n) => queries[(first + n) % queries.length]!);
    const statuses = await Promise.all(
      asks.map(async (query) => (await send("GET", `${path}?${query}`, undefined)).status),
    );
    expect(Math.max(...statuses)).toBeLessThan(500);
  });
});

describe("a path or method that nothing serves", () => {
  it("404 for every method that a path does not have", async () => {
    const methods = ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"];
    const statuses = new Set<number>();
    for (const path of new Set(closed.map((route) => route.path))) {
      const served = routes.filter((route) => route.path === path).map(({ method }) => method);
      const [method] = methods.filter((one) => !served.includes(one));
      const route = routes.find((one) => one.path === path)!;
      statuses.add((await send(method!, pathOfOurs(route), "{}")).status);
    }
    expect([...statuses]).toEqual([404]);
  });

  it.each([
    "/",
    "/api",
    "/api/v1",
    "/api/v1/",
    "/api/v1/nothing",
    "/API/V1/ME",
    "/v1",
    "/api/v1/%",
    "/api/v1/%zz",
    "/api/v1/products/",
    "/api/v1/products/x/y/z",
    "/api/v1/products/%E0%A4%A",
    "/api/auth/x",
    "/health/x",
    "/favicon.ico",
    "/confirm-email/x",
  ])("404 for %s", async (path) => {
    expect((await send("GET", path, undefined)).status).toBe(404);
  });

  it("204 for OPTIONS, and for HEAD what GET says, without its body", async () => {
    for (const path of ["/api/v1/me", "/api/v1/clients"]) {
      const [head, get] = [await send("HEAD", path, undefined), await send("GET", path, undefined)];
      expect([head.status, head.body]).toEqual([get.status, undefined]);
      expect((await send("OPTIONS", path, undefined)).status).toBe(204);
    }
  });
});

describe("XML that nobody means", () => {
  const check = (xml: string) => send("POST", "/api/v1/validate/xml", xml);

  it.each([
    ["nothing", ""],
    ["JSON", "{}"],
    ["a DTD", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ["an outside entity", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ["an unknown entity", "<a>&x;</a>"],
    ["100 000 levels", "<a>".repeat(100_000) + "</a>".repeat(100_000)],
    ["100 000 attributes", `<a ${Array.from({ length: 100_000 }, (_, n) => `a${n}="1"`).join(" ")}/>`],
    ["a character that is none", "<a>\u0000</a>"],
    ["half a comment", "<!--"],
  ])("is not valid, with %s", async (_what, xml) => {
    expect(await check(xml)).toMatchObject({ status: 200, body: { valid: false, xsd: "not-wellformed" } });
  });

  it("413 over 4 MB", async () => {
    expect((await check(`<a>${"x".repeat(10_000_000)}</a>`)).status).toBe(413);
  });
});

describe("text that is hard to print", () => {
  const kinds = ["\u0000\u0001\uffff", "💩\u202e", "]]><&\"'", "e\u0301".repeat(80), "\n\r\t"];

  it.each(kinds)("is issued, and printed as PDF and well-formed XML: %j", async (kind) => {
    const text = `a${kind}b`;
    const place = { address: text, city: "Cluj-Napoca", county: "CJ", country: "RO" };
    const { body: made } = await we.call("POST", "/api/v1/clients", {
      name: text,
      type: "individual",
      ...place,
    });
    const { body: draft } = await we.call("POST", "/api/v1/invoices", {
      clientId: made.client.id,
      notes: text,
      orderNumber: text,
      lines: [line({ description: text, lineNote: text })],
    });
    expect((await we.call("POST", `/api/v1/invoices/${draft.id}/issue`)).status).toBe(200);
    const [pdf, xml] = [
      await we.call("GET", `/api/v1/invoices/${draft.id}/pdf`),
      await we.call("GET", `/api/v1/invoices/${draft.id}/xml`),
    ];
    expect([pdf.status, xml.status]).toEqual([200, 200]);
    expect(() => parseXml(xml.body as string)).not.toThrow();
  });
});

describe("a request that no browser would send", () => {
  /** Sends a body with any method: fetch refuses some. */
  const sendAnyhow = (method: string, path: string, body: string) =>
    new Promise<number>((answered, failed) => {
      const headers = { ...headersOf(we), "content-length": body.length };
      const { hostname, port } = new URL(local.apiUrl);
      const sent = request({ hostname, port, path, method, headers }, (response) => {
        response.resume();
        answered(response.statusCode!);
      });
      sent.on("error", failed).end(body);
    });

  it("200 for GET and HEAD with a body, which means nothing", async () => {
    for (const method of ["GET", "HEAD"]) expect(await sendAnyhow(method, "/api/v1/me", "{}")).toBe(200);
  });

  it("404 for a path that looks like a host", async () => {
    for (const path of ["//", "//evil.example/x"]) expect(await sendAnyhow("POST", path, "{}")).toBe(404);
  });
});
