import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithOutside } from "../with-company.ts";
import { type Invoicing, line, withInvoices } from "../with-invoices.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let we: Invoicing;
beforeAll(async () => {
  world = await startWithOutside();
  we = await withInvoices(world.local);
});
afterAll(() => world.stop());

const pay = (id: string, body: unknown, headers?: Record<string, string>) =>
  we.invoices("POST", `/${id}/payments`, body, headers);

describe("POST /invoices/{uuid}/payments", () => {
  it("201 with the payment, bare and nested, and where the invoice stands", async () => {
    const { id, number } = await we.issued();
    const { status, body } = await pay(id, {
      amount: 100,
      paymentMethod: "bank_transfer",
      reference: "OP-001",
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      amount: 100,
      currency: "RON",
      paymentMethod: "bank_transfer",
      reference: "OP-001",
      isReconciled: false,
      invoice: { id, number, status: "issued", amountPaid: 100, balance: 1715, paidAt: null },
    });
    expect(body.payment.id).toBe(body.id);
    const { body: invoice } = await we.invoices("GET", `/${id}`);
    expect(invoice.events[0].metadata).toMatchObject({ action: "payment_recorded", amount: "100" });
  });

  it("settles the invoice by the latest payment once nothing is left, and keeps its status", async () => {
    const { id } = await we.issued();
    await pay(id, { amount: "1000.50", paymentMethod: "cash", paymentDate: "2026-11-02" });
    await pay(id, { amount: 814.5, paymentMethod: "card", paymentDate: "2026-11-01" });
    const { body } = await we.invoices("GET", `/${id}`);
    expect(body).toMatchObject({ status: "issued", amountPaid: 1815, balance: 0, paymentMethod: "cash" });
    expect(body.paidAt).toMatch(/^2026-11-02T00:00/);
    expect(body.paymentState).toBe("paid");
  });

  it("counts as a bank transfer when it names a date but no method", async () => {
    const { id } = await we.issued();
    const { status, body } = await pay(id, { amount: 1, paymentDate: "2026-01-15" });
    expect([status, body.paymentMethod, body.paymentDate]).toEqual([201, "bank_transfer", "2026-01-15"]);
  });

  it.each([
    ["no amount", { paymentMethod: "cash" }, "amount"],
    ["no method and no date", { amount: 1 }, "paymentMethod"],
    ["an unknown method", { amount: 1, paymentMethod: "shells" }, "paymentMethod"],
    ["an amount that is no number", { amount: "much", paymentMethod: "cash" }, "amount"],
    ["three decimals", { amount: 1.001, paymentMethod: "cash" }, "amount"],
  ])("400 with %s", async (_what, body, field) => {
    const { id } = await we.issued();
    const answer = await pay(id, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveProperty([field]);
  });

  it.each([
    ["nothing", { amount: 0 }],
    ["less than nothing", { amount: -5 }],
    ["more than the balance", { amount: 1815.01 }],
    ["another currency", { amount: 1, currency: "EUR" }],
  ])("422 for %s", async (_what, given) => {
    const { id } = await we.issued();
    expect((await pay(id, { paymentMethod: "cash", ...given })).status).toBe(422);
    expect((await we.invoices("GET", `/${id}`)).body.amountPaid).toBe(0);
  });

  it("422 on a draft, on a cancelled invoice and on one that settled itself", async () => {
    const body = { amount: 1, paymentMethod: "cash" };
    const draft = await we.draft();
    expect((await pay(draft.id, body)).status).toBe(422);
    await we.invoices("POST", `/${draft.id}/cancel`);
    expect((await pay(draft.id, body)).status).toBe(422);
    const negative = await we.issued({ lines: [line({ quantity: -1 })] });
    expect(negative).toMatchObject({ balance: 0, amountPaid: -181.5 });
    expect((await pay(negative.id, body)).status).toBe(422);
  });

  it("201 once per key, and never more than the balance when two arrive together", async () => {
    const { id } = await we.issued();
    const body = { amount: 1000, paymentMethod: "cash" };
    const first = await pay(id, body, { "idempotency-key": "p" });
    const again = await pay(id, body, { "idempotency-key": "p" });
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    const both = await Promise.all([pay(id, { ...body, amount: 815 }), pay(id, { ...body, amount: 815 })]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 422]));
    expect((await we.invoices("GET", `/${id}`)).body.balance).toBe(0);
  });

  it("404 on a foreign invoice", async () => {
    const { id } = await we.issued();
    const other = await withInvoices(world.local);
    const path = `/${id}/payments`;
    expect((await other.invoices("POST", path, { amount: 1, paymentMethod: "cash" })).status).toBe(404);
    expect((await other.invoices("GET", path)).status).toBe(404);
  });
});

describe("GET and DELETE /invoices/{uuid}/payments", () => {
  it("200 with a plain list, the latest day first", async () => {
    const { id } = await we.issued();
    await pay(id, { amount: 10, paymentMethod: "cash", paymentDate: "2026-11-01" });
    await pay(id, { amount: 25, paymentMethod: "cash", paymentDate: "2026-11-03" });
    await pay(id, { amount: 5, paymentMethod: "cash", paymentDate: "2026-11-02" });
    const { status, body } = await we.invoices("GET", `/${id}/payments`);
    expect(status).toBe(200);
    expect(body.map(({ amount }: { amount: number }) => amount)).toEqual([25, 5, 10]);
  });

  it("204, and the invoice is unpaid again; 404 the second time and for a payment of another", async () => {
    const { id } = await we.issued();
    const { body } = await pay(id, { amount: 1815, paymentMethod: "cash" });
    const other = await we.issued();
    expect((await we.invoices("DELETE", `/${other.id}/payments/${body.id}`)).status).toBe(404);
    expect((await we.invoices("DELETE", `/${id}/payments/${body.id}`)).status).toBe(204);
    expect((await we.invoices("DELETE", `/${id}/payments/${body.id}`)).status).toBe(404);
    const { body: invoice } = await we.invoices("GET", `/${id}`);
    expect(invoice).toMatchObject({ amountPaid: 0, balance: 1815, paidAt: null, paymentMethod: null });
    expect(invoice.events[0].metadata.action).toBe("payment_deleted");
  });

  it("409 for a reconciled payment", async () => {
    const { id } = await we.issued();
    const { body } = await pay(id, { amount: 5, paymentMethod: "cash" });
    const [{ invoices }, { commit }] = await Promise.all([
      import("#core/documents/invoices/index.ts"),
      import("#core/store/commit.ts"),
    ]);
    const stored = await invoices.get(we.company.id, id);
    const payments = stored.payments.map((payment) => ({ ...payment, isReconciled: true }));
    await commit([invoices.replace(we.company.id, stored, { ...stored, payments })]);
    expect((await we.invoices("DELETE", `/${id}/payments/${body.id}`)).status).toBe(409);
  });
});

describe("POST /invoices/bulk-mark-paid and bulk-mark-unpaid", () => {
  it("pays what is left of each and says why not of the others", async () => {
    const open = await we.issued();
    await pay(open.id, { amount: 15, paymentMethod: "cash", paymentDate: "2026-11-01" });
    const paid = await we.issued();
    await pay(paid.id, { amount: 1815, paymentMethod: "cash" });
    const draft = await we.draft();
    const { status, body } = await we.invoices("POST", "/bulk-mark-paid", {
      ids: [open.id, paid.id, draft.id, "no-id"],
      paymentMethod: "card",
      paidAt: "2026-11-05",
    });
    expect(status).toBe(200);
    expect(body.marked).toBe(1);
    expect(body.errors.map(({ id }: { id: string }) => id)).toEqual([paid.id, draft.id, "no-id"]);
    expect(body.errors[0].error).toBe("Invoice is already fully paid.");
    const { body: invoice } = await we.invoices("GET", `/${open.id}`);
    expect(invoice).toMatchObject({ balance: 0, amountPaid: 1815 });
    expect(invoice.paidAt).toMatch(/^2026-11-05/);
  });

  it("removes all payments of each, and refuses where there is none", async () => {
    const paid = await we.issued();
    await pay(paid.id, { amount: 1815, paymentMethod: "cash" });
    const open = await we.issued();
    const { body } = await we.invoices("POST", "/bulk-mark-unpaid", { ids: [paid.id, open.id] });
    expect(body).toEqual({ unmarked: 1, errors: [{ id: open.id, error: "Invoice has no payments." }] });
    const { body: invoice } = await we.invoices("GET", `/${paid.id}`);
    expect(invoice).toMatchObject({ balance: 1815, paidAt: null, payments: [] });
    expect(invoice.events[0].metadata.action).toBe("all_payments_deleted");
  });
});
