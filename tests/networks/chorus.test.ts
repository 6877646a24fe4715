import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Local } from "#infra/local/engine.ts";
import { pass, startWithAnaf } from "../with-anaf.ts";
import { addClient, type Invoicing, organizationOf, withInvoices } from "../with-invoices.ts";

const SIRET = "99999999100014";
const BODY = "88888888100016";

let local: Local;
let owner: Invoicing;
let clientId: string;
let configUrl: string;

let documentSeriesId: string;

beforeAll(async () => void (local = await startWithAnaf()));
afterAll(() => local.stop());
beforeEach(async () => {
  // Hours pass in these tests, and sessions end with them.
  owner = await withInvoices(local);
  configUrl = `/api/v1/companies/${owner.company.id}/einvoice-config`;
  clientId = await bodyWith(BODY);
  // Chorus Pro knows invoices by seller and number, and these companies share one SIRET.
  const prefix = `F${owner.company.id.slice(-6)}-`;
  documentSeriesId = (await owner.call("POST", "/api/v1/document-series", { prefix })).body.id;
});

/** A public body, under a registration number. */
async function bodyWith(registrationNumber: string | null): Promise<string> {
  const french = { cui: null, vatCode: "FR83888888881", isVatPayer: false, country: "FR", county: null };
  const address = { address: "1 place de la Mairie", city: "Lyon", postalCode: "69001" };
  const { company } = owner;
  return (await addClient(company.id, { name: "Mairie de Lyon", registrationNumber, ...french, ...address }))
    .id;
}

let applications = 0;
/** Credentials nobody has used yet, so that the product has to fetch a token. */
function credentials(changes: Record<string, string> = {}): Record<string, string> {
  const clientId_ = `piste-${++applications}`;
  const login = "TECH_1_1@cpro.fr";
  return {
    siret: SIRET,
    clientId: clientId_,
    clientSecret: `secret-${clientId_}`,
    login,
    password: `pass-${login}`,
    ...changes,
  };
}

/** Puts exactly these values in the place of what was configured before. */
async function configured(config: Record<string, string> = credentials()) {
  await owner.call("DELETE", `${configUrl}/facturx`);
  if (Object.keys(config).length > 0) await owner.call("POST", configUrl, { provider: "facturx", config });
}
const tryOut = async (config: Record<string, string>) =>
  (await owner.call("POST", `${configUrl}/test`, { provider: "facturx", config })).body;

interface Flow {
  sha256: string;
  ending: string;
  fileName: string;
  total: number;
  process: string;
}

/** The simulator's controls, and what was deposited under a number. */
async function chorus<Told>(path: string, body?: object): Promise<Told> {
  const request = body && { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(`${local.simulator.url}/chorus/__sim${path}`, request);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as Told;
}
const order = (name: string, more: object = {}) => chorus("/faults", { name, ...more });
const flowsOf = (number: string) => chorus<Flow[]>(`/flows?number=${encodeURIComponent(number)}`);

const lines = [{ description: "Développement", quantity: 10, unitPrice: 150, vatRate: 21 }];
const issued = (given: Record<string, unknown> = {}) =>
  owner.issued({ clientId, documentSeriesId, currency: "EUR", exchangeRate: 5, lines, ...given });
const submit = (id: string) => owner.invoices("POST", `/${id}/submit-einvoice`, { provider: "facturx" });

/** The newest submission as the API shows it, past the API: days pass in these tests, and sessions end with them. */
async function newest(id: string) {
  const [{ lastHandover }, { handoverView }, { system }] = await Promise.all([
    import("#core/einvoicing/networks/index.ts"),
    import("#functions/api/submission-view.ts"),
    import("#core/lib/actor.ts"),
  ]);
  const actor = system(await organizationOf(owner), owner.company.id);
  return handoverView(actor.companyId, (await lastHandover(actor, id, "facturx"))!);
}

/** Issues and submits; time stands still. */
async function submitted(): Promise<{ id: string; number: string }> {
  const invoice = await issued();
  const answer = await submit(invoice.id);
  expect(answer.body).toMatchObject({ provider: "facturx" });
  return invoice;
}

describe("an invoice to a French public body", () => {
  it("is deposited as a Factur-X, gets its number there, and the report is kept", async () => {
    const given = credentials();
    await configured(given);
    const { id, number } = await submitted();
    await pass(local, "10s", 2);
    const submission = await newest(id);
    expect(submission).toMatchObject({ status: "accepted", errorMessage: null });
    expect(submission.metadata.message).toBe("MISE_A_DISPOSITION");
    for (const secret of [given["clientSecret"]!, given["password"]!])
      expect(JSON.stringify(submission)).not.toContain(secret);
    const [only, ...others] = await flowsOf(number);
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      sha256: submission.metadata.sha256,
      fileName: `${number}.pdf`,
      total: 1815,
      process: "A1",
    });
    const [receipt] = submission.metadata.receipts;
    const { findFile } = await import("#core/store/files.ts");
    expect(Buffer.from((await findFile(receipt!.key))!).toString()).toContain("compte rendu");
  });

  it.each([
    [
      "a token that ends on the way, a quota and a refused question",
      "token_expired throttled question_refused",
      "1m",
    ],
    ["no token for a moment, and an account that is refused for hours", "login_down account_refused", "6h"],
  ])("arrives once in spite of %s", async (_what, faults, wait) => {
    await configured();
    const { id, number } = await submitted();
    for (const fault of faults.split(" ")) await order(fault);
    await pass(local, "30s", 2);
    await pass(local, wait);
    await pass(local, "30s", 2);
    expect(await newest(id)).toMatchObject({ status: "accepted" });
    expect(await flowsOf(number)).toHaveLength(1);
  });

  it.each(["lost", "error_after"])("whose answer is %s is looked for and not sent twice", async (fault) => {
    await configured();
    const { id, number } = await submitted();
    await order(fault);
    await pass(local, "5s");
    expect((await newest(id)).metadata.message).toContain("did not confirm");
    await pass(local, "20s", 2);
    expect(await newest(id)).toMatchObject({ status: "accepted" });
    expect(await flowsOf(number)).toHaveLength(1);
  });

  it("that was sent again, because the first copy did not show, is the first copy", async () => {
    await configured();
    const { id, number } = await submitted();
    await order("lost");
    await order("unlisted", { seconds: 8 * 3600 });
    await pass(local, "6h");
    await pass(local, "30s", 2);
    expect((await flowsOf(number)).map(({ ending }) => ending)).toEqual(["IN_INTEGRE", "IN_REJETE"]);
    expect(await newest(id)).toMatchObject({ status: "submitted" });
    await pass(local, "3h");
    expect(await newest(id)).toMatchObject({ status: "accepted", errorMessage: null });
  });

  it("that is stuck is asked after until it moves", async () => {
    await configured();
    const { id } = await submitted();
    await order("stuck", { seconds: 2 * 3600 });
    await pass(local, "10m");
    const waiting = await newest(id);
    expect(waiting.status).toBe("submitted");
    expect(waiting.metadata.message).toBe("Chorus Pro is processing it.");
    await pass(local, "3h");
    expect(await newest(id)).toMatchObject({ status: "accepted" });
  });

  it("that is turned down says why, in their words", async () => {
    await configured();
    for (const [fault, words] of [
      ["partial", /service exécutant/],
      ["incident", /IN_INCIDENTE/],
      ["refused", /^20001 GDP_MSG_01\.001/],
    ] as const) {
      const { id } = await submitted();
      await order(fault);
      await pass(local, "10s", 2);
      const submission = await newest(id);
      expect(submission.status, fault).toBe("rejected");
      expect(submission.errorMessage).toMatch(words);
    }
  });

  it("to somebody Chorus Pro does not know is corrected and sent again under its number", async () => {
    await configured();
    await chorus("/settings", { unknownRecipients: [BODY] });
    const { id, number } = await submitted();
    await pass(local, "10s", 3);
    expect((await newest(id)).errorMessage).toBe(`Le destinataire ${BODY} est inconnu.`);
    const known = await bodyWith("88888888200014");
    expect((await owner.invoices("PUT", `/${id}`, { clientId: known })).status).toBe(200);
    expect((await submit(id)).status).toBe(200);
    await pass(local, "10s", 3);
    expect(await newest(id)).toMatchObject({ status: "accepted" });
    expect((await flowsOf(number)).map(({ ending }) => ending)).toEqual(["IN_REJETE", "IN_INTEGRE"]);
  });
});

describe("what France would turn down", () => {
  it("is refused with 422 naming the fields, and nothing is stored", async () => {
    await configured(credentials({ siret: "99999999100015" }));
    const prefix = "FACTURE-TRES-LONGUE-";
    const long = (await owner.call("POST", "/api/v1/document-series", { prefix })).body;
    const { id } = await issued({ clientId: await bodyWith("RCS Lyon 1"), documentSeriesId: long.id });
    const answer = await submit(id);
    expect(answer.status).toBe(422);
    const paths = (answer.body.errors as { path: string; severity: string }[])
      .filter(({ severity }) => severity === "fatal")
      .map(({ path }) => path);
    expect(paths).toEqual(["config.siret", "client.registrationNumber", "number"]);
    expect((await owner.invoices("GET", `/${id}/einvoice-submissions`)).body).toEqual([]);
  });
});

describe("credentials", () => {
  it("that are missing leave the document generated, and say what is needed", async () => {
    await configured({});
    const { id } = await submitted();
    await pass(local, "10s");
    const submission = await newest(id);
    expect(submission.metadata.stage).toBe("generated");
    expect(submission.metadata.message).toContain("technical account");
  });

  it("are tried without effect, and each kind of wrong says what to mend", async () => {
    expect(await tryOut(credentials())).toEqual({ success: true, error: null });
    expect((await tryOut(credentials({ clientSecret: "wrong" }))).error).toMatch(/PISTE does not take/);
    expect((await tryOut(credentials({ password: "wrong" }))).error).toMatch(/technical account/);
    expect((await tryOut({ siret: SIRET })).error).toMatch(/save siret, the clientId/);
  });
});
