import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Local } from "#infra/local/engine.ts";
import { pass, startWithAnaf } from "../with-anaf.ts";
import { addClient, organizationOf, withInvoices } from "../with-invoices.ts";

let local: Local;
beforeAll(async () => void (local = await startWithAnaf()));
afterAll(() => local.stop());

const PARTITA_IVA = "01234567897";
const BUYER = {
  name: "Beta Gamma S.p.A.",
  cui: null,
  vatCode: "IT09876543217",
  address: "Via Torino 38",
  city: "Roma",
  county: "RM",
  country: "IT",
  postalCode: "00145",
};

interface Ledger {
  received: number;
  accepted: number;
  files: { name: string; sha256: string; isDiscarded: boolean }[];
}

/** The simulator's controls, and what its ledger has under an invoice number. */
async function exchange<Answer>(path: string, body?: object): Promise<Answer> {
  const request = body && { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(`${local.simulator.url}/sdi/__sim${path}`, request);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as Answer;
}
const order = (name: string, more: object = {}) => exchange("/faults", { name, ...more });
const ledgerOf = (number: string) => exchange<Ledger>(`/ledger?number=${encodeURIComponent(number)}`);

const intermediary = () => ({
  apiEndpoint: `${local.simulator.url}/sdi`,
  apiKey: "sdi-key-1",
  partitaIva: PARTITA_IVA,
});

/** A company that is registered in Italy, has an Italian buyer and, unless told otherwise, an intermediary. */
async function seller(config: Record<string, string> = intermediary(), buyer: object = {}) {
  const owner = await withInvoices(local);
  const client = await addClient(owner.company.id, { ...BUYER, ...buyer });
  const configUrl = `/api/v1/companies/${owner.company.id}/einvoice-config`;
  const saved = await owner.call("POST", configUrl, { provider: "sdi", config });
  expect(saved.status).toBe(200);
  const tryOut = async (values: Record<string, string>) =>
    (await owner.call("POST", `${configUrl}/test`, { provider: "sdi", config: values })).body;

  // The exchange knows invoices by seller, year and number, and these companies share one Italian number.
  const prefix = `IT${owner.company.id.slice(-6).toUpperCase()}-`;
  const series = await owner.call("POST", "/api/v1/document-series", { prefix, type: "invoice" });
  const documentSeriesId = (series.body as { id: string }).id;
  const lines = [{ description: "Consulenza", quantity: 10, unitPrice: 150, vatRate: 22 }];
  const issued = (given: object = {}) =>
    owner.issued({
      clientId: client.id,
      currency: "EUR",
      exchangeRate: 5,
      buyerReference: "ABC1234",
      documentSeriesId,
      lines,
      ...given,
    });
  const submit = (id: string) => owner.invoices("POST", `/${id}/submit-einvoice`, { provider: "sdi" });
  const all = async (id: string) => (await owner.invoices("GET", `/${id}/einvoice-submissions`)).body;

  /** The newest submission as the API shows it, past the API: days pass in these tests, and sessions end with them. */
  async function newest(id: string) {
    const [{ lastHandover }, { handoverView }, { system }] = await Promise.all([
      import("#core/einvoicing/networks/index.ts"),
      import("#functions/api/submission-view.ts"),
      import("#core/lib/actor.ts"),
    ]);
    const actor = system(await organizationOf(owner), owner.company.id);
    return handoverView(actor.companyId, (await lastHandover(actor, id, "sdi"))!);
  }

  /** Issues and submits; time stands still. */
  async function submitted(given: object = {}) {
    const invoice = await issued(given);
    expect((await submit(invoice.id)).status).toBe(200);
    return invoice as { id: string; number: string };
  }
  const { noticeUrl } = saved.body as { noticeUrl: string };
  return { ...owner, noticeUrl, tryOut, issued, submit, submitted, all, newest };
}

describe("an invoice to Italy", () => {
  it("is delivered through the intermediary, and the exchange's receipt is kept", async () => {
    const company = await seller();
    const { id, number } = await company.submitted();
    await pass(local, "10s", 2);
    const submission = await company.newest(id);
    expect(submission).toMatchObject({ provider: "sdi", status: "accepted", errorMessage: null });
    expect(submission.metadata).toMatchObject({ stage: "accepted", message: "Delivered to the buyer." });
    const { files, ...counts } = await ledgerOf(number);
    expect(counts).toEqual({ received: 1, accepted: 1 });
    expect(files[0]).toMatchObject({
      name: submission.metadata.fileName,
      sha256: submission.metadata.sha256,
    });
    expect(submission.metadata.fileName).toMatch(/^IT01234567897_[0-9A-Z]{5}\.xml$/);
    const [receipt] = submission.metadata.receipts;
    const { findFile } = await import("#core/store/files.ts");
    const kept = Buffer.from((await findFile(receipt!.key))!).toString();
    expect(kept).toContain(`<IdentificativoSdI>${submission.externalId}</IdentificativoSdI>`);
  });

  it("without a channel of the buyer is issued all the same, and says that nobody delivered it", async () => {
    const company = await seller();
    const { id } = await company.submitted({ buyerReference: null });
    await pass(local, "10s", 2);
    const submission = await company.newest(id);
    expect(submission.status).toBe("accepted");
    expect(submission.metadata.message).toContain("tax drawer");
  });

  it("that is rejected is corrected and sent again under its number and a new name", async () => {
    const company = await seller();
    await exchange("/settings", { unknownRecipients: ["ZZZZZZ9"] });
    const { id, number } = await company.submitted({ buyerReference: "ZZZZZZ9" });
    await pass(local, "10s", 2);
    const rejected = await company.newest(id);
    expect(rejected).toMatchObject({ status: "rejected" });
    expect(rejected.errorMessage).toMatch(/^00311: /);
    expect((await company.invoices("PUT", `/${id}`, { buyerReference: "ABC1234" })).status).toBe(200);
    expect((await company.submit(id)).status).toBe(200);
    await pass(local, "10s", 2);
    const accepted = await company.newest(id);
    expect(accepted.status).toBe("accepted");
    const { files, ...counts } = await ledgerOf(number);
    expect(counts).toEqual({ received: 2, accepted: 1 });
    expect(files.map(({ name }) => name)).toEqual([rejected.metadata.fileName, accepted.metadata.fileName]);
    expect(accepted.metadata.fileName).not.toBe(rejected.metadata.fileName);
  });

  it("is refused with 422 naming what Italy misses, and nothing is stored", async () => {
    const company = await seller({ partitaIva: "01234567890" }, { postalCode: "145" });
    const { id } = await company.issued();
    const answer = await company.submit(id);
    expect(answer.status).toBe(422);
    const paths = (answer.body.errors as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual(["config.partitaIva", "client.postalCode"]);
    expect(await company.all(id)).toEqual([]);
  });

  it("is only generated without an intermediary, also with a certificate, and says so", async () => {
    const company = await seller({
      partitaIva: PARTITA_IVA,
      certPath: "/etc/sdi.p12",
      certPassword: "secret",
    });
    const { id, number } = await company.submitted();
    await pass(local, "10s");
    const submission = await company.newest(id);
    expect(submission).toMatchObject({ status: "pending", metadata: { stage: "generated" } });
    expect(submission.metadata.message).toContain("not available here");
    expect((await ledgerOf(number)).received).toBe(0);
  });
});

describe("on a bad day an invoice is accepted once", () => {
  it.each<[string, string[], number, string]>([
    ["the answer to it is lost", ["lost"], 1, "30s"],
    ["the intermediary fails before it took it", ["error_before"], 1, "15m"],
    [
      "the intermediary has had enough, then fails, then cannot say what it has",
      ["throttled", "error_after", "list_error", "status_error"],
      1,
      "1m",
    ],
    ["it is missing from the list for an hour", ["unlisted"], 1, "15m"],
    ["it is missing from the list and then taken twice", ["unlisted", "second_copy"], 2, "15m"],
    ["the exchange takes its time", ["late"], 1, "10m"],
  ])("although %s", async (_what, faults, copies, step) => {
    const company = await seller();
    const seconds: Record<string, number> = { late: 1800, unlisted: 3600 };
    for (const name of faults) await order(name, { seconds: seconds[name] ?? 0 });
    const { id, number } = await company.submitted();
    await pass(local, "10s");
    await pass(local, step, 5);
    const submission = await company.newest(id);
    expect(submission).toMatchObject({ status: "accepted", errorMessage: null });
    const { files, ...counts } = await ledgerOf(number);
    expect(counts).toEqual({ received: copies, accepted: 1 });
    expect(new Set(files.map(({ name }) => name))).toEqual(new Set([submission.metadata.fileName]));
  });

  it("although its number was used by another program: then it says so", async () => {
    const company = await seller();
    const { id, number } = await company.issued();
    const { body } = await company.submit(id);
    const { findFile } = await import("#core/store/files.ts");
    const file = Buffer.from((await findFile(body.submission.xmlPath))!).toString();
    await fetch(`${intermediary().apiEndpoint}/invoices`, {
      method: "POST",
      headers: { authorization: "Bearer sdi-other" },
      body: JSON.stringify({ filename: "IT01234567897_00001.xml", xml: file }),
    });
    await pass(local, "10s", 2);
    const submission = await company.newest(id);
    expect(submission.status).toBe("rejected");
    expect(submission.errorMessage).toMatch(/^00404: /);
    expect((await ledgerOf(number)).accepted).toBe(1);
  });
});

describe("an invoice to an office of the Italian state", () => {
  const office = { buyerReference: "UFABCD", contractNumber: "C-1", tenderOrLotReference: "ZB98B4A235" };

  it("waits while nobody can reach it, and is rejected with the office's words when that refuses", async () => {
    const company = await seller();
    const invoice = await company.issued(office);
    const steps = [
      { kind: "MC", afterSeconds: 1 },
      { kind: "NE", outcome: "EC02", afterSeconds: 3600 },
    ];
    await exchange("/scripts", { number: invoice.number, steps });
    await company.submit(invoice.id);
    await pass(local, "10s", 2);
    const waiting = await company.newest(invoice.id);
    expect(waiting).toMatchObject({ status: "submitted", errorMessage: null });
    expect(waiting.metadata.message).toContain("goes on trying");
    await pass(local, "7h");
    const refused = await company.newest(invoice.id);
    expect(refused).toMatchObject({ status: "rejected", errorMessage: "EC02: Importo non concordato" });
    expect(refused.metadata.receipts).toHaveLength(2);
  });
});

describe("a notification that comes by itself", () => {
  it("decides before the intermediary answered, and changes nothing when it comes again", async () => {
    const company = await seller();
    await exchange("/settings", { notifyUrl: company.noticeUrl });
    await order("notice_first");
    await order("lost");
    const { id, number } = await company.submitted();
    await pass(local, "10s");
    const told = await company.newest(id);
    expect(told).toMatchObject({ status: "accepted" });
    expect(told.metadata.receipts).toHaveLength(1);
    const second = await company.submitted();
    await pass(local, "1s");
    local.clock({ advance: "1s" });
    expect(await exchange("/push?times=2", {})).toEqual({ taken: 1 });
    expect(await company.newest(second.id)).toMatchObject({ status: "accepted" });
    await exchange("/settings", { notifyUrl: "" });
    await pass(local, "30m", 2);
    expect((await company.newest(id)).metadata.receipts).toHaveLength(1);
    expect((await ledgerOf(number)).accepted).toBe(1);
  });
});

describe("an intermediary's credentials", () => {
  it("are tried without any effect, and what is wrong with them is said", async () => {
    const company = await seller({ partitaIva: PARTITA_IVA });
    const values = intermediary();
    expect(await company.tryOut(values)).toEqual({ success: true, error: null });
    expect(await company.tryOut({ ...values, apiKey: "wrong" })).toMatchObject({
      success: false,
      error: "The intermediary does not take the apiKey.",
    });
    expect(
      (await company.tryOut({ ...values, apiEndpoint: `${local.simulator.url}/sdi/none` })).error,
    ).toContain("no /invoices");
    for (const apiEndpoint of [
      "http://example.com",
      "https://169.254.169.254/x",
      "https://10.0.0.1",
      "nonsense",
    ])
      expect(await company.tryOut({ ...values, apiEndpoint })).toMatchObject({ success: false });
    expect((await company.tryOut({})).error).toContain("intermediary");
  });
});
