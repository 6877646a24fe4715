import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call } from "../signed-in.ts";
import { startWithOutside } from "../with-company.ts";
import { type Invoicing, invoicesUrl, line, withInvoices } from "../with-invoices.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let we: Invoicing;
beforeAll(async () => {
  world = await startWithOutside();
  we = await withInvoices(world.local);
});
afterAll(() => world.stop());

const nobody = "01930b5e-0000-7000-8000-000000000000";
const bulk = (action: string, body: unknown, headers?: Record<string, string>) =>
  we.invoices("POST", `/bulk-${action}`, body, headers);

describe("bulk actions", () => {
  it.each(["delete", "finalize", "cancel", "storno", "mark-paid", "mark-unpaid"])(
    "bulk-%s: 400 unless there are 1 to 100 ids",
    async (action) => {
      const many = Array.from({ length: 101 }, () => nobody);
      for (const body of [{}, { ids: [] }, { ids: "all" }, { ids: many }]) {
        const answer = await bulk(action, body);
        expect(answer.status).toBe(400);
        expect(answer.body.message).toBe("Provide between 1 and 100 IDs.");
      }
    },
  );

  it("bulk-finalize issues in the order given and says what is wrong with the others", async () => {
    const drafts = [await we.draft(), await we.draft()];
    const bad = await we.draft({ clientId: null });
    const { status, body } = await bulk("finalize", { ids: [drafts[1].id, bad.id, drafts[0].id, nobody] });
    expect([status, body.issued]).toEqual([200, 2]);
    expect(body.errors).toMatchObject([
      { id: bad.id, error: expect.stringMatching(/not valid/) },
      { id: nobody, error: "Invoice not found." },
    ]);
    const [first, second] = await Promise.all(
      drafts.map(async ({ id }) => (await we.invoices("GET", `/${id}`)).body.number),
    );
    expect(Number(first.slice(3))).toBe(Number(second.slice(3)) + 1);
  });

  it("bulk-cancel and bulk-delete do what they do to one", async () => {
    const draft = await we.draft();
    const issued = await we.issued();
    const cancelled = await bulk("cancel", { ids: [draft.id, issued.id, draft.id], reason: "greșit" });
    expect(cancelled.body.cancelled).toBe(2);
    expect(cancelled.body.errors).toHaveLength(1);
    const deleted = await bulk("delete", { ids: [draft.id, issued.id, nobody] });
    expect(deleted.body).toMatchObject({ deleted: 2, errors: [{ id: nobody }] });
  });

  it("bulk-storno makes one draft reversal of each, and none of a reversal, a draft or a reversed one", async () => {
    const source = await we.issued({ lines: [line({ discount: 100 }), line({ vatRate: 11, quantity: 3 })] });
    const draft = await we.draft();
    const first = await bulk("storno", { ids: [source.id, draft.id, source.id] });
    expect(first.body.created).toBe(1);
    expect(first.body.errors.map(({ id }: { id: string }) => id)).toEqual([draft.id, source.id]);
    const { body: parent } = await we.invoices("GET", `/${source.id}`);
    const { body: reversal } = await we.invoices("GET", `/${parent.refundInvoices[0].id}`);
    expect(reversal).toMatchObject({
      status: "draft",
      total: -source.total,
      vatTotal: -source.vatTotal,
      parentDocumentId: source.id,
      clientId: source.clientId,
      lines: [{ quantity: -10, discount: -100 }, { quantity: -3 }],
    });
    expect(reversal.notes).toContain(`Storno factura #${source.number}`);
    expect(reversal.events[0].metadata.action).toBe("storno_created");
    const issued = await we.invoices("POST", `/${reversal.id}/issue`);
    expect(issued.body).toMatchObject({ status: "issued", balance: 0 });
    expect((await bulk("storno", { ids: [reversal.id] })).body.created).toBe(0);
    await we.invoices("POST", `/${reversal.id}/cancel`);
    expect((await bulk("storno", { ids: [source.id] })).body.created).toBe(1);
  });

  it("does each once per key, and counts what was done before as done", async () => {
    const ids = [(await we.issued()).id, (await we.issued()).id];
    const key = { "idempotency-key": "bulk-1" };
    const first = await bulk("storno", { ids }, key);
    const again = await bulk("storno", { ids }, key);
    expect(first.body).toEqual({ created: 2, errors: [] });
    expect(again.body).toEqual(first.body);
    const { body } = await we.invoices("GET", `/${ids[0]}`);
    expect(body.refundInvoices).toHaveLength(1);
  });
});

describe("who may do what", () => {
  it("403 for a key that may only look, at everything that changes something", async () => {
    const { id } = await we.issued();
    const made = await we.call("POST", "/api/v1/api-tokens", { name: "looks", scopes: ["invoice.view"] });
    const asKey = (method: string, path: string, body?: unknown) =>
      call(world.local, method, invoicesUrl + path, body, { authorization: `Bearer ${made.body.token}` });
    expect((await asKey("GET", `/${id}`)).status).toBe(200);
    const payment = { amount: 1, paymentMethod: "cash" };
    const actions: [string, string, unknown?][] = [
      ["POST", "", { lines: [line()] }],
      ["PUT", `/${id}`, { notes: "x" }],
      ["DELETE", `/${id}`],
      ["POST", `/${id}/issue`],
      ["POST", `/${id}/submit`],
      ["POST", `/${id}/cancel`],
      ["POST", `/${id}/restore`],
      ["POST", `/${id}/payments`, payment],
      ["DELETE", `/${id}/payments/${nobody}`],
      ["POST", "/bulk-finalize", { ids: [id] }],
      ["POST", "/bulk-storno", { ids: [id] }],
      ["POST", "/bulk-mark-paid", { ids: [id] }],
    ];
    for (const [method, path, body] of actions) {
      const answer = await asKey(method, path, body);
      expect([path, answer.status, answer.body.message]).toEqual([path, 403, "Permission denied."]);
    }
  });

  it("403 in a company that is over the plan, except to look and to restore", async () => {
    const own = await withInvoices(world.local);
    const { id } = await own.draft();
    await own.invoices("POST", `/${id}/cancel`);
    const [{ companies }, { commit }, { memberships }] = await Promise.all([
      import("#core/companies/company.ts"),
      import("#core/store/commit.ts"),
      import("#core/identity/organizations.ts"),
    ]);
    const { sub } = JSON.parse(Buffer.from(own.token.split(".")[1]!, "base64url").toString("utf8")) as {
      sub: string;
    };
    const organizationId = (await memberships.all(sub))[0]!.id;
    const company = await companies.get(organizationId, own.company.id);
    await commit([companies.replace(organizationId, company, { ...company, isReadOnly: true })]);
    const refused = await own.invoices("PUT", `/${id}`, { notes: "x" });
    expect([refused.status, refused.body.messageKey]).toEqual([403, "company.readOnly"]);
    expect((await own.invoices("GET", `/${id}`)).status).toBe(200);
    expect((await own.invoices("POST", `/${id}/restore`)).status).toBe(200);
  });

  it("402 PLAN_LIMIT once the month's invoices of the plan are written", async () => {
    const { planFeatures } = await import("#core/lib/plans.ts");
    const { assertQuota } = await import("#core/documents/invoices/index.ts");
    const own = await withInvoices(world.local);
    await own.draft();
    const actor = { companyId: own.company.id, plan: "freemium" } as never;
    await assertQuota(actor);
    const limit = planFeatures.freemium.maxInvoicesPerMonth;
    for (let made = 1; made < limit; made += 20)
      await Promise.all(Array.from({ length: Math.min(20, limit - made) }, () => own.draft()));
    await expect(assertQuota(actor)).rejects.toMatchObject({
      kind: "payment_required",
      details: { code: "PLAN_LIMIT", extra: { limit } },
    });
  });
});

describe("attachments", () => {
  it("201 with the file, listed and served back as it came; 404 under another invoice; 400 without a file", async () => {
    const { id } = await we.draft();
    const form = new FormData();
    form.set("file", new File(["conținut"], "anexă.txt", { type: "text/plain" }));
    form.set("description", "Anexa 1");
    const sent = await world.local.fetch(`${invoicesUrl}/${id}/attachments`, {
      method: "POST",
      headers: we.headers,
      body: form,
    });
    expect(sent.status).toBe(201);
    const made = (await sent.json()) as { id: string };
    expect(made).toMatchObject({ filename: "anexă.txt", mimeType: "text/plain", description: "Anexa 1" });
    expect((await we.invoices("GET", `/${id}`)).body.attachments).toHaveLength(1);
    const got = await we.invoices("GET", `/${id}/attachments/${made.id}`);
    expect(got.body).toBe("conținut");
    expect(got.headers.get("cache-control")).toBe("private, max-age=3600");
    expect(got.headers.get("content-disposition")).toContain("filename*=UTF-8''anex%C4%83.txt");
    const other = await we.draft();
    expect((await we.invoices("GET", `/${other.id}/attachments/${made.id}`)).status).toBe(404);
    const empty = await world.local.fetch(`${invoicesUrl}/${id}/attachments`, {
      method: "POST",
      headers: we.headers,
      body: new FormData(),
    });
    expect(empty.status).toBe(400);
  });
});
