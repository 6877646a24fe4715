import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithOutside } from "../with-company.ts";
import { addClient, type Invoicing, withInvoices } from "../with-invoices.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let seller: Invoicing;
let we: Invoicing;
beforeAll(async () => {
  world = await startWithOutside();
  seller = await withInvoices(world.local);
  we = await withInvoices(world.local, "9000000020");
});
afterAll(() => world.stop());

const supplierId = "01930b5e-0000-7000-8000-00000000000a";

/** Enters what a seller's XML says into our books, as the mailbox would under a download id. */
async function receive(xml: string, downloadId: string) {
  const [{ arrived }, { parseInvoice }, { system }, { commit }] = await Promise.all([
    import("#core/documents/invoices/received.ts"),
    import("#core/formats/received/parse.ts"),
    import("#core/lib/actor.ts"),
    import("#core/store/commit.ts"),
  ]);
  const write = await arrived(system("nobody", we.company.id), {
    downloadId,
    messageId: downloadId,
    uploadId: null,
    direction: "incoming",
    document: parseInvoice(xml),
    xmlSha256: "0".repeat(64),
    partyId: supplierId,
    receivedAt: "2026-11-20T08:00:00.000Z",
  });
  await commit([write]);
  return write.value.id;
}

const xmlOf = async (given: Record<string, unknown> = {}): Promise<string> => {
  const { id } = await seller.issued(given);
  return (await seller.invoices("GET", `/${id}/xml`)).body as string;
};

describe("an invoice from the mailbox", () => {
  it("enters once per download, as its sender wrote it", async () => {
    const xml = await xmlOf({ dueDate: "2026-12-24", orderNumber: "C-7" });
    const id = await receive(xml, "3001");
    await expect(receive(xml, "3001")).rejects.toMatchObject({ name: "Stale" });
    const { body } = await we.invoices("GET", `/${id}`);
    expect(body).toMatchObject({
      status: "synced",
      direction: "incoming",
      isIncoming: true,
      client: null,
      supplier: { id: supplierId, name: seller.company.name, cif: "9000000011" },
      senderCif: "9000000011",
      receiverCif: "9000000020",
      subtotal: 1500,
      vatTotal: 315,
      total: 1815,
      balance: 1815,
      dueDate: "2026-12-24",
      orderNumber: "C-7",
      anafDownloadId: "3001",
      isDuplicate: false,
      syncedAt: "2026-11-20T08:00:00.000Z",
    });
    expect(body.events[0].metadata).toMatchObject({ action: "synced_from_anaf", downloadId: "3001" });
  });

  it("is marked when the same supplier's number arrived before", async () => {
    const xml = await xmlOf();
    await receive(xml, "3002");
    const second = await receive(xml, "3003");
    expect((await we.invoices("GET", `/${second}`)).body.isDuplicate).toBe(true);
    const { body } = await we.invoices("GET", "?isDuplicate=true");
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([second]);
  });

  it("is listed under its supplier, counts as owed, and can be paid", async () => {
    const id = await receive(await xmlOf(), "3004");
    const { body } = await we.invoices("GET", `?supplierId=${supplierId}&direction=incoming&sort=createdAt`);
    expect(body.data[0]).toMatchObject({ id, clientName: null, supplier: { id: supplierId } });
    expect(body.totals.payable).toBe(body.total * 1815);
    expect(body.totals.receivable).toBe(0);
    const paid = await we.invoices("POST", `/${id}/payments`, { amount: 1815, paymentMethod: "card" });
    expect(paid.body.invoice.balance).toBe(0);
  });

  it("422 to change, issue, submit, cancel, restore or delete it, and it is not reversed", async () => {
    const id = await receive(await xmlOf(), "3005");
    expect((await we.invoices("PUT", `/${id}`, { notes: "x" })).status).toBe(422);
    expect((await we.invoices("DELETE", `/${id}`)).status).toBe(422);
    for (const action of ["issue", "submit", "cancel", "restore"])
      expect([action, (await we.invoices("POST", `/${id}/${action}`)).status]).toEqual([action, 422]);
    expect((await we.invoices("POST", "/bulk-storno", { ids: [id] })).body.created).toBe(0);
  });

  it("carries the credit of a credit note with the sign of ours, settled", async () => {
    const buyer = await addClient(seller.company.id);
    const source = await seller.issued({ clientId: buyer.id });
    const credit = await xmlOf({ isCreditNote: true, parentDocumentId: source.id, clientId: buyer.id });
    const id = await receive(credit, "3006");
    const { body } = await we.invoices("GET", `/${id}`);
    expect(body).toMatchObject({
      documentType: "credit_note",
      total: -1815,
      balance: 0,
      parentDocumentNumber: source.number,
    });
  });
});
