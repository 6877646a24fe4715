import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memberships } from "#core/identity/organizations.ts";
import { instant } from "#core/lib/clock.ts";
import { newId } from "#core/lib/ids.ts";
import { commit } from "#core/store/commit.ts";
import type { Local } from "#infra/local/engine.ts";
import { type SignedIn, signIn } from "../signed-in.ts";
import { type Tenant, tenant } from "../tenant.ts";
import { startWithOutside } from "../with-company.ts";
import { line } from "../with-invoices.ts";
import { closed, isForAnyone, isOrganizationWide, routes } from "./access.ts";
import { requestOf } from "./bodies.ts";
import { isWriting, mountedRoutes, namesOwned, nounsOf, pathOf, unlisted } from "./surface.ts";
import { headersOf, idIn, type Snapshot, Surveyor } from "./survey.ts";

const inCompany = closed.filter((route) => !isOrganizationWide(route));

let local: Local;
/** Who asks for what belongs to another. */
let asker: Tenant;
let victim: Tenant;
let keys: { revoked: string; narrow: string };
let before: { asker: Snapshot; victim: Snapshot };
let surveyor: Surveyor;

beforeAll(async () => {
  ({ local } = await startWithOutside());
  surveyor = new Surveyor(local);
  asker = await tenant(local, "Asker");
  keys = await someKeys();
  const askerBefore = await surveyor.snapshot(closed, asker);
  victim = await tenant(local, "Vvictimm");
  before = { asker: askerBefore, victim: await surveyor.snapshot(closed, victim) };
}, 60_000);
afterAll(async () => {
  console.log(`${surveyor.asked} requests about tenancy`);
  await local.stop();
});

const spy = (path: string, init: RequestInit) => surveyor.spy(victim, path, init);

/** A key that was revoked, and one whose only scope opens no route; it has been used, so that this is not news. */
async function someKeys() {
  const make = async () =>
    (await asker.call("POST", "/api/v1/api-tokens", { name: "k", scopes: ["report.view"] })).body;
  const [revoked, narrow] = [await make(), await make()];
  await asker.call("DELETE", `/api/v1/api-tokens/${revoked.id}`);
  await asker.call("GET", "/api/v1/me", undefined, { authorization: `Bearer ${narrow.token}` });
  return { revoked: revoked.token, narrow: narrow.token };
}

it("knows every route of the app", async () => expect(unlisted(await mountedRoutes())).toEqual([]));

describe("an id that is not the caller's is answered as one that is nobody's", () => {
  const owned = closed.filter(namesOwned);
  const absent = () => newId();

  it.each(owned)("404 from $name", async (route) => {
    const request = requestOf(route.name, asker.named, headersOf(asker));
    const get = async (idOf: (noun: string) => string) => spy(pathOf(route, idOf), request);
    const last = nounsOf(route).at(-1)!;
    const own = idIn(asker);
    const under = (id: string) => (noun: string) => (noun === last ? id : own(noun));
    const unusual = ["x", "0".repeat(300), "%00", "%ff", "..%2F..%2Fme", "%F0%9F%92%A9", "null"];
    const [nobodys, nobodysUnderOwn, ...answers] = await Promise.all([
      get(absent),
      get(under(absent())),
      get(under(idIn(victim)(last))),
      get(under(own(last === "clients" ? "products" : "clients"))),
      get(under(unusual[owned.indexOf(route) % unusual.length]!)),
    ]);
    expect([nobodys.status, nobodysUnderOwn.status]).toEqual([404, 404]);
    expect((await get(idIn(victim))).body).toEqual(nobodys.body);
    for (const answer of answers) expect(answer.body).toEqual(nobodysUnderOwn.body);
  });

  it.each(owned.filter((route) => inCompany.includes(route)))(
    "404 from $name in the sibling company",
    async (route) => {
      const headers = headersOf(victim, { "x-company": victim.sibling.id });
      const request = requestOf(route.name, victim.named, headers);
      const [foreign, nobodys] = [
        await surveyor.ask(pathOf(route, idIn(victim)), request),
        await surveyor.ask(pathOf(route, absent), request),
      ];
      expect([foreign.status, foreign.body]).toEqual([404, nobodys.body]);
    },
  );

  it("200 for its owner, so that the ids above are real", () => {
    const refused = Object.entries(before.victim).filter(([, { status }]) => status !== 200);
    expect(Object.fromEntries(refused.map(([name, { status }]) => [name, status]))).toEqual({
      "GET /api/v1/clients/anaf-lookup": 422,
      "GET /api/v1/clients/vies-lookup": 422,
      "GET /api/v1/companies/:uuid/logo": 404,
      "GET /api/v1/exchange-rates/convert": 422,
      "GET /api/v1/invoices/:uuid/anaf-response": 404,
    });
  });
});

describe("a credential", () => {
  const notRefusing = (authorization: string) =>
    surveyor.others(401, closed, asker, headersOf(asker, { authorization }));

  it("401 from every route without one", async () => {
    expect(await notRefusing("")).toEqual({});
  });

  it("401 from every route for a garbled one", async () => {
    const [head, , signature] = asker.token.split(".");
    const forged = Buffer.from(JSON.stringify({ sub: "x", exp: 9e9 })).toString("base64url");
    expect(await notRefusing(`Bearer ${head}.${forged}.${signature}`)).toEqual({});
  });

  it("401 from every route for a revoked key", async () => {
    expect(await notRefusing(`Bearer ${keys.revoked}`)).toEqual({});
  });
});

describe("a permission", () => {
  it("403 from every route for a key whose scopes open none", async () => {
    const asking = closed.filter((route) => !isForAnyone(route));
    const headers = headersOf(asker, { authorization: `Bearer ${keys.narrow}` });
    expect(await surveyor.others(403, asking, asker, headers)).toEqual({});
  });

  it("403 from every writing route for an employee", async () => {
    const looks = /\/(validate|verify-signature|einvoice-config\/test)$/;
    const asking = closed.filter(
      (route) => isWriting(route) && !isForAnyone(route) && !looks.test(route.path),
    );
    const headers = headersOf(victim, await clerkOf(victim));
    expect(await surveyor.others(403, asking, victim, headers)).toEqual({});
  });

  it("opens to an employee only the companies they are let into", async () => {
    const clerk = await clerkOf(victim, [victim.sibling.id]);
    const get = (path: string, company: string) =>
      surveyor.ask(path, { method: "GET", headers: { ...clerk, "x-company": company } });
    expect((await get("/api/v1/clients", victim.sibling.id)).status).toBe(200);
    expect((await get("/api/v1/clients", victim.company.id)).status).toBe(403);
    expect((await get(`/api/v1/companies/${victim.company.id}`, victim.sibling.id)).status).toBe(404);
    const everywhere = ["companies", "efactura-messages", "sync/status", "sync/log"];
    for (const path of everywhere) {
      const { text } = await surveyor.ask(`/api/v1/${path}`, { method: "GET", headers: clerk });
      expect(text).not.toContain(victim.company.id);
      expect(text).not.toContain(victim.mark);
    }
  });
});

/** The headers of an employee of an organization. */
async function clerkOf({ organizationId }: Tenant, allowedCompanies: string[] = []) {
  const clerk: SignedIn = await signIn(local);
  const { userId } = await clerk.ids();
  const membership = memberships.insert(userId, {
    id: organizationId,
    membershipId: newId(),
    userId,
    role: "employee",
    isActive: true,
    permissions: null,
    allowedCompanies,
    joinedAt: instant(),
  });
  await commit([membership]);
  return { ...clerk.headers, "x-organization": organizationId };
}

describe("a company or organization the caller does not belong to", () => {
  it.each(inCompany)("403 from $name", async (route) => {
    const { "x-company": _own, ...unsaid } = headersOf(asker);
    const saying = (company: object) =>
      spy(pathOf(route, idIn(asker)), requestOf(route.name, asker.named, { ...unsaid, ...company }));
    const unknown = inCompany.indexOf(route) % 2 ? newId() : "x";
    const [none, ...answers] = await Promise.all([
      saying({}),
      saying({ "x-company": victim.company.id }),
      saying({ "x-company": unknown }),
    ]);
    expect(none).toMatchObject({ status: 403, body: { error: "Company context required", code: 403 } });
    const denied = { error: "Access denied", message: "Access denied", code: 403 };
    for (const { status, body } of answers) expect([status, body]).toEqual([403, denied]);
  });

  it("is told nothing of by routes that need no company", async () => {
    for (const route of closed.filter((one) => isOrganizationWide(one) && !isWriting(one))) {
      const path = pathOf(route, idIn(asker));
      await spy(path, { method: "GET", headers: headersOf(asker, { "x-company": victim.company.id }) });
      await spy(`${path}?company=${victim.company.id}`, { method: "GET", headers: asker.headers });
    }
    expect(surveyor.leaks).toEqual([]);
  });

  it("403 from every route for X-Organization of another", async () => {
    const headers = headersOf(asker, { "x-organization": victim.organizationId });
    expect(await surveyor.others(403, closed, victim, headers)).toEqual({});
  });
});

describe("an id of another tenant inside a request", () => {
  const post = (path: string, body: unknown) =>
    spy(`/api/v1${path}`, {
      method: "POST",
      headers: headersOf(asker, { "content-type": "application/json" }),
      body: JSON.stringify(body),
    });
  const invoice = (given: object, inLine: Record<string, unknown> = {}) => ({
    clientId: asker.ids.clients,
    lines: [line(inLine)],
    ...given,
  });

  it.each<[string, string, (id: string) => unknown]>([
    ["clients", "/invoices", (clientId) => invoice({ clientId })],
    ["document-series", "/invoices", (documentSeriesId) => invoice({ documentSeriesId })],
    ["invoices", "/invoices", (id) => invoice({ isCreditNote: true, parentDocumentId: id })],
    ["companies", "/anaf/token-links", (companyId) => ({ companyId })],
    ["companies", "/anaf/tokens", (companyId) => ({ companyId, token: "e30.e30.e30" })],
  ])("of %s in the body of %s is refused as one that is nobody's", async (noun, path, body) => {
    const [foreign, nobodys] = [await post(path, body(idIn(victim)(noun))), await post(path, body(newId()))];
    expect(foreign.status).toBeGreaterThanOrEqual(400);
    expect([foreign.status, foreign.body]).toEqual([nobodys.status, nobodys.body]);
  });

  it("counts as none where an unknown one does", async () => {
    const { products, "vat-rates": vatRateId, "product-categories": categoryId } = victim.ids;
    const sold = { name: "x", unitOfMeasure: "x", vatRate: 21, defaultPrice: 1, categoryId };
    const answers = [
      await post("/invoices", invoice({}, { productId: products, vatRateId })),
      await post("/products", sold),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(201);
      for (const id of [products, vatRateId, categoryId]) expect(text).not.toContain(id);
    }
    const [{ id: invoiceId }, { id: productId }] = answers.map(({ body }) => body) as { id: string }[] as [
      { id: string },
      { id: string },
    ];
    await asker.call("DELETE", `/api/v1/invoices/${invoiceId}`);
    await asker.call("DELETE", `/api/v1/products/${productId}`);
  });

  it.each(["clients", "suppliers", "products", "invoices"])(
    "in a bulk action on %s does nothing",
    async (noun) => {
      const actions = routes.filter(({ name }) => name.startsWith(`POST /api/v1/${noun}/bulk-`));
      expect(actions).not.toEqual([]);
      for (const { path } of actions) {
        const [foreign, nobodys] = [idIn(victim)(noun), newId()];
        const answer = await post(path.slice("/api/v1".length), { ids: [foreign, nobodys] });
        const { errors } = answer.body as { errors: { id: string }[] };
        expect(errors.map(({ id: _id, ...error }) => error)[0]).toEqual(
          errors.map(({ id: _id, ...error }) => error)[1],
        );
        expect(answer).toMatchObject({ status: 200, body: { errors: [{ id: foreign }, { id: nobodys }] } });
      }
    },
  );

  it("in a filter finds nothing", async () => {
    const { clients, suppliers, invoices } = victim.ids;
    const filters = [`clientId=${clients}`, `supplierId=${suppliers}`, `parentDocumentId=${invoices}`];
    for (const filter of [...filters, `search=${victim.mark}`]) {
      const request = { method: "GET", headers: headersOf(asker) };
      expect(await spy(`/api/v1/invoices?${filter}`, request)).toMatchObject({
        body: { total: 0, data: [] },
      });
      await spy(`/api/v1/invoices/export/csv?${filter}`, request);
      await spy(`/api/v1/invoice-defaults?${filter}`, request);
    }
    for (const list of ["clients", "suppliers", "products", "efactura-messages", "sync/log"])
      expect(
        await spy(`/api/v1/${list}?search=${victim.mark}`, { method: "GET", headers: headersOf(asker) }),
      ).toMatchObject({ status: 200, body: { total: 0 } });
  });

  it("in a cursor opens nothing", async () => {
    const request = { method: "GET", headers: headersOf(asker) };
    for (const list of ["invoices", "clients", "suppliers", "products"]) {
      const first = await victim.call("GET", `/api/v1/${list}?limit=1`);
      const cursors = [first.body.nextCursor ?? "e30", idIn(victim)(list)];
      for (const cursor of cursors)
        await spy(`/api/v1/${list}?limit=1&cursor=${encodeURIComponent(cursor)}`, request);
    }
    expect(surveyor.leaks).toEqual([]);
  });

  it("is not behind an idempotency key of another: each tenant has its own", async () => {
    const body = { name: "Once", unitOfMeasure: "buc", vatRate: 21, defaultPrice: 1 };
    const more = { "idempotency-key": "same" };
    const theirs = await victim.call("POST", "/api/v1/products", body, more);
    const inSibling = { ...more, "x-company": victim.sibling.id };
    const answers = [
      await asker.call("POST", "/api/v1/products", body, more),
      await victim.call("POST", "/api/v1/products", body, inSibling),
    ];
    for (const { status, body: made, headers } of answers) {
      expect([status, headers.get("idempotent-replayed")]).toEqual([201, null]);
      expect(made.id).not.toBe(theirs.body.id);
    }
    expect((await victim.call("DELETE", `/api/v1/products/${theirs.body.id}`)).status).toBe(204);
    expect((await asker.call("DELETE", `/api/v1/products/${answers[0]!.body.id}`)).status).toBe(204);
  });
});

describe("after all that", () => {
  it("no answer has told anything of another tenant", () => {
    expect(surveyor.leaks).toEqual([]);
  });

  it("a tenant sees what it saw before another one came", async () => {
    expect(await surveyor.snapshot(closed, asker)).toEqual(before.asker);
  });

  it("the other one has lost and gained nothing", async () => {
    expect(await surveyor.snapshot(closed, victim)).toEqual(before.victim);
  });

  it("401 from every route for a session that has expired", async () => {
    const { headers } = asker;
    local.clock({ advance: "2h" });
    expect(await surveyor.others(401, closed, asker, headers)).toEqual({});
  });
});
