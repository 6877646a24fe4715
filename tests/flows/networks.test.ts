import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Local } from "#infra/local/engine.ts";
import { type Connected, pass, startWithAnaf, withConnection } from "../with-anaf.ts";
import { addClient } from "../with-invoices.ts";

/** What every network has in common, told with the simulated KSeF. */
let local: Local;
let owner: Connected;
let clientId: string;
let configUrl: string;

beforeAll(async () => {
  local = await startWithAnaf();
  // Between the two midnights Romania is a day ahead of Poland, and invoices wait for theirs.
  if (new Date().getUTCHours() >= 20) local.clock({ advance: "4h" });
  owner = await withConnection(local);
  configUrl = `/api/v1/companies/${owner.company.id}/einvoice-config`;
  const polish = { cui: null, vatCode: "PL5260001246", country: "PL", county: null };
  const address = { address: "ul. Prosta 1", city: "Warszawa", postalCode: "00-838" };
  clientId = (await addClient(owner.company.id, { name: "Odbiorca Sp. z o.o.", ...polish, ...address })).id;
});
afterAll(() => local.stop());

const NIP = "5265877635";
let secrets = 0;
const credentials = () => ({
  nip: NIP,
  authToken: `20261120-EC-0123456789-0123456789-CD|nip-${NIP}|s${++secrets}`,
});
const save = (config: object, more: object = {}) =>
  owner.call("POST", configUrl, { provider: "ksef", config, ...more });
const forget = () => owner.call("DELETE", `${configUrl}/ksef`);

/** The simulator's controls, and what its ledger has under a seller's number. */
async function ksef<Told>(path: string, body?: object): Promise<Told> {
  const request = body && { method: "POST", body: JSON.stringify(body) };
  return (await (await fetch(`${local.simulator.url}/ksef/__sim${path}`, request)).json()) as Told;
}
const arrived = async (number: string) =>
  (await ksef<unknown[]>(`/invoices?number=${encodeURIComponent(number)}`)).length;

const lines = [{ description: "Doradztwo", quantity: 10, unitPrice: 150, vatRate: 23 }];
const issued = () => owner.issued({ clientId, currency: "PLN", exchangeRate: 1.17, lines });
const submit = (id: string, provider = "ksef") =>
  owner.invoices("POST", `/${id}/submit-einvoice`, { provider });
const history = async (id: string) => (await owner.invoices("GET", `/${id}/einvoice-submissions`)).body;
const change = (id: string) => owner.invoices("PUT", `/${id}`, { orderNumber: "PO-18" });

describe("an invoice on its way to another country's network", () => {
  it("goes once, however often and at once it is asked for, and is frozen from then on", async () => {
    await save(credentials());
    const { id, number } = await issued();
    const answers = await Promise.all(Array.from({ length: 5 }, () => submit(id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.submission.id)).size).toBe(1);
    expect((await change(id)).body.message).toContain("handed over to another network");
    expect((await owner.invoices("POST", `/${id}/cancel`, {})).status).toBe(422);
    await pass(local, "10s", 3);
    expect(await arrived(number)).toBe(1);
    expect(await history(id)).toMatchObject([
      { status: "accepted", metadata: { stage: "accepted", attempts: 1 } },
    ]);
    const late = await submit(id);
    expect([late.status, late.body.message]).toEqual([422, "KSeF has accepted this invoice already."]);
    expect((await owner.invoices("GET", `/${id}`)).body).not.toHaveProperty("elsewhere");
  });

  it("stays with us when there are no credentials, and does not leave by itself when there are", async () => {
    await forget();
    await save({ nip: NIP });
    const { id, number } = await issued();
    expect((await submit(id)).body.status).toBe("pending");
    await save(credentials());
    await pass(local, "5m", 2);
    expect(await arrived(number)).toBe(0);
    expect((await change(id)).status).toBe(200);
    expect((await submit(id)).body.submission.metadata.state).toBe("prepared");
    await pass(local, "10s", 3);
    expect(await history(id)).toMatchObject([{ status: "accepted" }]);
    expect(await arrived(number)).toBe(1);
  });

  it("stays with us when the credentials go before it does, and may be changed again", async () => {
    await save(credentials());
    const { id, number } = await issued();
    await submit(id);
    await save({}, { enabled: false });
    await local.drain();
    expect(await history(id)).toMatchObject([
      { status: "pending", metadata: { stage: "generated", nextAt: null } },
    ]);
    expect((await change(id)).status).toBe(200);
    expect(await arrived(number)).toBe(0);
    await save({}, { enabled: true });
  });

  it("that was rejected may be corrected, and the next submission stands beside the first and ANAF's", async () => {
    await save(credentials());
    await ksef("/faults", { id: "invoice.semantic" });
    const { id } = await issued();
    await submit(id);
    await pass(local, "10s", 3);
    expect(await history(id)).toMatchObject([
      { status: "rejected", externalId: expect.any(String) as unknown },
    ]);
    expect((await change(id)).status).toBe(200);
    await submit(id);
    await pass(local, "10s", 3);
    expect((await submit(id, "anaf")).status).toBe(200);
    await local.drain();
    const all: { provider: string; status: string; createdAt: string }[] = await history(id);
    expect(all.map(({ provider, status }) => `${provider} ${status}`)).toEqual([
      "anaf submitted",
      "ksef accepted",
      "ksef rejected",
    ]);
  });

  it("that was being sent when the process died is looked for, and not sent again", async () => {
    await save(credentials());
    await ksef("/faults", { id: "invoice.lost-after" });
    const { id, number } = await issued();
    await submit(id);
    await local.drain();
    // What a process leaves that dies before it can write down the answer.
    const { handovers, handoversTo } = await import("#core/einvoicing/networks/handover.ts");
    const { commit } = await import("#core/store/commit.ts");
    const died = (await handoversTo(owner.company.id, id, "ksef"))[0]!;
    const sending = { ...died, state: "sending", nextAt: null, resendAt: null, note: null } as const;
    await commit([handovers.replace(owner.company.id, died, sending)]);
    local.clock({ advance: "3m" });
    expect((await submit(id)).body.message).toBe("The document is being transmitted.");
    await pass(local, "1m", 3);
    expect(await history(id)).toMatchObject([{ status: "accepted", metadata: { attempts: 1 } }]);
    expect(await arrived(number)).toBe(1);
  });

  it("is asked about again once there are credentials for it", async () => {
    await save(credentials());
    const { id } = await issued();
    await submit(id);
    await local.drain();
    await save({}, { enabled: false });
    await pass(local, "10s");
    const [waiting] = await history(id);
    expect(waiting).toMatchObject({ status: "submitted", metadata: { stage: "transmitted" } });
    expect(waiting.metadata.message).toContain("missing or switched off");
    await save(credentials(), { enabled: true });
    await pass(local, "10s");
    expect(await history(id)).toMatchObject([{ status: "accepted" }]);
  });
});

describe("a document that somebody sent by other means", () => {
  it("is known by its notice, keeps every proof once, and freezes its invoice", async () => {
    const { body } = await owner.call("POST", configUrl, {
      provider: "sdi",
      config: { partitaIva: "01234567897" },
    });
    const italian = { cui: null, vatCode: "IT09876543217", country: "IT", county: "RM" };
    const address = { address: "Via Torino 38", city: "Roma", postalCode: "00145" };
    const buyer = await addClient(owner.company.id, { name: "Beta S.p.A.", ...italian, ...address });
    const series = await owner.call("POST", "/api/v1/document-series", { prefix: "IT-", type: "invoice" });
    const { id } = await owner.issued({
      clientId: buyer.id,
      documentSeriesId: series.body.id,
      currency: "EUR",
      exchangeRate: 5.09,
      lines: [{ ...lines[0], vatRate: 22 }],
    });
    const { submission } = (await submit(id, "sdi")).body;
    expect(submission.metadata.stage).toBe("generated");
    const notice = (root: string) =>
      `<t:${root} xmlns:t="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fattura/messaggi/v1.0" versione="1.0">` +
      `<IdentificativoSdI>7000000001</IdentificativoSdI><NomeFile>${submission.metadata.fileName}</NomeFile>` +
      `<DataOraRicezione>2026-11-20T12:00:00Z</DataOraRicezione><MessageId>1</MessageId></t:${root}>`;
    const told = async (root: string) =>
      (await local.fetch(new URL(body.noticeUrl).pathname, { method: "POST", body: notice(root) })).status;
    expect([await told("RicevutaConsegna"), await told("RicevutaConsegna")]).toEqual([200, 200]);
    expect(await told("NotificaDecorrenzaTermini")).toBe(200);
    const [only, ...others] = await history(id);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ status: "accepted", externalId: "7000000001" });
    expect(only.metadata.receipts).toHaveLength(2);
    expect((await change(id)).body.message).toContain("handed over to another network");
  });
});
