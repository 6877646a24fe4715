import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findIssues } from "#infra/local/anaf/validation.ts";
import type { Local } from "#infra/local/engine.ts";
import { freshCif } from "../cif.ts";
import { call, signIn } from "../signed-in.ts";
import { type Connected, control, pass, startWithAnaf, withConnection } from "../with-anaf.ts";

let local: Local;
let shop: Connected;
const messages = "/api/v1/efactura-messages";

/** A rule that ANAF has and we do not know of. */
const issuesOfANewRule = (xml: string) =>
  xml.includes("Nota interzisă") ? [{ code: "BR-RO-999", message: "Nota nu este permisă" }] : [];

beforeAll(async () => {
  local = await startWithAnaf({ validator: (xml) => [...findIssues(xml), ...issuesOfANewRule(xml)] });
  shop = await withConnection(local, { cif: freshCif() });
  await control(local, "/inbox/bulk", { cif: shop.company.cif, n: 3 });
  await control(local, "/inbox", { cif: shop.company.cif, xml: "<Order/>" });
  await shop.submitted();
  await pass(local, "10s");
  await shop.call("POST", "/api/v1/sync/trigger");
  await pass(local, "10s");
});
afterAll(() => local?.stop());

const list = async (query = "") => (await shop.call("GET", `${messages}${query}`)).body;

describe("GET /api/v1/efactura-messages", () => {
  it("lists what arrived and what was sent, newest first, with what became of it", async () => {
    const all = await list();
    expect(all.total).toBe(5);
    const sent = all.data.find((row: { messageType: string }) => row.messageType === "FACTURA_TRIMISA");
    expect(sent).toMatchObject({
      status: "processed",
      uploadId: expect.any(String),
      invoiceId: expect.any(String),
      seal: "valid",
    });
    expect(sent.messageId).toBe(sent.anafMessageId);
    const times = all.data.map((row: { receivedAt: string }) => row.receivedAt);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it.each([
    ["?messageType=FACTURA_PRIMITA", 4],
    ["?messageType=factura%20primita", 4],
    ["?messageType=notification", 4],
    ["?messageType=response", 1],
    ["?messageType=error", 0],
    ["?messageType=warning", 0],
    ["?status=ok", 4],
    ["?status=pending", 0],
    ["?status=error", 1],
    ["?status=warning", 1],
    ["?limit=2&page=2", 5],
  ])("filters by %s", async (query, total) => {
    expect((await list(query)).total).toBe(total);
  });

  it("finds a message by the number of its invoice", async () => {
    const row = (await list("?messageType=FACTURA_PRIMITA")).data.find(
      (one: { invoice: unknown }) => one.invoice,
    );
    const found = await list(`?search=${encodeURIComponent(row.invoice.number)}`);
    expect(found.data.map(({ id }: { id: string }) => id)).toContain(row.id);
  });

  it("422 for words nobody knows", async () => {
    expect((await shop.call("GET", `${messages}?messageType=letter`)).status).toBe(422);
    expect((await shop.call("GET", `${messages}?status=lost`)).status).toBe(422);
    expect((await shop.call("GET", `${messages}?messageType=constructor`)).status).toBe(422);
  });

  it("401 without a caller, 403 for somebody else's company", async () => {
    expect((await call(local, "GET", messages)).status).toBe(401);
    const stranger = await signIn(local);
    const headers = { "x-company": shop.company.id };
    expect((await stranger.call("GET", messages, undefined, headers)).status).toBe(403);
    expect((await stranger.call("GET", messages)).body.total).toBe(0);
  });
});

describe("GET /api/v1/efactura-messages/{uuid}", () => {
  it("shows the message as ANAF listed it; 404 to others and for what is not there", async () => {
    const [row] = (await list()).data;
    const one = await shop.call("GET", `${messages}/${row.id}`);
    expect(one.body).toMatchObject({ id: row.id, rawData: { id: row.messageId } });
    const stranger = await signIn(local);
    expect((await stranger.call("GET", `${messages}/${row.id}`)).status).toBe(404);
    expect((await shop.call("GET", `${messages}/nothing`)).status).toBe(404);
  });
});

describe("an invoice and its network", () => {
  const invoices = "/api/v1/invoices";

  it("lists its uploads, answers the sealed ZIP and verifies its seal", async () => {
    const { id } = await shop.submitted();
    expect((await shop.call("POST", `${invoices}/${id}/verify-signature`)).status).toBe(404);
    expect((await shop.call("GET", `${invoices}/${id}/anaf-response`)).status).toBe(404);
    await pass(local, "10s", 3);
    const uploads = await shop.call("GET", `${invoices}/${id}/einvoice-submissions`);
    expect(uploads.body).toMatchObject([
      {
        provider: "anaf",
        status: "accepted",
        externalId: expect.any(String),
        metadata: { state: "accepted" },
      },
    ]);
    const zip = await local.fetch(`${invoices}/${id}/anaf-response`, { headers: shop.headers });
    expect(zip.headers.get("content-type")).toBe("application/zip");
    expect(
      Buffer.from(await zip.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
    const verified = await shop.call("POST", `${invoices}/${id}/verify-signature`);
    expect(verified.body).toMatchObject({
      valid: true,
      xmlIntegrityValid: true,
      certificateChainValid: true,
    });
    expect(verified.body.error).toBeUndefined();
  });

  it("asks ANAF about a seal whose signer is not known here, and says what it answered", async () => {
    const { id } = await shop.submitted();
    await pass(local, "10s", 3);
    const trusted = process.env.ANAF_SEAL_CERTIFICATES;
    process.env.ANAF_SEAL_CERTIFICATES = "";
    const verify = async () => (await shop.call("POST", `${invoices}/${id}/verify-signature`)).body;
    const unknown = { verdict: "unknown_signer", certificateChainValid: false };
    expect(await verify()).toMatchObject({ ...unknown, valid: true, authority: "valid" });
    expect(await shop.get(id)).toMatchObject({ signatureValid: true });
    await control(local, "/faults", { id: "gw.503", when: { verb: "other" } });
    expect(await verify()).toMatchObject({
      ...unknown,
      valid: false,
      authority: null,
      error: "invalid_chain",
    });
    expect(await shop.get(id)).toMatchObject({ signatureValid: true });
    await control(local, "/faults", undefined, "DELETE");
    process.env.ANAF_SEAL_CERTIFICATES = trusted;
  });

  it("is judged by ANAF's own judge beside ours when that is asked for, and by ours alone when ANAF is out", async () => {
    const { id } = await shop.issued();
    const judge = async () => (await shop.call("POST", `${invoices}/${id}/validate?mode=anaf`)).body;
    expect(await judge()).toMatchObject({ valid: true, schematronAvailable: true, anafAvailable: true });
    const refused = await shop.issued({ notes: "Nota interzisă" });
    const opinion = await shop.call("POST", `${invoices}/${refused.id}/validate`, { mode: "anaf" });
    expect(opinion.body).toMatchObject({ valid: false, errors: [{ ruleId: "BR-RO-999", source: "anaf" }] });
    await control(local, "/faults", { id: "gw.503", when: { verb: "validare" } });
    expect(await judge()).toMatchObject({ valid: true, errors: [], anafAvailable: false });
    await control(local, "/faults", undefined, "DELETE");
    expect(
      (await shop.call("POST", `${invoices}/${id}/validate?mode=quick`)).body.anafAvailable,
    ).toBeUndefined();
    expect((await shop.call("POST", `${invoices}/${id}/validate?mode=slow`)).status).toBe(422);
  });

  it("is submitted by its network's name; 400 for a name nobody has, 404 for another's invoice", async () => {
    const { id } = await shop.issued();
    const submit = `${invoices}/${id}/submit-einvoice`;
    expect((await shop.call("POST", submit, { provider: "fax" })).status).toBe(400);
    expect((await shop.call("POST", submit, {})).status).toBe(400);
    expect((await shop.call("POST", submit, { provider: "sdi" })).status).toBe(422);
    const queued = await shop.call("POST", submit, { provider: "anaf" });
    expect(queued).toMatchObject({ status: 200, body: { provider: "anaf", status: "sent_to_provider" } });
    const stranger = await withConnection(local, { cif: freshCif() });
    expect((await stranger.call("POST", submit, { provider: "anaf" })).status).toBe(404);
    const path = `${invoices}/${id}/einvoice-submissions`;
    expect((await stranger.call("GET", path)).status).toBe(404);
  });

  it("lists the networks there are", async () => {
    const { data } = (await shop.call("GET", "/api/v1/einvoice/providers")).body;
    expect(data.map(({ value }: { value: string }) => value)).toEqual([
      "anaf",
      "xrechnung",
      "sdi",
      "ksef",
      "facturx",
    ]);
  });
});

describe("a company's configuration of other networks", () => {
  it("is merged, masked and removed; secrets are never shown", async () => {
    const path = `/api/v1/companies/${shop.company.id}/einvoice-config`;
    const saved = await shop.call("POST", path, {
      provider: "ksef",
      config: { authToken: "very-secret-token", nip: "123" },
    });
    expect(saved.body).toMatchObject({
      provider: "ksef",
      enabled: true,
      maskedConfig: { authToken: "****oken", nip: "****" },
    });
    const merged = await shop.call("POST", path, {
      provider: "ksef",
      enabled: false,
      config: { authToken: "" },
    });
    expect(merged.body).toMatchObject({ enabled: false, maskedConfig: { authToken: "****oken" } });
    expect(JSON.stringify((await shop.call("GET", path)).body)).not.toContain("very-secret");
    expect((await shop.call("POST", path, { provider: "fax" })).status).toBe(400);
    expect((await shop.call("POST", `${path}/test`, { provider: "anaf" })).status).toBe(400);
    expect((await shop.call("DELETE", `${path}/ksef`)).status).toBe(204);
    expect((await shop.call("DELETE", `${path}/ksef`)).status).toBe(404);
    const stranger = await signIn(local);
    expect((await stranger.call("GET", path)).status).toBe(404);
  });
});
