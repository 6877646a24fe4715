import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sampleInvoice, type SampleOptions } from "#infra/local/anaf/documents.ts";
import type { Local } from "#infra/local/engine.ts";
import { freshCif } from "../cif.ts";
import { type Connected, control, ledgerOf, startWithAnaf, withConnection } from "../with-anaf.ts";

/** Documents that appear in a mailbox and that nobody here wrote: of suppliers, and of other programs of our own. */

let local: Local;
let shop: Connected;
let cif: string;

beforeAll(async () => {
  local = await startWithAnaf();
});
afterAll(() => local?.stop());
beforeEach(async () => {
  cif = freshCif();
  shop = await withConnection(local, { cif });
});

/** Asks for a look as a person would, however recent the last one is, and lets everything happen. */
async function look() {
  local.clock({ advance: "5s" });
  const { send } = await import("#core/store/queues.ts");
  const { organizationId, company } = shop;
  await send("Sync", { organizationId, companyId: company.id, cause: "manual" });
  await local.drain();
}

const get = async (path: string) => (await shop.call("GET", `/api/v1/${path}`)).body;

/** A hand-written document of a supplier, addressed to the company of this test. */
const cii = (name: string) =>
  readFileSync(resolve(import.meta.dirname, `../golden/cii/${name}.xml`), "utf8").replace(
    "RO9000000011",
    `RO${cif}`,
  );

describe("a Cross Industry Invoice in the mailbox", () => {
  it("becomes an invoice with its supplier, its products and its file, to be downloaded and printed", async () => {
    const xml = cii("invoice");
    await control(local, "/inbox", { cif, xml });
    await look();
    const { data } = await get("invoices?direction=incoming");
    expect(data).toHaveLength(1);
    const invoice = await get(`invoices/${data[0].id}`);
    expect(invoice).toMatchObject({
      number: "CII-1",
      status: "synced",
      issueDate: "2026-11-18",
      dueDate: "2026-12-18",
      senderCif: "9000000020",
      receiverCif: cif,
      currency: "RON",
      subtotal: 200,
      vatTotal: 40.95,
      total: 235.95,
      balance: 200,
      orderNumber: "C-7",
      notes: "Marfă livrată pe 17 noiembrie",
    });
    expect(invoice.lines).toMatchObject([
      { description: "Hârtie A4", quantity: 10, unitPrice: 12.5, discount: 5, lineTotal: 120 },
      { description: "Toner", quantity: 2, unitOfMeasure: "buc", lineTotal: 80 },
    ]);
    expect((await get("suppliers")).data).toMatchObject([
      { name: "Furnizor & Fii SRL", cif: "9000000020", county: "CJ", email: "ana@furnizor.example" },
    ]);
    const products = (await get("products")).data as { code: string; id: string }[];
    expect(products.map(({ code }) => code).toSorted()).toEqual(["P-1", "T-1"]);
    expect(invoice.lines[0].productId).toBe(products.find(({ code }) => code === "P-1")?.id);

    expect(await get(`invoices/${invoice.id}/xml`)).toBe(xml);
    const pdf = await shop.call("GET", `/api/v1/invoices/${invoice.id}/pdf`);
    expect(pdf.headers.get("content-type")).toBe("application/pdf");
    const [file] = await get(`invoices/${invoice.id}/attachments`);
    expect(file).toMatchObject({ filename: "aviz.csv", mimeType: "text/csv", size: 16 });
    const content = await shop.call("GET", `/api/v1/invoices/${invoice.id}/attachments/${file.id}`);
    expect(content.body).toBe("cod;cant\nP-1;10\n");
  });

  it("credits, and keeps its currency", async () => {
    for (const name of ["credit-note", "euro"]) await control(local, "/inbox", { cif, xml: cii(name) });
    await look();
    const { data } = (await get("invoices?direction=incoming&sort=number&order=asc")) as {
      data: { number: string; id: string }[];
    };
    const [credit, euro] = await Promise.all(
      ["CII-2", "CII-3"].map((number) => get(`invoices/${data.find((one) => one.number === number)?.id}`)),
    );
    expect(credit).toMatchObject({
      documentType: "credit_note",
      total: -48.4,
      parentDocumentNumber: "CII-1",
    });
    expect(credit.lines).toMatchObject([{ quantity: -1, lineTotal: -40 }]);
    expect(euro).toMatchObject({ currency: "EUR", exchangeRate: 5.091, total: 121, vatTotal: 21 });
  });
});

/** Has another program of the company send an invoice, which ANAF has accepted. */
const sendElsewhere = (given: Partial<SampleOptions> = {}) => {
  const options = { number: "FCT0001", issueDate: "2026-11-18", seller: cif, buyer: "9000000020", ...given };
  return control(local, "/inbox", { cif: options.buyer, from: cif, xml: sampleInvoice(options) });
};

const seriesNamed = async (prefix: string) =>
  (await get("document-series")).data.find((one: { prefix: string }) => one.prefix === prefix);

describe("an invoice that another program of the company sent", () => {
  it("becomes an invoice of ours with its client, its products and its number taken from the series", async () => {
    await sendElsewhere({ number: "FCT0041", buyer: "9000000100" });
    await look();
    const { data } = await get("invoices?direction=outgoing");
    expect(data).toMatchObject([{ number: "FCT0041", status: "synced", total: 121 }]);
    const clients = (await get("clients")).data as { cui: string; id: string; source: string }[];
    const client = clients.find(({ cui }) => cui === "9000000100");
    expect(client).toMatchObject({ source: "anaf_sync", county: expect.stringMatching(/^[A-Z]{1,2}$/) });
    expect((await get(`invoices/${data[0].id}`)).client).toMatchObject({ id: client?.id });
    expect((await get("products")).data).toMatchObject([{ name: "Produs simulat 1", source: "anaf_sync" }]);
    expect(await seriesNamed("FCT")).toMatchObject({ currentNumber: 41, nextNumber: "FCT0042" });
    expect((await shop.issued()).number).toBe("FCT0042");
  });

  it("is the client's who is known already, and one consumer is one client however often he buys", async () => {
    const [company, consumer] = ["9000000100", "0000000000000"];
    for (const buyer of [company, consumer, consumer, company])
      await sendElsewhere({ number: `ALT-${buyer}`, buyer });
    await look();
    const { data } = (await get("invoices?direction=outgoing")) as {
      data: { number: string; clientId: string }[];
    };
    expect(data).toHaveLength(4);
    expect(new Set(data.map(({ number, clientId }) => `${number} ${clientId}`)).size).toBe(2);
    const found = (await get("clients")).data.filter((one: { source: string }) => one.source === "anaf_sync");
    expect(
      new Set(found.map((one: { cui: string | null; type: string }) => `${one.cui} ${one.type}`)),
    ).toEqual(new Set([`${company} company`, "null individual"]));
    const all = (await get("document-series")).data as { currentNumber: number }[];
    expect(all.every(({ currentNumber }) => currentNumber === 0)).toBe(true);
  });

  it("makes no gap in a series that has begun here, and no number twice", async () => {
    const first = await shop.issued();
    expect(first.number).toBe("FCT0001");
    await sendElsewhere({ number: "FCT0003" });
    await look();
    expect(await seriesNamed("FCT")).toMatchObject({ currentNumber: 1 });
    expect((await shop.issued()).number).toBe("FCT0002");
    expect((await shop.issued()).number).toBe("FCT0004");
    const lowered = await shop.call("PATCH", `/api/v1/document-series/${(await seriesNamed("FCT")).id}`, {
      currentNumber: 2,
    });
    expect(lowered.status).toBe(422);
  });

  it("is a purchase when the company wrote it as the buyer, in the seller's name", async () => {
    const xml = sampleInvoice({
      number: "AF-1",
      issueDate: "2026-11-18",
      seller: "9000000020",
      buyer: cif,
      type: "389",
    });
    await control(local, "/inbox", { cif: "9000000100", from: cif, xml });
    await look();
    const { data } = await get("invoices");
    expect(data).toMatchObject([{ number: "AF-1", direction: "incoming" }]);
    expect((await get("suppliers")).data).toMatchObject([{ cif: "9000000020" }]);
    expect((await get("clients")).data).toHaveLength(1);
  });

  it("is our own invoice when somebody fetched its XML here and uploaded it by hand", async () => {
    const { id, number } = await shop.issued();
    const xml = (await get(`invoices/${id}/xml`)) as string;
    await control(local, "/inbox", { cif: "9000000020", from: cif, xml });
    await look();
    const { data } = await get("invoices?direction=outgoing");
    expect(data).toMatchObject([{ id, number, status: "validated" }]);
    const [submission] = await get(`invoices/${id}/einvoice-submissions`);
    expect(submission).toMatchObject({ status: "accepted", externalId: expect.stringMatching(/^\d+$/) });
    expect(await ledgerOf(local, cif, number)).toMatchObject({ received: 1, accepted: 1 });
    expect((await seriesNamed("FCT")).currentNumber).toBe(1);
  });
});
