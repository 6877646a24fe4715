import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Message } from "#core/einvoicing/messages.ts";
import type { SyncStats } from "#core/einvoicing/sync-state.ts";
import type { Local } from "#infra/local/engine.ts";
import { freshCif } from "../cif.ts";
import { receiver } from "../receiver.ts";
import { type Connected, control, pass, startWithAnaf, userOf, withConnection } from "../with-anaf.ts";

let local: Local;
let shop: Connected;
let cif: string;

beforeAll(async () => {
  local = await startWithAnaf();
});
afterAll(() => local?.stop());
beforeEach(async () => {
  await control(local, "/faults", undefined, "DELETE");
  cif = freshCif();
  shop = await withConnection(local, { cif });
});

/** A bill of a supplier, as plain as the rules allow. */
const bill = (number: string, given: { code?: string; supplier?: string } = {}) => {
  const { code = "SKU-1", supplier = "9000000020" } = given;
  const party = (name: string, taxId: string) =>
    `<cac:Party><cac:PostalAddress><cbc:StreetName>Str. 1</cbc:StreetName><cbc:CityName>Cluj-Napoca</cbc:CityName><cbc:CountrySubentity>RO-CJ</cbc:CountrySubentity><cac:Country><cbc:IdentificationCode>RO</cbc:IdentificationCode></cac:Country></cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>RO${taxId}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity><cbc:RegistrationName>${name}</cbc:RegistrationName><cbc:CompanyID>${taxId}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party>`;
  return `<?xml version="1.0" encoding="UTF-8"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1</cbc:CustomizationID><cbc:ID>${number}</cbc:ID><cbc:IssueDate>2026-11-18</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>RON</cbc:DocumentCurrencyCode><cac:AccountingSupplierParty>${party("FURNIZOR SRL", supplier)}</cac:AccountingSupplierParty><cac:AccountingCustomerParty>${party("CUMPARATOR SRL", cif)}</cac:AccountingCustomerParty><cac:TaxTotal><cbc:TaxAmount currencyID="RON">21.00</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="RON">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="RON">21.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal><cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="RON">100.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="RON">100.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="RON">121.00</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="RON">121.00</cbc:PayableAmount></cac:LegalMonetaryTotal><cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="H87">2</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="RON">100.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>Hârtie</cbc:Name><cac:SellersItemIdentification><cbc:ID>${code}</cbc:ID></cac:SellersItemIdentification><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount currencyID="RON">50</cbc:PriceAmount></cac:Price></cac:InvoiceLine></Invoice>`;
};

const deliver = (xml: string) => control(local, "/inbox", { cif, xml });
const bulk = (n: number) => control(local, "/inbox/bulk", { cif, n });
/** A download names no company, so its faults hit whoever downloads: only this test's company does. */
const arm = (id: string, when: object = { times: 1 }, params: object = {}) => {
  const whose = /^(dl|inbox)\./.test(id) ? {} : { cif };
  return control(local, "/faults", { id, when: { ...whose, ...when }, params });
};

/** How often the armed faults have hit: a test that met none has proven nothing. */
async function hits(): Promise<number> {
  const { faults } = (await control(local, "/faults", undefined, "GET")) as { faults: { fired: number }[] };
  return faults.reduce((sum, { fired }) => sum + fired, 0);
}

/** Asks for a look as a person would, however recent the last one is, and lets everything happen. */
async function look(days?: number) {
  local.clock({ advance: "5s" });
  const { send } = await import("#core/store/queues.ts");
  const { organizationId, company } = shop;
  const body = { organizationId, companyId: company.id, cause: "manual", ...(days ? { days } : {}) };
  await send("Sync", body);
  await local.drain();
}

async function inbox(): Promise<Message[]> {
  const { messages } = await import("#core/einvoicing/messages.ts");
  return messages.all(shop.company.id);
}

async function stored() {
  const [{ invoices }, { suppliers }, { products }, { syncStates }] = await Promise.all([
    import("#core/documents/invoices/collection.ts"),
    import("#core/parties/supplier.ts"),
    import("#core/catalog/product.ts"),
    import("#core/einvoicing/sync-state.ts"),
  ]);
  const id = shop.company.id;
  return {
    invoices: await invoices.all(id),
    suppliers: await suppliers.all(id),
    products: await products.all(id),
    state: (await syncStates.all(id))[0],
  };
}

describe("a mailbox that is looked into", () => {
  it("becomes invoices with their supplier and products, once each, however often it is looked into", async () => {
    await deliver(bill("F-1"));
    await deliver(bill("F-2"));
    await deliver(bill("F-3", { code: "SKU-2" }));
    await look();
    const first = await stored();
    expect(first.invoices.map(({ number, status, direction }) => [number, status, direction])).toEqual(
      expect.arrayContaining([
        ["F-1", "synced", "incoming"],
        ["F-2", "synced", "incoming"],
        ["F-3", "synced", "incoming"],
      ]),
    );
    expect(first.suppliers).toMatchObject([{ name: "FURNIZOR SRL", cif: "9000000020" }]);
    expect(new Set(first.products.map(({ code }) => code))).toEqual(new Set(["SKU-1", "SKU-2"]));
    expect(first.products).toHaveLength(2);
    expect(first.invoices.every(({ lines }) => lines[0]!.productId !== null)).toBe(true);
    for (let n = 0; n < 3; n++) await look(60);
    const again = await stored();
    expect(again.invoices).toEqual(first.invoices);
    expect(again.suppliers).toEqual(first.suppliers);
    expect(again.products).toEqual(first.products);
  });

  it("proves how far it is known", async () => {
    await deliver(bill("F-1"));
    await look();
    const { state } = await stored();
    expect(state).toMatchObject({ gaps: [], run: { result: "completed", newMessages: 1, knownMessages: 0 } });
    expect(Date.parse(state!.provenTo!) - Date.parse(state!.provenFrom!)).toBeGreaterThan(59 * 86_400_000);
    const [message] = await inbox();
    expect(message).toMatchObject({ stage: "done", archive: { seal: { verdict: "valid" } } });
    expect((await shop.call("GET", `/api/v1/companies/${shop.company.id}`)).body.lastSyncedAt).not.toBeNull();
  });

  it("is counted when everything has been read, and subscribers are told then, once", async () => {
    const hook = await receiver();
    const events = ["sync.completed"];
    await shop.call("POST", "/api/v1/webhooks", { url: hook.url, events });
    const said = () =>
      hook.received.map(({ body }) => (JSON.parse(body) as { data: { stats: SyncStats } }).data);
    const lastRun = async () => (await shop.call("GET", "/api/v1/sync/status")).body.lastRun;

    await shop.submitted();
    await pass(local, "10s", 2);
    await deliver(bill("F-1"));
    await deliver(bill("F-2", { code: "SKU-2" }));
    await deliver("<Order/>");
    await look();
    expect(await lastRun()).toMatchObject({ result: "completed", stats: null });
    expect(said()).toEqual([]);
    await pass(local, "6s");
    const stats = { newInvoices: 2, newClients: 1, newProducts: 2, newSeries: 0 };
    const counted = {
      ...stats,
      skippedDuplicates: 1,
      errors: [expect.stringMatching(/^Message \d+: .*Order/)],
    };
    expect(await lastRun()).toMatchObject({ stats: counted });
    expect(said()).toMatchObject([{ invoices_synced: 2, stats: counted }]);

    await look();
    const nothing = { newInvoices: 0, newClients: 0, newProducts: 0, newSeries: 0, errors: [] };
    expect(await lastRun()).toMatchObject({ stats: { ...nothing, skippedDuplicates: 4 } });
    expect(said()).toHaveLength(2);
    await hook.close();
  });

  it("is counted after an hour although a document cannot be read today", async () => {
    await arm("dl.quota", {});
    await deliver(bill("F-1"));
    await look();
    await pass(local, "10m", 5);
    expect((await stored()).state!.run!.stats).toBeNull();
    await pass(local, "10m", 3);
    const errors = [expect.stringContaining("has not been read yet")];
    expect((await stored()).state!.run!.stats).toMatchObject({ newInvoices: 0, errors });
  });

  it("tells people how many documents a look brought, once, and that looks fail, once in a row", async () => {
    await deliver(bill("F-1"));
    await deliver(bill("F-2"));
    await look();
    await look(60);
    await arm("gw.maintenance", {});
    await look();
    await look();
    await control(local, "/faults", undefined, "DELETE");
    await look();
    await arm("gw.maintenance", {});
    await look();
    const { notifications } = await import("#core/notify/notifications.ts");
    const told = await notifications.all(userOf(shop.token));
    expect(told.map(({ type, data }) => [type, data.count])).toEqual([
      ["efactura.new_documents", 2],
      ["sync.error", undefined],
      ["sync.error", undefined],
    ]);
  });

  it("reads more than five hundred messages, page by page", async () => {
    // What is downloaded is no matter here, and 520 invoices would take their time.
    await arm("dl.expired", {});
    await bulk(520);
    await look();
    const all = await inbox();
    expect(all).toHaveLength(520);
    expect((await stored()).state).toMatchObject({
      run: { result: "completed", newMessages: 520, knownMessages: 0 },
    });
  }, 120_000);

  it("keeps and shows what cannot be parsed, with the reason", async () => {
    await deliver(`<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>`);
    await look();
    expect(await inbox()).toMatchObject([
      {
        stage: "unreadable",
        errorMessage: expect.stringContaining("Order, neither"),
        archive: expect.anything(),
      },
    ]);
    expect((await stored()).invoices).toEqual([]);
  });
});

describe("a list or a download that goes wrong", () => {
  it.each([
    ["list.out_of_order", "1h"],
    ["list.lag", "20m"],
    ["list.future_end", "11m"],
    ["list.numeric_ids", "1m"],
    ["list.http400", "1m"],
    ["gw.502", "10m"],
    ["gw.429", "10m"],
    ["dl.truncated", "10m"],
    ["dl.text_plain", "5h"],
    ["dl.order", "1m"],
    ["dl.quota", "1d"],
    ["auth.expired", "1m"],
  ])("%s: all bills are there after a while", async (fault, wait) => {
    await arm(fault);
    await deliver(bill("F-1"));
    await deliver(bill("F-2"));
    await look();
    await pass(local, wait);
    await look();
    await pass(local, "15m");
    const { invoices } = await stored();
    expect(invoices.map(({ number }) => number).toSorted()).toEqual(["F-1", "F-2"]);
    expect(await hits()).toBeGreaterThan(0);
  });

  it("a message whose file has expired ends with that reason; the others come", async () => {
    await arm("dl.expired");
    await deliver(bill("F-1"));
    await deliver(bill("F-2"));
    await look();
    expect((await inbox()).map(({ stage }) => stage).toSorted()).toEqual(["done", "expired"]);
    expect((await stored()).invoices).toHaveLength(1);
  });

  it("does not move over a window it could not read", async () => {
    await deliver(bill("F-1"));
    await look();
    const before = (await stored()).state!;
    await arm("gw.503", {});
    await deliver(bill("F-2"));
    local.clock({ advance: "5s" });
    await look();
    const failed = (await stored()).state!;
    expect(failed).toMatchObject({ provenTo: before.provenTo, run: { result: "failed" } });
    await control(local, "/faults", undefined, "DELETE");
    await look();
    expect((await stored()).invoices).toHaveLength(2);
  });

  it("refuses an attack in a sealed file without reading it, and says so", async () => {
    await arm("inbox.hostile_xml", { times: 1 }, { kind: "entities" });
    await deliver(bill("F-1"));
    await look();
    const [message] = await inbox();
    expect(message!.stage).toBe("unreadable");
  });

  it("marks a document whose bytes do not match the seal", async () => {
    await arm("dl.bytes_changed");
    await deliver(bill("F-1"));
    await look();
    const [message] = await inbox();
    expect(message!.archive!.seal.verdict).toBe("digest_mismatch");
  });
});
