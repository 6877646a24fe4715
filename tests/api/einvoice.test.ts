import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { system } from "#core/lib/actor.ts";
import { sha256 } from "#core/lib/ids.ts";
import { findFile } from "#core/store/files.ts";
import type { Local } from "#infra/local/engine.ts";
import { start } from "#infra/local/engine.ts";
import { receiver } from "../receiver.ts";
import { addClient, type Invoicing, move, withInvoices } from "../with-invoices.ts";

let local: Local;
let owner: Invoicing;
let clientId: string;
let configUrl: string;

const buyer = {
  name: "Beispiel GmbH",
  cui: null,
  vatCode: "DE123456789",
  address: "Hauptstraße 1",
  city: "Berlin",
  county: null,
  country: "DE",
  postalCode: "10115",
  email: "rechnung@beispiel.example",
};

beforeAll(async () => {
  local = await start({ simulator: { registerThrottle: "off" } });
  owner = await withInvoices(local);
  configUrl = `/api/v1/companies/${owner.company.id}/einvoice-config`;
  clientId = (await addClient(owner.company.id, buyer)).id;
  const contact = {
    contactName: "Ana Pop",
    contactPhone: "+40 21 000 0000",
    contactEmail: "ana@simulat.example",
  };
  await owner.call("POST", configUrl, { provider: "xrechnung", config: contact });
});
afterAll(() => local.stop());

const issued = (given: Record<string, unknown> = {}) =>
  owner.issued({ clientId, buyerReference: "04011000-1234512345-06", issuerName: "Ana Pop", ...given });
const submit = (id: string, provider: unknown = "xrechnung", more?: Record<string, string>) =>
  owner.invoices("POST", `/${id}/submit-einvoice`, { provider }, more);
const history = async (id: string) => (await owner.invoices("GET", `/${id}/einvoice-submissions`)).body;

describe("POST /invoices/{uuid}/submit-einvoice", () => {
  it("200 for a format without a network: generated, stored, and said not to be transmitted", async () => {
    const { id, number } = await issued();
    const answer = await submit(id);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      message: "The document was generated and stored. It was not transmitted.",
      provider: "xrechnung",
      status: "pending",
    });
    await local.drain();
    const [only, ...others] = await history(id);
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      provider: "xrechnung",
      externalId: null,
      status: "pending",
      errorMessage: null,
      metadata: {
        stage: "generated",
        state: "generated",
        fileName: `${number}.xml`,
        attempts: 0,
        nextAt: null,
      },
    });
    expect(only.metadata.message).toContain("was not transmitted. Germany has no program interface");
    const stored = (await findFile(only.xmlPath))!;
    expect(sha256(stored)).toBe(only.metadata.sha256);
    expect(Buffer.from(stored).toString("utf8")).toContain("xrechnung_3.0");
  });

  it("answers the same submission again, written anew when the invoice was changed meanwhile", async () => {
    const { id } = await issued();
    const [first, second] = [(await submit(id)).body.submission, (await submit(id)).body.submission];
    expect(second.id).toBe(first.id);
    expect(second.metadata.sha256).toBe(first.metadata.sha256);
    expect((await owner.invoices("PUT", `/${id}`, { orderNumber: "PO-17" })).status).toBe(200);
    const third = (await submit(id)).body.submission;
    expect(third.id).toBe(first.id);
    expect(third.metadata.sha256).not.toBe(first.metadata.sha256);
    expect(await history(id)).toHaveLength(1);
  });

  it("200 with the submission as it now is for a repeated idempotency key, 422 with another body", async () => {
    const { id } = await issued();
    const key = { "idempotency-key": `hand-over-${id}` };
    const first = await submit(id, "xrechnung", key);
    const again = await submit(id, "xrechnung", key);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expect((await submit(id, "ksef", key)).status).toBe(422);
  });

  it("422 naming every field that the country misses, and nothing is stored", async () => {
    const { id } = await issued({ buyerReference: "04011000-1234512345-07", paymentMethod: "card" });
    const answer = await submit(id);
    expect(answer.status).toBe(422);
    const found = answer.body.errors.map(({ ruleId, path }: Record<string, string>) => `${ruleId} ${path}`);
    expect(found).toEqual(["STORNO-DE-LEITWEG-ID buyerReference", "BR-DE-24-a paymentMethod"]);
    expect(await history(id)).toEqual([]);
  });

  it("422 for a draft, a cancelled invoice and one that ANAF rejected", async () => {
    const draft = await owner.draft({ clientId });
    expect((await submit(draft.id)).body.message).toContain("This one is draft.");
    const cancelled = await issued();
    await owner.invoices("POST", `/${cancelled.id}/cancel`, {});
    expect((await submit(cancelled.id)).status).toBe(422);
    const rejected = await issued();
    const actor = system("", owner.company.id);
    await move(owner.company.id, rejected.id, (invoice, efactura) =>
      efactura.markSubmitting(actor, invoice, { automatic: false, xmlSha256: invoice.xmlSha256! }),
    );
    await move(owner.company.id, rejected.id, (invoice, efactura) =>
      efactura.markVerdict(invoice, { state: "rejected", uploadId: null, reason: "no" }),
    );
    expect((await submit(rejected.id)).body.message).toContain("This one is rejected.");
  });

  it.each([undefined, "peppol", 7, ["ksef"]])("400 for the provider %j", async (provider) => {
    const { id } = await issued();
    const answer = await submit(id, provider ?? null);
    expect([answer.status, Object.keys(answer.body.errors)]).toEqual([400, ["provider"]]);
  });

  it("404 for an invoice that is nobody's", async () => {
    expect((await submit("019aa000-0000-7000-8000-000000000000")).status).toBe(404);
  });
});

describe("/companies/{uuid}/einvoice-config", () => {
  const save = (provider: string, config: Record<string, string | null>, more: object = {}) =>
    owner.call("POST", configUrl, { provider, config, ...more });

  it("keeps a secret that comes back empty or as it was shown, and takes a new one", async () => {
    await save("facturx", { clientId: "abcdefgh", clientSecret: "topsecret1" });
    const shown = (await save("facturx", { clientId: "****efgh", clientSecret: "" })).body;
    expect(shown.maskedConfig).toEqual({ clientId: "****efgh", clientSecret: "****ret1" });
    const { configOf } = await import("#core/einvoicing/provider-config.ts");
    const stored = async () => (await configOf(owner.company.id, "facturx"))!.values;
    expect(await stored()).toEqual({ clientId: "abcdefgh", clientSecret: "topsecret1" });
    await save("facturx", { clientSecret: "topsecret2" });
    expect(await stored()).toEqual({ clientId: "abcdefgh", clientSecret: "topsecret2" });
  });

  it("shows where Italy's exchange may call, to who may submit and to nobody else", async () => {
    const { noticeUrl } = (await save("sdi", { apiEndpoint: "https://sdi.example", apiKey: "key-1234" }))
      .body;
    expect(noticeUrl).toContain(`/api/einvoice/notices/sdi/${owner.company.id}.`);
    const { listConfigs } = await import("#core/einvoicing/provider-config.ts");
    const { organizationId } = await owner.ids();
    const reader = {
      ...system(organizationId, owner.company.id),
      permissions: new Set(["efactura.view"] as const),
    };
    const seen = (await listConfigs(reader, owner.company.id)).find(({ provider }) => provider === "sdi");
    expect(seen).toBeDefined();
    expect(seen).not.toHaveProperty("noticeUrl");
    const forged = new URL(noticeUrl.replace(/.$/, (last: string) => (last === "0" ? "1" : "0"))).pathname;
    expect((await local.fetch(forged, { method: "POST", body: "<x/>" })).status).toBe(404);
    expect((await local.fetch(new URL(noticeUrl).pathname, { method: "POST", body: "<x/>" })).status).toBe(
      404,
    );
  });

  it("test says what is wrong without saving anything; 400 for ANAF", async () => {
    const tried = await owner.call("POST", `${configUrl}/test`, { provider: "xrechnung", config: {} });
    expect([tried.status, tried.body.success]).toEqual([200, false]);
    expect(tried.body.error).toContain("no program interface");
    expect((await owner.call("POST", `${configUrl}/test`, { provider: "anaf", config: {} })).status).toBe(
      400,
    );
    const ksef = await owner.call("POST", `${configUrl}/test`, {
      provider: "ksef",
      config: { nip: "5265877635" },
    });
    expect(ksef.body.success).toBe(false);
    expect(ksef.body.error).toContain("authToken");
    const saved = (await owner.call("GET", configUrl)).body;
    expect(JSON.stringify(saved)).not.toContain("ksef");
  });

  it("test sends no stored secret to an address given by who may not change it", async () => {
    const { url, received, close } = await receiver();
    await save("sdi", { apiEndpoint: "https://sdi.example", apiKey: "key-1234" });
    const { tryConfig } = await import("#core/einvoicing/provider-config.ts");
    const { organizationId } = await owner.ids();
    const owns = system(organizationId, owner.company.id);
    const reads = { ...owns, permissions: new Set(["efactura.view"] as const) };
    const asked = { apiEndpoint: url, apiKey: "" };
    expect(await tryConfig(reads, owner.company.id, "sdi", asked)).toMatchObject({ success: false });
    expect(received).toEqual([]);
    await tryConfig(owns, owner.company.id, "sdi", asked);
    expect(JSON.stringify(received)).toContain("key-1234");
    await close();
  });
});
