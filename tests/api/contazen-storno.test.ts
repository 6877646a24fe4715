import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call } from "../signed-in.ts";
import { startWithOutside } from "../with-company.ts";
import { type Invoicing, line, withInvoices } from "../with-invoices.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let we: Invoicing;
let authorization: string;
beforeAll(async () => {
  world = await startWithOutside();
  we = await withInvoices(world.local);
  const made = await we.call("POST", "/api/v1/api-tokens", {
    name: "contazen",
    scopes: ["invoice.view", "invoice.refund"],
  });
  authorization = `Bearer ${made.body.token}`;
});
afterAll(() => world.stop());

const storno = (id: string, body?: unknown, headers: Record<string, string> = {}) =>
  call(world.local, "POST", `/v1/invoices/${id}/storno`, body, { authorization, ...headers });

describe("POST /v1/invoices/{id}/storno", () => {
  it("200 with the reversal, numbered in the source's own series, which nets every rate to zero", async () => {
    const series = await we.call("POST", "/api/v1/document-series", { prefix: "CTZ" });
    const source = await we.issued({
      documentSeriesId: series.body.id,
      lines: [line({ quantity: "3.333", unitPrice: "9.99" }), line({ vatRate: 11, discountPercent: 10 })],
    });
    const { status, body } = await storno(`inv_${source.id}`, {});
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: true,
      data: {
        object: "invoice",
        full_number: "CTZ0002",
        series: "CTZ",
        number: "0002",
        total: -source.total,
        vat_amount: -source.vatTotal,
        is_storno: true,
        is_draft: false,
        is_paid: true,
        storno_for: `inv_${source.id}`,
        client: { object: "client", name: "Cumpărător SRL", client_type: "b2b" },
      },
      meta: { version: "v1", request_id: expect.any(String), response_time: expect.stringMatching(/ms$/) },
    });
    const id = body.data.id.replace("inv_", "");
    const reversal = await we.invoices("GET", `/${id}`);
    expect(reversal.body).toMatchObject({ status: "issued", parentDocumentId: source.id, balance: 0 });
    const parent = await we.invoices("GET", `/${source.id}`);
    expect(parent.body.refundInvoices).toMatchObject([{ id, number: "CTZ0002", status: "issued" }]);
  });

  it("400 invoice_already_storned the second time; of eight at once exactly one wins", async () => {
    const { id } = await we.issued();
    const all = await Promise.all(Array.from({ length: 8 }, () => storno(id)));
    const [won, lost, ...rest] = all.toSorted((a, b) => a.status - b.status);
    expect([won!.status, lost!.status]).toEqual([200, 400]);
    expect(rest.every(({ status }) => status === 400)).toBe(true);
    expect(lost!.body).toMatchObject({
      success: false,
      code: "invoice_already_storned",
      error: { code: "invoice_already_storned" },
      errors: null,
    });
    expect((await we.invoices("GET", `/${id}`)).body.refundInvoices).toHaveLength(1);
  });

  it("400 invoice_cannot_be_storned for a draft and for a reversal", async () => {
    const draft = await we.draft();
    expect((await storno(draft.id)).body.code).toBe("invoice_cannot_be_storned");
    const { id } = await we.issued();
    const made = await storno(id);
    const again = await storno(made.body.data.id);
    expect([again.status, again.body.code]).toEqual([400, "invoice_cannot_be_storned"]);
  });

  it("200 with the same reversal for the same key", async () => {
    const { id } = await we.issued();
    const first = await storno(id, undefined, { "idempotency-key": "s" });
    const again = await storno(id, undefined, { "idempotency-key": "s" });
    expect([again.status, again.body.data.id]).toEqual([200, first.body.data.id]);
  });

  it("404 for an unknown or foreign invoice, 401 without a key, 403 for a key that may not", async () => {
    const other = await withInvoices(world.local);
    const { id } = await other.issued();
    const foreign = await storno(id);
    expect([foreign.status, foreign.body.success]).toEqual([404, false]);
    expect((await storno("inv_nothing")).status).toBe(404);
    expect((await call(world.local, "POST", `/v1/invoices/${id}/storno`)).status).toBe(401);
    const looks = await we.call("POST", "/api/v1/api-tokens", { name: "looks", scopes: ["invoice.view"] });
    const own = await we.issued();
    const refused = await storno(own.id, {}, { authorization: `Bearer ${looks.body.token}` });
    expect([refused.status, refused.body.success]).toEqual([403, false]);
  });
});
