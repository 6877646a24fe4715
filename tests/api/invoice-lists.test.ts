import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call } from "../signed-in.ts";
import { startWithOutside } from "../with-company.ts";
import { addClient, type Invoicing, invoicesUrl, line, withInvoices } from "../with-invoices.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let we: Invoicing;
let ids: Record<"draft" | "issued" | "paid" | "partly" | "overdue" | "cancelled" | "euro" | "credit", string>;

beforeAll(async () => {
  world = await startWithOutside();
  we = await withInvoices(world.local);
  const other = await addClient(we.company.id, { name: "Ștefan și Fiii SRL", cui: "9000000038" });
  const pay = (id: string, amount: number) =>
    we.invoices("POST", `/${id}/payments`, { amount, paymentMethod: "cash" });
  const draft = await we.draft({ issueDate: "2026-11-01", clientId: other.id });
  const issued = await we.issued({ issueDate: "2026-11-02" });
  const paid = await we.issued({ issueDate: "2026-11-03" });
  await pay(paid.id, 1815);
  const partly = await we.issued({ issueDate: "2026-11-04", lines: [line({ quantity: 1 })] });
  await pay(partly.id, 81.5);
  const overdue = await we.issued({ issueDate: "2026-11-05", dueDate: "2026-11-06" });
  const cancelled = await we.issued({ issueDate: "2026-11-07" });
  await we.invoices("POST", `/${cancelled.id}/cancel`);
  const euro = await we.issued({ issueDate: "2026-11-08", currency: "EUR", exchangeRate: 5 });
  const credit = await we.issued({
    issueDate: "2026-11-09",
    isCreditNote: true,
    parentDocumentId: issued.id,
  });
  const made = { draft, issued, paid, partly, overdue, cancelled, euro, credit };
  ids = Object.fromEntries(Object.entries(made).map(([name, { id }]) => [name, id])) as typeof ids;
}, 60_000);
afterAll(() => world.stop());

type Listed = { data: { id: string }[] };
const names = ({ data }: Listed) =>
  data.map(({ id }) => Object.entries(ids).find(([, known]) => known === id)![0]);
const list = async (query: string) => we.invoices("GET", `?${query}`);

describe("GET /invoices", () => {
  it("200 with every invoice, the newest issue date first, in the envelope of lists", async () => {
    const { status, body } = await list("");
    expect(status).toBe(200);
    expect(names(body)).toEqual([
      "credit",
      "euro",
      "cancelled",
      "overdue",
      "partly",
      "paid",
      "issued",
      "draft",
    ]);
    expect(body).toMatchObject({ total: 8, page: 1, limit: 20, pages: 1, currency: "RON" });
    expect(body.data[3]).toMatchObject({
      clientName: "Cumpărător SRL",
      client: { id: we.client.id, cui: "9000000020" },
      isDuplicate: false,
      isLateSubmission: false,
      paidAt: null,
      paymentMethod: null,
      balance: 1815,
      scheduledSendAt: null,
    });
    expect(body.data[0]).not.toHaveProperty("lines");
  });

  it("sums what matches without the cancelled ones, and names the currencies there are", async () => {
    const { body } = await list("currency=RON");
    expect(body.distinctCurrencies).toEqual(["EUR", "RON"]);
    expect(body.totals).toEqual({
      subtotal: 1500 * 3 + 150,
      vatTotal: 315 * 3 + 31.5,
      total: 1815 * 3 + 181.5,
      receivable: 1815 * 3 + 100,
      payable: 0,
    });
    const all = await list("");
    expect(all.body.totalsByCurrency.EUR).toMatchObject({ total: 1815, receivable: 1815 });
  });

  it.each([
    ["status=draft", ["draft"]],
    ["status=cancelled", ["cancelled"]],
    ["status=paid", ["credit", "paid"]],
    ["status=partially_paid", ["partly"]],
    ["status=overdue", ["overdue"]],
    ["status=refunded", ["issued"]],
    ["isPaid=true&type=invoice", ["paid"]],
    ["isOverdue=true", ["overdue"]],
    ["isCreditNote=true&direction=outgoing", ["credit"]],
    ["type=credit_note", ["credit"]],
    ["direction=incoming", []],
    ["currency=eur", ["euro"]],
    ["from=2026-11-03&to=2026-11-04", ["partly", "paid"]],
    ["dateFrom=2026-11-08", ["credit", "euro"]],
    ["totalMax=200&totalMin=0", ["partly"]],
    ["vatTotalMin=31.5&vatTotalMax=31.5", ["partly"]],
    ["search=stefan", ["draft"]],
    ["search=9000000038", ["draft"]],
    ["isDuplicate=true", []],
    ["isLateSubmission=true", []],
    ["status=uploaded", []],
    ["status=", ["credit", "euro", "cancelled", "overdue", "partly", "paid", "issued", "draft"]],
  ])("filters by %s", async (query, expected) => {
    const { status, body } = await list(query);
    expect(status).toBe(200);
    expect(names(body)).toEqual(expected);
    expect(body.total).toBe(expected.length);
  });

  it("filters by client, supplier and parent", async () => {
    expect((await list(`clientId=${we.client.id}`)).body.total).toBe(7);
    expect((await list(`supplierId=${we.client.id}`)).body.total).toBe(0);
    expect(names((await list(`parentDocumentId=${ids.issued}`)).body)).toEqual(["credit"]);
  });

  it("sorts by what it is asked, falls back to the issue date, and goes on by page and by cursor", async () => {
    expect(names((await list("sort=total&order=ASC&limit=2")).body)).toEqual(["credit", "partly"]);
    expect(names((await list("sort=nonsense&limit=1")).body)).toEqual(["credit"]);
    const first = await list("limit=3");
    const second = await list("limit=3&page=2");
    expect(names(second.body)).toEqual(["overdue", "partly", "paid"]);
    const next = await list(`limit=3&cursor=${first.body.nextCursor}`);
    expect(names(next.body)).toEqual(names(second.body));
    expect((await list("limit=0")).body.limit).toBe(1);
  });

  it.each(["status=odd", "direction=up", "from=yesterday", "isPaid=maybe", "totalMin=lots", "clientId=x"])(
    "422 for %s, naming the filter",
    async (query) => {
      const { status, body } = await list(query);
      expect(status).toBe(422);
      expect(body.errors).toHaveProperty(query.split("=")[0]!);
    },
  );

  it("401 without a token, 403 without a company to choose", async () => {
    expect((await call(world.local, "GET", invoicesUrl)).status).toBe(401);
    await we.call("POST", "/api/v1/companies", { cif: "9000000046" });
    const { status, body } = await list("");
    expect([status, body.error]).toEqual([403, "Company context required"]);
    const named = await we.invoices("GET", "", undefined, { "x-company": we.company.id });
    expect(named.body.total).toBe(8);
  });
});

const csv = async (query = "") =>
  we.invoices("GET", `/export/csv${query}`, undefined, { "x-company": we.company.id });

describe("GET /invoices/export/csv", () => {
  it("200 with the columns accountants read, without the cancelled ones", async () => {
    const { status, headers, body } = await csv();
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(headers.get("content-disposition")).toMatch(
      /^attachment; filename="facturi-\d{4}-\d\d-\d\d\.csv"$/,
    );
    const rows = (body as string).replace("\uFEFF", "").trim().split("\r\n");
    expect(rows[0]).toBe(
      "Numar,Data emitere,Data scadenta,Tip,Directie,Status,Emitent CIF,Emitent,Destinatar CIF,Destinatar," +
        "Subtotal,TVA,Total,Moneda,Platita la,Metoda plata,Duplicat,Depusa cu intarziere",
    );
    expect(rows).toHaveLength(8);
    expect(headers.get("x-total-records")).toBe("7");
    expect(rows[3]).toContain(",1500.00,315.00,1815.00,RON,,,Nu,Nu");
  });

  it("honours the filters, and keeps a spreadsheet from running a name as a formula", async () => {
    const trap = await addClient(we.company.id, { name: '=HYPERLINK("http://example.com")' });
    const made = await we.invoices(
      "POST",
      "",
      { clientId: trap.id, lines: [line()] },
      { "x-company": we.company.id },
    );
    const { body } = await csv("?status=draft&search=hyperlink");
    expect(body).toContain(made.body.number);
    expect(body).toContain(`"'=HYPERLINK(""http://example.com"")"`);
    expect((await csv("?status=cancelled")).headers.get("x-total-records")).toBe("1");
    expect((await csv("?from=2026-11-08&to=2026-11-08")).headers.get("x-total-records")).toBe("1");
    expect((await csv("?status=odd")).status).toBe(422);
  });
});
