import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Local, start } from "#infra/local/engine.ts";

let local: Local;
beforeAll(async () => {
  local = await start();
});
afterAll(() => local.stop());

const invoice = readFileSync("tests/golden/ubl/380-simple.xml", "utf8");

async function post(body: string | Uint8Array | FormData, query = "") {
  const answer = await local.fetch(`/api/v1/validate/xml${query}`, { method: "POST", body });
  return { status: answer.status, body: (await answer.json()) as Record<string, never> };
}

describe("POST /api/v1/validate/xml", () => {
  it("says that a valid invoice is valid, without an account", async () => {
    const { status, body } = await post(invoice);
    expect([status, body]).toEqual([
      200,
      {
        profile: "ro",
        xsd: "ok",
        rules: [],
        valid: true,
        errors: [],
        warnings: [],
        schematronAvailable: true,
      },
    ]);
  });

  it("names rule, place and remedy of what is wrong", async () => {
    const { status, body } = await post(invoice.replace(/<cbc:IssueDate>[^<]*<\/cbc:IssueDate>/, ""));
    expect([status, body.valid, body.xsd]).toEqual([200, false, "error"]);
    expect(body.rules).toContain("BR-03");
    expect(body.errors).toContainEqual(
      expect.objectContaining({
        ruleId: "BR-03",
        severity: "fatal",
        hint: expect.any(String),
        source: "EN16931",
      }),
    );
  });

  it("judges by the profile that is asked for", async () => {
    const foreign = invoice.replace(
      /<cbc:CustomizationID>[^<]*</,
      "<cbc:CustomizationID>urn:cen.eu:en16931:2017<",
    );
    expect((await post(foreign)).body.rules).toContain("BR-RO-001");
    expect((await post(foreign, "?profile=en-ubl")).body).toMatchObject({ valid: true, profile: "en-ubl" });
    const german = (await post(foreign, "?profile=xr-ubl")).body as { errors?: object[]; valid?: boolean };
    expect(german.valid).toBe(false);
    expect(german.errors).toContainEqual(
      expect.objectContaining({
        ruleId: "BR-DE-15",
        source: "NATIONAL",
        location: "/Invoice/cbc:BuyerReference",
      }),
    );
  });

  it("takes a file in a form as well", async () => {
    const form = new FormData();
    form.append("file", new File([invoice], "invoice.xml"));
    expect((await post(form)).body.valid).toBe(true);
  });

  it.each([
    ["nothing", ""],
    ["no XML", "Dear ANAF, please find attached"],
    ["a DTD", `<!DOCTYPE x [<!ENTITY a "b">]>${invoice.replace(/<\?xml[^>]*>/, "")}`],
    ["an unclosed tag", invoice.slice(0, -20)],
    ["100 000 open tags", "<a>".repeat(100_000)],
  ])("says not-wellformed of %s", async (_, body) => {
    expect(await post(body)).toMatchObject({ status: 200, body: { xsd: "not-wellformed", valid: false } });
  });

  it("400 for a profile there is not", async () => {
    expect((await post(invoice, "?profile=peppol")).status).toBe(400);
  });

  it("413 over 4 MB", async () => {
    expect((await post(invoice.padEnd(4_000_001))).status).toBe(413);
  });

  it("429 with Retry-After when asked too often", async () => {
    process.env.RATE_LIMITS = "on";
    const statuses: number[] = [];
    for (let asked = 0; asked < 63; asked += 9)
      statuses.push(
        ...(await Promise.all(Array.from({ length: 9 }, async () => (await post("<a/>")).status))),
      );
    process.env.RATE_LIMITS = "off";
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });
});
