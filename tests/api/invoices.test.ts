import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call } from "../signed-in.ts";
import { startWithOutside } from "../with-company.ts";
import { addClient, type Invoicing, invoicesUrl, line, withInvoices } from "../with-invoices.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let we: Invoicing;
let others: Invoicing;
beforeAll(async () => {
  world = await startWithOutside();
  we = await withInvoices(world.local);
  others = await withInvoices(world.local, "9000000046");
});
afterAll(() => world.stop());

const nobody = "01930b5e-0000-7000-8000-000000000000";

describe("POST /invoices", () => {
  it("201 with a draft, its sums, and what quick validation says", async () => {
    const { status, body } = await we.invoices("POST", "", {
      clientId: we.client.id,
      issueDate: "2026-11-20",
      dueDate: "2026-12-20",
      lines: [line()],
      notes: "  Mulțumim  ",
      unknownField: "is ignored",
    });
    expect(status).toBe(201);
    expect(body.invoice).toMatchObject({
      status: "draft",
      direction: "outgoing",
      documentType: "invoice",
      subtotal: 1500,
      vatTotal: 315,
      total: 1815,
      balance: 1815,
      amountPaid: 0,
      currency: "RON",
      notes: "Mulțumim",
      clientId: we.client.id,
      receiverName: "Cumpărător SRL",
      receiverCif: "9000000020",
      client: { id: we.client.id, name: "Cumpărător SRL", cui: "9000000020", country: "RO" },
    });
    expect(body.invoice.number).toMatch(/^DRAFT-[0-9A-F]{8}$/);
    expect(body.invoice.uuid).toBe(body.invoice.id);
    expect(body.invoice.lines).toHaveLength(1);
    expect(body.invoice.lines[0]).toMatchObject({ quantity: 10, unitOfMeasure: "buc", vatCategoryCode: "S" });
    expect(body.invoice.events).toMatchObject([{ newStatus: "draft", createdBy: we.email }]);
    expect(body.validation).toMatchObject({ valid: true, errors: [] });
    // Published clients read the fields bare as well as wrapped.
    expect(body.id).toBe(body.invoice.id);
    expect(body).not.toHaveProperty("rev");
    expect(body).not.toHaveProperty("xmlSha256");
  });

  it("201 from the least a client sends: today, the company's currency and VAT rate, and a warning that nobody buys", async () => {
    const { status, body } = await we.invoices("POST", "", {
      lines: [{ description: "Ceva", quantity: "1.5", unitPrice: "10" }],
    });
    expect(status).toBe(201);
    expect(body.invoice).toMatchObject({ subtotal: 15, vatTotal: 3.15, total: 18.15, client: null });
    expect(body.validation.valid).toBe(false);
    expect(body.validation.errors.map(({ ruleId }: { ruleId: string }) => ruleId)).toContain("BR-07");
  });

  it.each([
    ["no lines", { lines: [] }, "lines"],
    ["lines absent", { lines: undefined }, "lines"],
    ["a blank description", { lines: [line({ description: "  " })] }, "lines[0].description"],
    ["a quantity of zero", { lines: [line({ quantity: 0 })] }, "lines[0].quantity"],
    ["no quantity", { lines: [line({ quantity: undefined })] }, "lines[0].quantity"],
    ["no price", { lines: [line({ unitPrice: undefined })] }, "lines[0].unitPrice"],
    ["a negative price", { lines: [line({ unitPrice: -1 })] }, "lines[0].unitPrice"],
    ["more decimals than a price has", { lines: [line({ unitPrice: "1.1234567" })] }, "lines[0].unitPrice"],
    ["an issue date in the future", { issueDate: "2999-01-01" }, "issueDate"],
    ["a day that does not exist", { dueDate: "2026-02-30" }, "dueDate"],
    ["an unknown type code", { invoiceTypeCode: "999" }, "invoiceTypeCode"],
    ["a proforma", { documentType: "proforma" }, "documentType"],
    ["bad extensions", { ublExtensions: { prepaidAmount: -1 } }, "ublExtensions.prepaidAmount"],
    ["an unknown client", { clientId: nobody }, "clientId"],
    ["an unknown series", { documentSeriesId: nobody }, "documentSeriesId"],
    ["an unknown parent", { parentDocumentId: nobody }, "parentDocumentId"],
    ["a credit note of nothing", { isCreditNote: true }, "parentDocumentId"],
  ])("400 with %s, naming the field", async (_what, given, field) => {
    const answer = await we.invoices("POST", "", { clientId: we.client.id, lines: [line()], ...given });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveProperty([field]);
    expect(typeof answer.body.error).toBe("string");
  });

  it("400 with another company's client, and with JSON that is none", async () => {
    const foreign = await we.invoices("POST", "", { clientId: others.client.id, lines: [line()] });
    expect(foreign.status).toBe(400);
    expect((await we.invoices("POST", "", "{lines:")).status).toBe(400);
  });

  it("400 with a series of another type, and with one that is no longer active", async () => {
    const series = await we.call("GET", "/api/v1/document-series");
    const receipts = series.body.data.find(({ prefix }: { prefix: string }) => prefix === "CH");
    const wrong = await we.invoices("POST", "", { documentSeriesId: receipts.id, lines: [line()] });
    expect(wrong.body.errors.documentSeriesId).toMatch(/another type/);
    const made = await we.call("POST", "/api/v1/document-series", { prefix: "OLD", active: false });
    const old = await we.invoices("POST", "", { seriesId: made.body.id, lines: [line()] });
    expect(old.body.errors.documentSeriesId).toMatch(/no longer active/);
  });

  it("401 without a token", async () => {
    expect((await call(world.local, "POST", invoicesUrl, { lines: [line()] })).status).toBe(401);
  });

  it("201 again with the same key, the same invoice; 422 with another body", async () => {
    const body = { clientId: we.client.id, lines: [line()], idempotencyKey: "in-body" };
    const first = await we.invoices("POST", "", body, { "idempotency-key": "one" });
    const again = await we.invoices("POST", "", body, { "idempotency-key": "one" });
    expect(again.status).toBe(201);
    expect(again.body.invoice.id).toBe(first.body.invoice.id);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    const other = await we.invoices("POST", "", { lines: [line()] }, { "idempotency-key": "one" });
    expect(other.status).toBe(422);
    const byBody = await we.invoices("POST", "", body);
    expect(byBody.body.invoice.id).not.toBe(first.body.invoice.id);
  });

  it("201 with a hint when a draft for the same client and total was made within the hour", async () => {
    const buyer = await addClient(we.company.id, { name: "Geamăn SRL" });
    const body = { clientId: buyer.id, lines: [line()] };
    const first = await we.invoices("POST", "", body);
    expect(first.headers.get("x-possible-duplicate-of")).toBeNull();
    const second = await we.invoices("POST", "", body);
    expect(second.headers.get("x-possible-duplicate-of")).toBe(first.body.invoice.id);
    expect(second.body.invoice.id).not.toBe(first.body.invoice.id);
    const different = await we.invoices("POST", "", { ...body, lines: [line({ quantity: 11 })] });
    expect(different.headers.get("x-possible-duplicate-of")).toBeNull();
  });

  it("201 with the payment that came along; one that does not fit never fails the invoice", async () => {
    const paid = await we.draft({ collect: true });
    expect(paid).toMatchObject({ amountPaid: 1815, balance: 0, paymentMethod: "bank_transfer" });
    expect(paid.paidAt).not.toBeNull();
    const partly = await we.draft({ collect: { value: 100, type: "cash", documentNumber: "CH-1" } });
    expect(partly).toMatchObject({ amountPaid: 100, balance: 1715, paidAt: null });
    expect(partly.payments).toMatchObject([{ amount: 100, paymentMethod: "cash", reference: "CH-1" }]);
    expect(await we.draft({ collect: { value: 99_999 } })).toMatchObject({ amountPaid: 0 });
  });

  it("keeps the rates as sent unless asked to apply the rules for foreign buyers", async () => {
    const german = await addClient(we.company.id, {
      name: "Käufer GmbH",
      country: "DE",
      cui: "DE123456789",
      vatCode: "DE123456789",
      viesValid: true,
    });
    const asSent = await we.draft({ clientId: german.id });
    expect(asSent.lines[0]).toMatchObject({ vatCategoryCode: "S", vatRate: 21 });
    const ruled = await we.draft({ clientId: german.id, autoApplyVatRules: true });
    expect(ruled.lines[0]).toMatchObject({ vatCategoryCode: "AE", vatRate: 0 });
    const romanian = await we.draft({ autoApplyVatRules: true });
    expect(romanian.lines[0]).toMatchObject({ vatCategoryCode: "S", vatRate: 21 });
  });
});

describe("GET /invoices/{uuid}", () => {
  it("200 with everything the detail page shows", async () => {
    const { id } = await we.draft({ deliveryLocation: "Depozit", projectReference: "P-1" });
    const { status, body } = await we.invoices("GET", `/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      cancelledAt: null,
      deliveryLocation: "Depozit",
      projectReference: "P-1",
      attachments: [],
      payments: [],
      isCreditNote: false,
      isIncoming: false,
    });
  });

  it("shows a draft with its client as it is now", async () => {
    const buyer = await addClient(we.company.id);
    const { id } = await we.draft({ clientId: buyer.id });
    const [{ clients }, { commit }] = await Promise.all([
      import("#core/parties/client.ts"),
      import("#core/store/commit.ts"),
    ]);
    await commit([clients.replace(we.company.id, buyer, { ...buyer, name: "Alt Nume SRL" })]);
    expect((await we.invoices("GET", `/${id}`)).body.client.name).toBe("Alt Nume SRL");
  });

  it("404, the same for one that is absent, foreign, deleted or no id at all", async () => {
    const { id } = await others.draft();
    const foreign = await we.invoices("GET", `/${id}`);
    const absent = await we.invoices("GET", `/${nobody}`);
    const noId = await we.invoices("GET", "/not-an-id");
    for (const { status, body } of [foreign, absent, noId]) {
      expect(status).toBe(404);
      expect(body.message).toBe("Invoice not found.");
    }
  });

  it("403 under another organization's company", async () => {
    const { id } = await others.draft();
    const answer = await we.invoices("GET", `/${id}`, undefined, { "x-company": others.company.id });
    expect(answer.status).toBe(403);
  });
});

describe("PUT /invoices/{uuid}", () => {
  it("200 with only what was sent changed, and all lines replaced", async () => {
    const { id } = await we.draft({ notes: "rămâne", orderNumber: "C-1" });
    const { status, body } = await we.invoices("PUT", `/${id}`, {
      currency: "EUR",
      orderNumber: null,
      lines: [line({ description: "Alta", quantity: 10, unitPrice: 100 })],
    });
    expect(status).toBe(200);
    expect(body.invoice).toMatchObject({ currency: "EUR", notes: "rămâne", orderNumber: null });
    expect(body).toMatchObject({ subtotal: 1000, vatTotal: 210, total: 1210, balance: 1210 });
    expect(body.lines.map(({ description }: { description: string }) => description)).toEqual(["Alta"]);
    expect(body.events[0].metadata.action).toBe("updated");
  });

  it("200 with nothing changed by an empty body", async () => {
    const before = await we.draft();
    const { status, body } = await we.invoices("PUT", `/${before.id}`, {});
    expect(status).toBe(200);
    expect(body.total).toBe(before.total);
  });

  it("200 on an issued invoice nobody sent, which keeps its number and its buyer", async () => {
    const invoice = await we.issued();
    const { status, body } = await we.invoices("PUT", `/${invoice.id}`, {
      lines: [line({ quantity: 1 })],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "issued", number: invoice.number, total: 181.5 });
    const xml = await we.invoices("GET", `/${invoice.id}/xml`);
    expect(xml.body).toContain(">181.50</cbc:PayableAmount>");
  });

  it("422 with findings when an issued invoice would no longer be valid", async () => {
    const invoice = await we.issued();
    const answer = await we.invoices("PUT", `/${invoice.id}`, { lines: [line({ vatRate: 33 })] });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ valid: false, errors: [{ ruleId: "STORNO-RATE" }] });
  });

  it("400 with a line that is wrong", async () => {
    const { id } = await we.draft();
    const answer = await we.invoices("PUT", `/${id}`, { lines: [line({ description: "" })] });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveProperty(["lines[0].description"]);
  });

  it("422 on a cancelled one; 404 on a foreign one", async () => {
    const { id } = await we.draft();
    await we.invoices("POST", `/${id}/cancel`);
    expect((await we.invoices("PUT", `/${id}`, { notes: "x" })).status).toBe(422);
    expect((await others.invoices("PUT", `/${id}`, { notes: "x" })).status).toBe(404);
  });

  it("422 when a document would change its type or its series after it was numbered", async () => {
    const invoice = await we.issued();
    const typed = await we.invoices("PUT", `/${invoice.id}`, { documentType: "credit_note" });
    expect(typed.status).toBe(422);
    const series = await we.call("POST", "/api/v1/document-series", { prefix: "NEW" });
    const moved = await we.invoices("PUT", `/${invoice.id}`, { documentSeriesId: series.body.id });
    expect(moved.status).toBe(422);
    expect(moved.body.errors).toHaveProperty("documentSeriesId");
  });
});

describe("DELETE /invoices/{uuid}", () => {
  it("204 on a draft, which is gone from then on", async () => {
    const { id } = await we.draft();
    expect((await we.invoices("DELETE", `/${id}`)).status).toBe(204);
    expect((await we.invoices("GET", `/${id}`)).status).toBe(404);
    expect((await we.invoices("DELETE", `/${id}`)).status).toBe(404);
  });

  it("422 on an issued one", async () => {
    const { id } = await we.issued();
    expect((await we.invoices("DELETE", `/${id}`)).status).toBe(422);
  });

  it("gives the last number of a series back, and no other", async () => {
    const own = await withInvoices(world.local);
    const first = await own.issued();
    const second = await own.issued();
    const third = await own.issued();
    await own.invoices("POST", `/${second.id}/cancel`);
    await own.invoices("DELETE", `/${second.id}`);
    expect((await own.issued()).number).toBe("FCT0004");
    await own.invoices("POST", `/${third.id}/cancel`);
    expect([first.number, second.number, third.number]).toEqual(["FCT0001", "FCT0002", "FCT0003"]);
    const last = await own.issued();
    expect(last.number).toBe("FCT0005");
    await own.invoices("POST", `/${last.id}/cancel`);
    await own.invoices("DELETE", `/${last.id}`);
    expect((await own.issued()).number).toBe("FCT0005");
  });
});

describe("POST /invoices/{uuid}/cancel-scheduled-email", () => {
  it("200 with the e-mail dropped, and 200 when there was none", async () => {
    const { id } = await we.draft({ scheduledEmailAt: "2026-12-24T09:00:00+02:00" });
    expect((await we.invoices("GET", `/${id}`)).body.scheduledEmailAt).toBe("2026-12-24T07:00:00.000Z");
    for (const _again of [1, 2]) {
      const { status, body } = await we.invoices("POST", `/${id}/cancel-scheduled-email`);
      expect([status, body.scheduledEmailAt]).toEqual([200, null]);
    }
  });
});

describe("the Documents queue", () => {
  it("puts what was sold by description alone into the catalogue, once, net of VAT", async () => {
    const own = await withInvoices(world.local);
    const lines = [
      line({ description: "Fier de călcat", unitPrice: 121, vatIncluded: true }),
      line({ description: "fier de CĂLCAT" }),
      line({ description: "Altceva", unitPrice: 5, unitOfMeasure: "kg" }),
    ];
    await own.draft({ lines });
    await world.local.drain();
    await own.draft({ lines });
    await world.local.drain();
    const { body } = await own.call("GET", "/api/v1/products?sort=name&order=asc");
    expect(body.data).toMatchObject([
      { name: "Altceva", defaultPrice: 5, unitOfMeasure: "kg", source: "api" },
      { name: "fier de CĂLCAT", defaultPrice: 150, usage: "sales" },
    ]);
    expect(body.total).toBe(2);
  });

  it("stores the XML of an issued invoice, which is then what a download gives", async () => {
    const own = await withInvoices(world.local);
    const { id, number, issueDate } = await own.issued();
    await world.local.drain();
    const { fileKey } = await import("#core/documents/invoices/index.ts");
    const { findFile, putFile } = await import("#core/store/files.ts");
    const key = fileKey({ companyId: own.company.id, issueDate, id }, "xml");
    const stored = Buffer.from((await findFile(key))!).toString("utf8");
    expect(stored).toContain(`<cbc:ID>${number}</cbc:ID>`);
    expect((await own.invoices("GET", `/${id}/xml`)).body).toBe(stored);
    await putFile(key, Buffer.from("<damaged/>"), "application/xml");
    expect((await own.invoices("GET", `/${id}/xml`)).body).toBe(stored);
  });
});

describe("GET /invoices/{uuid}/pdf", () => {
  const isPdf = (bytes: Uint8Array | undefined) =>
    Buffer.from(bytes ?? [])
      .subarray(0, 5)
      .toString("latin1") === "%PDF-";

  it("200 inline for drafts and issued ones, the issued one kept until something it shows changes", async () => {
    const draft = await we.invoices("GET", `/${(await we.draft()).id}/pdf`);
    expect(draft.status).toBe(200);
    expect(draft.headers.get("content-type")).toBe("application/pdf");
    expect(draft.headers.get("content-disposition")).toMatch(/^inline; filename="invoice-DRAFT-\w{8}\.pdf"$/);
    const { id, issueDate } = await we.issued();
    await we.invoices("GET", `/${id}/pdf`);
    const { fileKey } = await import("#core/documents/invoices/index.ts");
    const { findFile } = await import("#core/store/files.ts");
    const key = fileKey({ companyId: we.company.id, issueDate, id }, "pdf");
    const first = await findFile(key);
    expect(isPdf(first)).toBe(true);
    await we.invoices("GET", `/${id}/pdf`);
    expect(await findFile(key)).toEqual(first);
    await we.invoices("POST", `/${id}/payments`, { amount: 15, paymentMethod: "cash" });
    await we.invoices("GET", `/${id}/pdf`);
    expect(await findFile(key)).not.toEqual(first);
  });

  it("302 to the stored file for who asks for it; 404 for a foreign one", async () => {
    const { id } = await we.issued();
    const { status, headers } = await we.invoices("GET", `/${id}/pdf?redirect=1`);
    expect(status).toBe(302);
    expect(isPdf(new Uint8Array(await (await fetch(headers.get("location")!)).arrayBuffer()))).toBe(true);
    expect((await others.invoices("GET", `/${id}/pdf`)).status).toBe(404);
  });
});
