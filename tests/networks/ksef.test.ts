import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isKsefNumber } from "#core/providers/ksef/number.ts";
import type { Local } from "#infra/local/engine.ts";
import { pass, startWithAnaf } from "../with-anaf.ts";
import { addClient, type Invoicing, withInvoices } from "../with-invoices.ts";

const NIP = "5265877635";

let local: Local;
let owner: Invoicing;
let clientId: string;
let configUrl: string;

beforeAll(async () => {
  local = await startWithAnaf();
  // Between the two midnights Romania is a day ahead of Poland, and invoices wait for theirs.
  if (new Date().getUTCHours() >= 20) local.clock({ advance: "4h" });
  owner = await withInvoices(local);
  configUrl = `/api/v1/companies/${owner.company.id}/einvoice-config`;
  const polish = { cui: null, vatCode: "PL5260001246", country: "PL", county: null };
  const address = { address: "ul. Prosta 1", city: "Warszawa", postalCode: "00-838" };
  clientId = (await addClient(owner.company.id, { name: "Odbiorca Sp. z o.o.", ...polish, ...address })).id;
});
afterAll(() => local.stop());

let secrets = 0;
/** A token nobody has used yet, so that the product has to log in. */
const newToken = (nip = NIP): string => `20261120-EC-0123456789-0123456789-AB|nip-${nip}|secret${++secrets}`;

/** Puts exactly these values in the place of what was configured before. */
async function configured(config: Record<string, string>) {
  await owner.call("DELETE", `${configUrl}/ksef`);
  if (Object.keys(config).length > 0) await owner.call("POST", configUrl, { provider: "ksef", config });
}
const ready = () => configured({ nip: NIP, authToken: newToken() });

interface Arrived {
  hash: string;
  ksefNumber: string | null;
  status: { code: number } | null;
  xml: string;
}

/** The simulator's controls, and what its ledger has under a seller's number. */
async function ksef<Told>(path: string, body?: object): Promise<Told> {
  const request = body && { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(`${local.simulator.url}/ksef/__sim${path}`, request);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as Told;
}
const arrived = (number: string) => ksef<Arrived[]>(`/invoices?number=${encodeURIComponent(number)}`);

const lines = [{ description: "Doradztwo", quantity: 10, unitPrice: 150, vatRate: 23 }];
const issued = (given: Record<string, unknown> = {}) =>
  owner.issued({ clientId, currency: "PLN", exchangeRate: 1.17, lines, ...given });
const submit = (id: string) => owner.invoices("POST", `/${id}/submit-einvoice`, { provider: "ksef" });
const newest = async (id: string) => (await owner.invoices("GET", `/${id}/einvoice-submissions`)).body[0];

/** Issues and submits; time stands still. */
async function submitted(): Promise<{ id: string; number: string }> {
  const invoice = await issued();
  expect((await submit(invoice.id)).status).toBe(200);
  return invoice;
}

describe("an invoice to KSeF", () => {
  it("is sent encrypted, gets its number, and its confirmation is kept", async () => {
    await ready();
    const { id, number } = await submitted();
    expect(await newest(id)).toMatchObject({ status: "pending", externalId: null });
    await pass(local, "10s", 2);
    const submission = await newest(id);
    expect(submission).toMatchObject({ provider: "ksef", status: "accepted", errorMessage: null });
    expect(isKsefNumber(submission.externalId)).toBe(true);
    const [only, ...others] = await arrived(number);
    expect(others).toEqual([]);
    expect(only!.ksefNumber).toBe(submission.externalId);
    expect(Buffer.from(only!.hash, "base64").toString("hex")).toBe(submission.metadata.sha256);
    const [receipt] = submission.metadata.receipts;
    const { findFile } = await import("#core/store/files.ts");
    const confirmation = Buffer.from((await findFile(receipt.key))!).toString("utf8");
    expect(confirmation).toContain(submission.externalId);
    expect(confirmation).toContain(only!.hash);
  });

  it("that reverses one names the KSeF number of what it corrects", async () => {
    await ready();
    const { id } = await submitted();
    await pass(local, "10s", 2);
    await owner.invoices("POST", "/bulk-storno", { ids: [id] });
    const [reversal] = (await owner.invoices("GET", `/${id}`)).body.refundInvoices;
    const storno = (await owner.invoices("POST", `/${reversal.id}/issue`)).body;
    expect((await submit(storno.id)).status).toBe(200);
    await pass(local, "10s", 2);
    expect((await newest(storno.id)).status).toBe("accepted");
    const [correction] = await arrived(storno.number);
    const { externalId } = await newest(id);
    expect(correction!.xml).toContain(`<NrKSeFFaKorygowanej>${externalId}</NrKSeFFaKorygowanej>`);
    expect(correction!.xml).toContain("<RodzajFaktury>KOR</RodzajFaktury>");
  });

  it("422 naming what Poland misses, and nothing is stored", async () => {
    await configured({});
    const { id } = await issued({ lines: [{ ...lines[0], vatRate: 21 }] });
    const answer = await submit(id);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain('"config.nip"');
    expect(JSON.stringify(answer.body)).toContain('"lines[0].vatRate"');
    expect(await newest(id)).toBeUndefined();
  });

  it("is accepted once when the answer to its sending is lost: it is found in its session", async () => {
    await ready();
    await ksef("/faults", { id: "invoice.lost-after" });
    const { id, number } = await submitted();
    await local.drain();
    expect(await newest(id)).toMatchObject({ status: "pending", metadata: { state: "unknown" } });
    await pass(local, "30s", 2);
    const submission = await newest(id);
    expect(submission.status).toBe("accepted");
    expect((await arrived(number)).map(({ ksefNumber }) => ksefNumber)).toEqual([submission.externalId]);
  });

  it("is sent again only after it was seen not to have arrived", async () => {
    await ready();
    await ksef("/faults", { id: "invoice.lost-before" });
    const { id, number } = await submitted();
    await pass(local, "2m");
    expect(await newest(id)).toMatchObject({
      status: "pending",
      metadata: { state: "unknown", attempts: 1 },
    });
    expect(await arrived(number)).toEqual([]);
    await pass(local, "4m", 2);
    expect(await newest(id)).toMatchObject({ status: "accepted", metadata: { attempts: 2 } });
    expect(await arrived(number)).toHaveLength(1);
  });

  it("waits for as long as it is told when calls are limited", async () => {
    await ready();
    await ksef("/block", { seconds: 90 });
    const { id, number } = await submitted();
    await pass(local, "30s", 2);
    const waiting = await newest(id);
    expect(waiting.status).toBe("pending");
    expect(waiting.metadata.message).toContain("limit");
    expect(await arrived(number)).toEqual([]);
    // Whoever had asked again meanwhile would have to wait for longer.
    await pass(local, "40s", 2);
    expect((await newest(id)).status).toBe("accepted");
  });

  it("that is turned down is rejected with KSeF's words, and may go again", async () => {
    await ready();
    await ksef("/faults", { id: "invoice.semantic" });
    const { id } = await submitted();
    await pass(local, "10s", 2);
    const submission = await newest(id);
    expect(submission.status).toBe("rejected");
    expect(submission.errorMessage).toMatch(/^450 Błąd weryfikacji semantyki/);
    expect((await submit(id)).status).toBe(200);
    await pass(local, "10s", 2);
    expect((await newest(id)).status).toBe("accepted");
  });
});

describe("an invoice that KSeF has already", () => {
  /** Has KSeF take an invoice of whose sending the product never heard, and then submits it. */
  async function submittedAfter(change: (xml: string) => string) {
    await configured({ nip: NIP });
    const { id, number } = await submitted();
    const generated = await newest(id);
    expect(generated).toMatchObject({ status: "pending", metadata: { stage: "generated" } });
    expect(generated.metadata.message).toContain("not transmitted");
    const [{ findFile }, { ksefTransport }] = await Promise.all([
      import("#core/store/files.ts"),
      import("#core/providers/ksef/transport.ts"),
    ]);
    const written = Buffer.from((await findFile(generated.xmlPath))!).toString("utf8");
    const { fileName, contentType, sha256 } = generated.metadata;
    const file = { fileName, contentType, sha256, number, bytes: Buffer.from(change(written), "utf8") };
    const parcel = { ...file, memo: {}, remember: async () => {} };
    await ksefTransport({ nip: NIP, authToken: newToken() }).send(parcel);
    local.clock({ advance: "2s" });
    await ready();
    await submit(id);
    await pass(local, "10s", 2);
    const states = (await arrived(number)).map(({ status }) => status?.code);
    expect(states).toEqual([200, 440]);
    return { original: (await arrived(number))[0]!, submission: await newest(id) };
  }

  it("is adopted with its number and confirmation when it is the very same", async () => {
    const { original, submission } = await submittedAfter((xml) => xml);
    expect(submission).toMatchObject({ status: "accepted", externalId: original.ksefNumber });
    expect(submission.metadata.receipts).toHaveLength(1);
  });

  it("is rejected, naming the other one, when they differ", async () => {
    const { original, submission } = await submittedAfter((xml) => xml.replace("Doradztwo", "Inne"));
    expect(submission.status).toBe("rejected");
    expect(submission.errorMessage).toMatch(/^440 /);
    expect(submission.errorMessage).toContain(original.ksefNumber);
  });
});

describe("credentials", () => {
  it("are tried without sending anything, and what is wrong is said", async () => {
    const tried = async (config: Record<string, string>) =>
      (await owner.call("POST", `${configUrl}/test`, { provider: "ksef", config })).body;
    await configured({});
    expect(await tried({ nip: NIP, authToken: newToken() })).toEqual({ success: true, error: null });
    expect((await tried({ nip: NIP, authToken: "mistyped" })).error).toContain("does not accept this token");
    expect((await tried({ nip: NIP, authToken: newToken("5260001246") })).error).toContain("no right");
    expect((await tried({ nip: "5265877636", authToken: newToken() })).error).toContain("not a NIP");
  });

  it("that are wrong hold the invoice back and say so; valid ones send it at once", async () => {
    await configured({ nip: NIP, authToken: "mistyped" });
    const { id, number } = await submitted();
    await pass(local, "10s", 2);
    const held = await newest(id);
    expect(held.status).toBe("pending");
    expect(held.metadata.message).toMatch(/does not take the credentials.*450/);
    expect(JSON.stringify(held)).not.toContain("mistyped");
    expect(await arrived(number)).toEqual([]);
    await owner.call("POST", configUrl, { provider: "ksef", config: { authToken: newToken() } });
    await pass(local, "10s", 2);
    expect((await newest(id)).status).toBe("accepted");
  });
});
