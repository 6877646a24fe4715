import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithOutside } from "../with-company.ts";
import {
  addClient,
  connectAnaf,
  type Invoicing,
  line,
  move,
  organizationOf,
  withInvoices,
} from "../with-invoices.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let we: Invoicing;
beforeAll(async () => {
  world = await startWithOutside();
  we = await withInvoices(world.local);
  await connectAnaf(await organizationOf(we), "9000000011");
});
afterAll(() => world.stop());

const actions = (events: readonly { metadata: { action: string } }[]) =>
  events.map(({ metadata }) => metadata.action);

const seriesOf = async (prefix: string) => {
  const { body } = await we.call("GET", "/api/v1/document-series");
  return body.data.find((one: { prefix: string }) => one.prefix === prefix);
};

describe("POST /invoices/{uuid}/issue", () => {
  it("200 with a number of its series, the next one for the next, and the events told", async () => {
    const first = await we.issued();
    const second = await we.issued();
    expect(first).toMatchObject({ status: "issued", efacturaDelayHours: null, scheduledSendAt: null });
    expect(first.number).toMatch(/^FCT\d{4}$/);
    expect(Number(second.number.slice(3))).toBe(Number(first.number.slice(3)) + 1);
    expect(actions(first.events)).toEqual(["issued", "created"]);
    expect(first.documentSeries).toMatchObject({ prefix: "FCT" });
    expect((await seriesOf("FCT")).currentNumber).toBe(Number(second.number.slice(3)));
  });

  it("422 the second time, 404 for a foreign one", async () => {
    const { id } = await we.issued();
    const again = await we.invoices("POST", `/${id}/issue`);
    expect(again.status).toBe(422);
    expect(again.body.message).toMatch(/Only draft/);
    const other = await withInvoices(world.local);
    expect((await other.invoices("POST", `/${id}/issue`)).status).toBe(404);
  });

  it("200 again with the same key: the invoice as it is, one number", async () => {
    const { id } = await we.draft();
    const first = await we.invoices("POST", `/${id}/issue`, undefined, { "idempotency-key": "issue-1" });
    const again = await we.invoices("POST", `/${id}/issue`, undefined, { "idempotency-key": "issue-1" });
    expect(again.status).toBe(200);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.body.number).toBe(first.body.number);
  });

  it("422 without a buyer, with every finding, and nothing changed", async () => {
    const before = await seriesOf("FCT");
    const { id } = await we.draft({ clientId: null });
    const { status, body } = await we.invoices("POST", `/${id}/issue`);
    expect(status).toBe(422);
    expect(body.valid).toBe(false);
    expect(body.errors[0]).toMatchObject({ severity: "fatal", source: "business" });
    expect(body.warnings).toBeInstanceOf(Array);
    expect((await we.invoices("GET", `/${id}`)).body.status).toBe("draft");
    expect((await seriesOf("FCT")).currentNumber).toBe(before.currentNumber);
  });

  it("422 without any active series", async () => {
    const own = await withInvoices(world.local);
    const { body } = await own.call("GET", "/api/v1/document-series");
    const fct = body.data.find(({ prefix }: { prefix: string }) => prefix === "FCT");
    await own.call("PATCH", `/api/v1/document-series/${fct.id}`, { active: false });
    const { id } = await own.draft();
    const answer = await own.invoices("POST", `/${id}/issue`);
    expect(answer.status).toBe(422);
    expect(answer.body.message).toMatch(/series/);
  });

  it("takes the buyer's address from the register when only name and CIF were given", async () => {
    const { id } = await we.draft({
      clientId: null,
      receiverName: "Cumpărător",
      receiverCif: "RO9000000020",
    });
    const { status, body } = await we.invoices("POST", `/${id}/issue`);
    expect(status).toBe(200);
    expect(body.buyerSnapshot.address).not.toBeNull();
    expect(body.buyerSnapshot.cui).toBe("9000000020");
  });

  it("keeps the buyer it was issued to when the client changes later", async () => {
    const buyer = await addClient(we.company.id);
    const { id } = await we.issued({ clientId: buyer.id });
    const [{ clients }, { commit }] = await Promise.all([
      import("#core/parties/client.ts"),
      import("#core/store/commit.ts"),
    ]);
    await commit([clients.replace(we.company.id, buyer, { ...buyer, name: "Alt Nume SRL" })]);
    expect((await we.invoices("GET", `/${id}`)).body.client.name).toBe("Cumpărător SRL");
  });

  it("numbers a credit note with its own series, else with the invoices", async () => {
    const source = await we.issued();
    const credit = await we.issued({ isCreditNote: true, parentDocumentId: source.id });
    expect(credit).toMatchObject({ documentType: "credit_note", total: -1815, balance: 0 });
    expect(credit.number).toMatch(/^FCT/);
    expect(credit.paidAt).not.toBeNull();
    expect(credit.parentDocument).toMatchObject({ id: source.id, number: source.number });
    const parent = await we.invoices("GET", `/${source.id}`);
    expect(parent.body.refundInvoices).toEqual([
      { id: credit.id, number: credit.number, issueDate: credit.issueDate, status: "issued" },
    ]);
    expect(actions(parent.body.events)[0]).toBe("refunded");
    await we.call("POST", "/api/v1/document-series", { prefix: "NC", type: "credit_note" });
    const next = await we.issued();
    expect((await we.issued({ isCreditNote: true, parentDocumentId: next.id })).number).toBe("NC0001");
  });

  it("422 for a credit note whose client or currency is not its invoice's, or whose invoice is a draft", async () => {
    const source = await we.issued();
    const buyer = await addClient(we.company.id);
    const credit = { isCreditNote: true, parentDocumentId: source.id, lines: [line()] };
    const client = await we.invoices("POST", "", { ...credit, clientId: buyer.id });
    expect(client.status).toBe(422);
    expect(client.body.errors).toHaveProperty("clientId");
    const currency = await we.invoices("POST", "", { ...credit, currency: "EUR" });
    expect(currency.body.errors).toHaveProperty("currency");
    const draft = await we.draft();
    const early = await we.draft({ isCreditNote: true, parentDocumentId: draft.id });
    expect((await we.invoices("POST", `/${early.id}/issue`)).status).toBe(422);
  });

  it("takes the exchange rate of its day for a foreign currency", async () => {
    const invoice = await we.issued({ currency: "EUR", issueDate: "2026-11-20" });
    expect(invoice.exchangeRate).toBeGreaterThan(1);
  });
});

describe("POST /invoices/{uuid}/submit", () => {
  it("200 with status sent_to_provider and a message, and 422 the second time", async () => {
    const { id } = await we.issued();
    const { status, body } = await we.invoices("POST", `/${id}/submit`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "sent_to_provider", anafStatus: "pending", anafUploadId: null });
    expect(typeof body.message).toBe("string");
    expect(actions(body.events)[0]).toBe("submitted_to_anaf");
    expect((await we.invoices("POST", `/${id}/submit`)).status).toBe(422);
  });

  it("200 again with the same key", async () => {
    const { id } = await we.issued();
    const key = { "idempotency-key": "submit-1" };
    await we.invoices("POST", `/${id}/submit`, undefined, key);
    const again = await we.invoices("POST", `/${id}/submit`, undefined, key);
    expect([again.status, again.body.status]).toEqual([200, "sent_to_provider"]);
  });

  it("422 for a draft and for a cancelled one; 404 for a foreign one", async () => {
    const { id } = await we.draft();
    expect((await we.invoices("POST", `/${id}/submit`)).status).toBe(422);
    await we.invoices("POST", `/${id}/cancel`);
    expect((await we.invoices("POST", `/${id}/submit`)).status).toBe(422);
    const other = await withInvoices(world.local);
    expect((await other.invoices("POST", `/${id}/submit`)).status).toBe(404);
  });

  it("422 without a usable ANAF connection, and the invoice stays issued", async () => {
    const own = await withInvoices(world.local);
    const { id } = await own.issued();
    const { status, body } = await own.invoices("POST", `/${id}/submit`);
    expect([status, body.code]).toEqual([422, "NO_TOKEN"]);
    expect((await own.invoices("GET", `/${id}`)).body.status).toBe("issued");
  });

  it("follows the authority: uploaded, rejected, corrected, submitted again, validated, and then for good", async () => {
    const { id } = await we.issued();
    await we.invoices("POST", `/${id}/submit`);
    const frozen = await we.invoices("PUT", `/${id}`, { notes: "târziu" });
    expect(frozen.status).toBe(422);
    const at = "2026-11-20T10:00:00.000Z";
    await move(we.company.id, id, (invoice, { markSent }) => markSent(invoice, { uploadId: "5001", at }));
    await expect(
      move(we.company.id, id, (invoice, { markSent }) => markSent(invoice, { uploadId: "5002", at })),
    ).rejects.toThrow("did not move");
    expect((await we.invoices("POST", `/${id}/cancel`)).status).toBe(422);
    await move(we.company.id, id, (invoice, { markVerdict }) =>
      markVerdict(invoice, { uploadId: "5001", downloadId: "9001", state: "rejected", reason: "BR-RO-1" }),
    );
    const rejected = await we.invoices("GET", `/${id}`);
    expect(rejected.body).toMatchObject({
      status: "rejected",
      anafUploadId: "5001",
      anafDownloadId: "9001",
      anafErrorMessage: "BR-RO-1",
    });
    expect((await we.invoices("PUT", `/${id}`, { notes: "corectat" })).body.status).toBe("rejected");
    const again = await we.invoices("POST", `/${id}/submit`);
    expect(again.body).toMatchObject({
      status: "sent_to_provider",
      anafUploadId: null,
      anafErrorMessage: null,
    });
    await move(we.company.id, id, (invoice, { markSent }) => markSent(invoice, { uploadId: "5003", at }));
    await move(we.company.id, id, (invoice, { markVerdict }) =>
      markVerdict(invoice, { uploadId: "5003", downloadId: "9003", state: "validated" }),
    );
    await expect(
      move(we.company.id, id, (invoice, { markVerdict }) =>
        markVerdict(invoice, { uploadId: "5003", state: "rejected", reason: "late" }),
      ),
    ).rejects.toThrow("did not move");
    const { body } = await we.invoices("GET", `/${id}`);
    expect(body.status).toBe("validated");
    expect(actions(body.events).slice(0, 3)).toEqual(["anaf_validated", "submitted_to_anaf", "updated"]);
    for (const action of ["submit", "cancel", "restore", "issue"])
      expect((await we.invoices("POST", `/${id}/${action}`)).status).toBe(422);
  });

  it("200 and nothing twice while the automatic submission is on its way", async () => {
    const { id } = await we.issued();
    await move(we.company.id, id, (invoice, { markSubmitting }) =>
      markSubmitting({ ...we.owner, companyId: we.company.id } as never, invoice, {
        automatic: true,
        xmlSha256: invoice.xmlSha256!,
      }),
    );
    const { status, body } = await we.invoices("POST", `/${id}/submit`);
    expect([status, body.status]).toEqual([200, "sent_to_provider"]);
    expect(actions(body.events).filter((action) => action === "submitted_to_anaf")).toHaveLength(1);
  });
});

describe("automatic submission", () => {
  it("is scheduled at issue only with sync on, a connection and a Romanian buyer, and a cancel drops it", async () => {
    const own = await withInvoices(world.local);
    await connectAnaf(await organizationOf(own), "9000000011");
    expect((await own.issued()).scheduledSendAt).toBeNull();
    await own.call("POST", `/api/v1/companies/${own.company.id}/toggle-sync`);
    const atOnce = await own.issued();
    expect(Date.parse(atOnce.scheduledSendAt)).toBeLessThanOrEqual(Date.now() + 1000);
    const abroad = await addClient(own.company.id, {
      country: "DE",
      cui: "DE1",
      vatCode: "DE1",
      county: null,
    });
    expect((await own.issued({ clientId: abroad.id })).scheduledSendAt).toBeNull();
    await own.call("PATCH", `/api/v1/companies/${own.company.id}`, { efacturaDelayHours: 48 });
    const later = await own.issued();
    expect(later.efacturaDelayHours).toBe(48);
    expect(later.scheduledSendAt).toMatch(/T2[12]:00:00\.000Z$/);
    const cancelled = await own.invoices("POST", `/${later.id}/cancel`);
    expect(cancelled.body.scheduledSendAt).toBeNull();
  });
});

describe("POST /invoices/{uuid}/cancel and restore", () => {
  it("200 with a reason or none; 400 when a given reason is too short; 422 the second time", async () => {
    const { id } = await we.issued();
    const short = await we.invoices("POST", `/${id}/cancel`, { reason: "greșit" });
    expect(short.status).toBe(400);
    expect(short.body.errors).toHaveProperty("reason");
    const { status, body } = await we.invoices("POST", `/${id}/cancel`, { reason: "Test cancellation" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "cancelled", cancellationReason: "Test cancellation" });
    expect(body.cancelledAt).not.toBeNull();
    expect((await we.invoices("POST", `/${id}/cancel`, {})).status).toBe(422);
    const draft = await we.draft();
    expect((await we.invoices("POST", `/${draft.id}/cancel`)).status).toBe(200);
  });

  it("keeps the number through cancel, restore and the next issue", async () => {
    const { id, number } = await we.issued();
    await we.issued();
    await we.invoices("POST", `/${id}/cancel`);
    const restored = await we.invoices("POST", `/${id}/restore`);
    expect(restored.body).toMatchObject({
      status: "draft",
      number,
      cancelledAt: null,
      cancellationReason: null,
    });
    const again = await we.invoices("POST", `/${id}/issue`);
    expect(again.body).toMatchObject({ status: "issued", number });
  });

  it("422 to restore what is not cancelled, or what has payments", async () => {
    const { id } = await we.issued();
    expect((await we.invoices("POST", `/${id}/restore`)).status).toBe(422);
    await we.invoices("POST", `/${id}/payments`, { amount: 1, paymentMethod: "cash" });
    await we.invoices("POST", `/${id}/cancel`);
    expect((await we.invoices("POST", `/${id}/restore`)).status).toBe(422);
  });

  it("422 to cancel an invoice that was reversed; cancelling the reversal frees it again", async () => {
    const { id } = await we.issued();
    await we.invoices("POST", "/bulk-storno", { ids: [id] });
    const reversed = await we.invoices("GET", `/${id}`);
    expect((await we.invoices("POST", `/${id}/cancel`)).status).toBe(422);
    const [reversal] = reversed.body.refundInvoices;
    await we.invoices("POST", `/${reversal.id}/cancel`);
    expect((await we.invoices("GET", `/${id}`)).body).not.toHaveProperty("refundInvoices");
    expect((await we.invoices("POST", `/${id}/cancel`)).status).toBe(200);
  });
});

describe("POST /invoices/{uuid}/validate", () => {
  it("200 in any state, with what is wrong, by query or by body, the query first", async () => {
    const { id } = await we.draft({ clientId: null });
    const quick = await we.invoices("POST", `/${id}/validate`);
    expect(quick.status).toBe(200);
    expect(quick.body).toMatchObject({ valid: false, schematronAvailable: false });
    const issued = await we.issued();
    const full = await we.invoices("POST", `/${issued.id}/validate?mode=full`, { mode: "quick" });
    expect(full.body).toMatchObject({ valid: true, errors: [] });
  });

  it("422 for an unknown mode, 404 for a foreign invoice", async () => {
    const { id } = await we.draft();
    expect((await we.invoices("POST", `/${id}/validate`, { mode: "deep" })).status).toBe(422);
    const other = await withInvoices(world.local);
    expect((await other.invoices("POST", `/${id}/validate`)).status).toBe(404);
  });
});

describe("GET /invoices/{uuid}/xml and events", () => {
  it("200 with a draft rendered fresh, as a file to save", async () => {
    const draft = await we.draft();
    const fresh = await we.invoices("GET", `/${draft.id}/xml`);
    expect(fresh.status).toBe(200);
    expect(fresh.headers.get("content-type")).toBe("application/xml");
    expect(fresh.headers.get("content-disposition")).toBe(
      `attachment; filename="invoice-${draft.number}.xml"`,
    );
    expect(fresh.body).toContain(`<cbc:ID>${draft.number}</cbc:ID>`);
  });

  it("makes the bytes anew when the file is not there yet", async () => {
    const issued = await we.issued();
    const { body } = await we.invoices("GET", `/${issued.id}/xml`);
    expect(body).toContain(`<cbc:ID>${issued.number}</cbc:ID>`);
  });

  it("302 to an address that serves the file without a credential, for who asks for it", async () => {
    const { id, number } = await we.issued();
    const { status, headers } = await we.invoices("GET", `/${id}/xml?redirect=1`);
    expect(status).toBe(302);
    const served = await fetch(headers.get("location")!);
    expect(served.status).toBe(200);
    expect(await served.text()).toContain(number);
  });

  it("404 for the XML and the events of a foreign invoice", async () => {
    const { id } = await we.issued();
    const other = await withInvoices(world.local);
    expect((await other.invoices("GET", `/${id}/xml`)).status).toBe(404);
    expect((await other.invoices("GET", `/${id}/events`)).status).toBe(404);
  });

  it("200 with the timeline as a plain list, newest first", async () => {
    const { id } = await we.issued();
    const { body } = await we.invoices("GET", `/${id}/events`);
    expect(actions(body)).toEqual(["issued", "created"]);
    expect(body[0]).toMatchObject({ previousStatus: "draft", newStatus: "issued", createdBy: we.email });
  });
});
