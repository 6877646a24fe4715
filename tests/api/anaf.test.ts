import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Local } from "#infra/local/engine.ts";
import { freshCif } from "../cif.ts";
import { call, signIn } from "../signed-in.ts";
import { fetchPair, startWithAnaf } from "../with-anaf.ts";
import { type WithCompany, withCompany } from "../with-company.ts";

let local: Local;
let owner: WithCompany;

beforeAll(async () => {
  local = await startWithAnaf();
  owner = await withCompany(local, freshCif());
});
afterAll(() => local?.stop());

/** Follows redirects by hand, as a browser with a certificate of that holder would. */
async function browse(
  url: string,
  holder = "SER-ANY",
): Promise<{ status: number; text: string; url: string }> {
  let at = url;
  for (let hops = 0; hops < 5; hops++) {
    const target = at.includes("/authorize?") ? `${at}&sim_holder=${holder}` : at;
    const response = await fetch(target, { redirect: "manual" });
    const location = response.headers.get("location");
    if (!location) return { status: response.status, text: await response.text(), url: at };
    at = new URL(location, at).href;
    if (new URL(at).pathname === "/anaf") return { status: 302, text: "", url: at };
  }
  throw new Error("Too many redirects.");
}

describe("connecting by a link", () => {
  it("stores a connection for the link's creator, tried on the company, and uses the link up", async () => {
    const made = await owner.call("POST", "/api/v1/anaf/token-links", {});
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      linkToken: expect.stringMatching(/^[0-9a-f]{64}$/),
      linkUrl: made.body.url,
    });
    const landing = await browse(made.body.url);
    expect(landing.status).toBe(200);
    expect(landing.text).toContain(`/api/connect/anaf?link=${made.body.linkToken}`);
    const poll = `/api/v1/anaf/token-links/${made.body.linkToken}`;
    expect((await call(local, "GET", poll)).body).toMatchObject({
      status: "pending",
      tokenId: null,
      used: false,
    });

    const done = await browse(`${local.apiUrl}/api/connect/anaf?link=${made.body.linkToken}`);
    expect(done.status).toBe(200);
    const tokens = await owner.call("GET", "/api/v1/anaf/tokens");
    expect(tokens.body.data).toMatchObject([
      { numericId: 1, isValid: true, isExpired: false, validatedCifs: [Number(owner.company.cif)] },
    ]);
    expect(JSON.stringify(tokens.body)).not.toContain("eyJ");
    expect((await call(local, "GET", poll)).body).toMatchObject({
      status: "used",
      tokenId: tokens.body.data[0].id,
      completed: true,
    });
    expect((await browse(made.body.url)).status).toBe(404);
    expect((await browse(`${local.apiUrl}/api/connect/anaf?link=${made.body.linkToken}`)).status).toBe(410);
  });

  it("says so, and keeps nothing, when the certificate is refused", async () => {
    const other = await withCompany(local, freshCif());
    const made = await other.call("POST", "/api/v1/anaf/token-links", {});
    const refused = await browse(`${local.apiUrl}/api/connect/anaf?link=${made.body.linkToken}`, "none");
    expect(refused).toMatchObject({ status: 400, text: expect.stringContaining("Nu s-a salvat nimic") });
    expect((await other.call("GET", "/api/v1/anaf/tokens")).body.data).toEqual([]);
  });

  it("404 for a link nobody gave out", async () => {
    expect((await call(local, "GET", `/api/v1/anaf/token-links/${"0".repeat(64)}`)).status).toBe(404);
    expect((await browse(`${local.apiUrl}/anaf/link/${"0".repeat(64)}`)).status).toBe(404);
  });

  it("429 for a sixth link while five are out", async () => {
    const other = await withCompany(local, freshCif());
    for (let n = 0; n < 5; n++)
      expect((await other.call("POST", "/api/v1/anaf/token-links")).status).toBe(201);
    expect((await other.call("POST", "/api/v1/anaf/token-links")).status).toBe(429);
    expect((await other.call("GET", "/api/v1/anaf/token-links")).body.data).toHaveLength(5);
  });
});

describe("the direct flow", () => {
  it("gives the code to the front end, whose user finishes", async () => {
    const other = await withCompany(local, freshCif());
    const back = await browse(`${local.apiUrl}/api/connect/anaf`);
    const code = new URL(back.url).searchParams.get("code");
    const done = await other.call("PATCH", `/api/account/anaf?code=${code}`);
    expect(done).toMatchObject({ status: 201, body: { status: "ok", data: { id: expect.any(String) } } });
    const again = await other.call("PATCH", `/api/account/anaf?code=${code}`);
    expect(again).toMatchObject({ status: 502, body: { status: "fail" } });
  });

  it("makes the connection itself for a caller that shows a credential", async () => {
    const caller = await signIn(local);
    const started = await caller.call("GET", "/api/connect/anaf");
    expect(started.status).toBe(302);
    const done = await browse(started.headers.get("location")!);
    expect([done.status, done.text.includes("Conectat la ANAF")]).toEqual([200, true]);
    const status = await caller.call("GET", "/api/v1/anaf/status");
    expect(status.body).toMatchObject({ tokenCount: 1, hasValidToken: true });
    expect(
      (await call(local, "GET", "/api/connect/anaf", undefined, { authorization: "Bearer x" })).status,
    ).toBe(401);
  });

  it("400 without a code, 401 without a caller", async () => {
    expect((await owner.call("PATCH", "/api/account/anaf")).status).toBe(400);
    expect((await call(local, "PATCH", "/api/account/anaf?code=x")).status).toBe(401);
  });

  it("carries ANAF's refusal to the front end", async () => {
    const back = await browse(`${local.apiUrl}/api/connect/anaf`, "none");
    expect(new URL(back.url).searchParams.get("error")).toBe("access_denied");
  });
});

describe("POST /api/v1/anaf/tokens", () => {
  it("201 with the token's facts; 422 the second time", async () => {
    const other = await withCompany(local, freshCif());
    const { accessToken } = await fetchPair();
    const body = { token: accessToken, label: "De la contabil" };
    const saved = await other.call("POST", "/api/v1/anaf/tokens", body);
    expect(saved).toMatchObject({
      status: 201,
      body: { status: "ok", label: "De la contabil", isValid: true },
    });
    expect((await other.call("POST", "/api/v1/anaf/tokens", body)).status).toBe(422);
  });

  it("422 when ANAF gives it no access to the company", async () => {
    const { accessToken } = await fetchPair("SER-NORIGHTS");
    const refused = await owner.call("POST", "/api/v1/anaf/tokens", { token: accessToken });
    expect(refused).toMatchObject({
      status: 422,
      body: { error: expect.stringContaining("no access to CIF") },
    });
  });

  it("400 for what is no JWT, is missing or has expired", async () => {
    const expired = `x.${Buffer.from(JSON.stringify({ exp: 1 })).toString("base64url")}.x`;
    for (const token of [undefined, "short", "not a token at all", expired])
      expect((await owner.call("POST", "/api/v1/anaf/tokens", { token })).status).toBe(400);
  });

  it("403 for a company of somebody else", async () => {
    const other = await withCompany(local, freshCif());
    const { accessToken } = await fetchPair();
    const body = { token: accessToken, companyId: other.company.id };
    expect((await owner.call("POST", "/api/v1/anaf/tokens", body)).status).toBe(403);
  });
});

describe("one token", () => {
  it("is checked against a CIF, by its small number, with and without a body", async () => {
    const path = "/api/v1/anaf/tokens/1/validate-cif";
    const one = await owner.call("POST", path, { cif: owner.company.cif });
    expect(one).toMatchObject({ status: 200, body: { valid: true, cif: Number(owner.company.cif) } });
    const all = await owner.call("POST", path);
    expect(all).toMatchObject({ status: 200, body: { valid: true, errors: [] } });
  });

  it("is checked against a CIF that could be added, and the answer names its company", async () => {
    const path = "/api/v1/anaf/tokens/1/validate-cif";
    const other = freshCif();
    const { body } = await owner.call("POST", path, { cif: `RO${other}` });
    expect(body).toMatchObject({ valid: true, cif: Number(other), companyName: expect.stringMatching(/./) });
    const { data } = (await owner.call("GET", "/api/v1/anaf/tokens")).body;
    expect(data[0].validatedCifs).toContain(Number(other));
  });

  it("402 for such a CIF where the plan allows no further company", async () => {
    const { organizations } = await import("#core/identity/organizations.ts");
    const { organizationOf } = await import("../with-invoices.ts");
    const { commit } = await import("#core/store/commit.ts");
    const id = await organizationOf(owner);
    const set = async (plan: "business" | "freemium") => {
      const organization = await organizations.get(id, id);
      await commit([organizations.replace(id, organization, { ...organization, plan })]);
    };
    await set("freemium");
    const answer = await owner.call("POST", "/api/v1/anaf/tokens/1/validate-cif", { cif: freshCif() });
    await set("business");
    expect(answer).toMatchObject({ status: 402, body: { code: "PLAN_LIMIT" } });
  });

  it("says nothing new of a company when its token is checked once more", async () => {
    const { companies } = await import("#core/companies/company.ts");
    const { organizationOf } = await import("../with-invoices.ts");
    const id = await organizationOf(owner);
    const before = await companies.get(id, owner.company.id);
    expect((await owner.call("POST", "/api/v1/anaf/tokens/1/validate-cif")).body.valid).toBe(true);
    expect(await companies.get(id, owner.company.id)).toEqual(before);
  });

  it("422 for a CIF the register does not know, 400 for one that is none, 404 for another token", async () => {
    const path = "/api/v1/anaf/tokens/1/validate-cif";
    const unknown = await owner.call("POST", path, { cif: "9000000097" });
    expect(unknown).toMatchObject({ status: 422, body: { valid: false, code: "COMPANY_NOT_FOUND" } });
    expect((await owner.call("POST", path, { cif: "12" })).status).toBe(400);
    expect((await owner.call("POST", "/api/v1/anaf/tokens/99/validate-cif")).status).toBe(404);
  });

  it("200 with valid:false when the right is gone and no CIF was named", async () => {
    const other = await withCompany(local, freshCif());
    const { storeConnection } = await import("#core/einvoicing/connections.ts");
    const { organizationOf } = await import("../with-invoices.ts");
    const { userOf } = await import("../with-anaf.ts");
    const actor = { organizationId: await organizationOf(other), userId: userOf(other.token) };
    await storeConnection(actor, await fetchPair("SER-NORIGHTS"));
    const checked = await other.call("POST", "/api/v1/anaf/tokens/1/validate-cif");
    expect(checked).toMatchObject({
      status: 200,
      body: { valid: false, errors: [expect.stringContaining("drept")] },
    });
  });

  it("404 to another organization, 204 when its owner deletes it, 404 after that", async () => {
    const stranger = await signIn(local);
    const { data } = (await owner.call("GET", "/api/v1/anaf/tokens")).body;
    expect((await stranger.call("DELETE", `/api/v1/anaf/tokens/${data[0].id}`)).status).toBe(404);
    expect((await owner.call("DELETE", `/api/v1/anaf/tokens/${data[0].numericId}`)).status).toBe(204);
    expect((await owner.call("DELETE", `/api/v1/anaf/tokens/${data[0].id}`)).status).toBe(404);
  });
});

describe("GET /api/v1/anaf/status", () => {
  it("sums up the organization's connections", async () => {
    const fresh = await signIn(local);
    expect((await fresh.call("GET", "/api/v1/anaf/status")).body).toMatchObject({
      tokenCount: 0,
      hasValidToken: false,
      tokens: [],
      nearestExpiry: null,
    });
    expect((await call(local, "GET", "/api/v1/anaf/status")).status).toBe(401);
  });
});

describe("GET /api/v1/anaf/vat-status/{cif}", () => {
  it("answers from the register; 400 without digits, 404 for a CIF nobody has", async () => {
    const known = await owner.call("GET", "/api/v1/anaf/vat-status/RO9000000046");
    expect(known.body).toMatchObject({ vatPayer: true, vatOnCollection: true });
    expect((await owner.call("GET", "/api/v1/anaf/vat-status/abc")).status).toBe(400);
    expect((await owner.call("GET", "/api/v1/anaf/vat-status/9000000097")).status).toBe(404);
  });
});
