import { type PartyFigures, partyFigures, partyHistory } from "#core/documents/party-figures.ts";
import { today } from "#core/lib/dates.ts";
import { Decimal } from "#core/lib/decimal.ts";
import { wire } from "#core/model/wire.ts";
import { suppliersCsv } from "#core/parties/export.ts";
import { listSuppliers } from "#core/parties/list.ts";
import type { Supplier } from "#core/parties/supplier.ts";
import * as Suppliers from "#core/parties/suppliers.ts";
import { suppliersSaga } from "#core/parties/saga.ts";
import { listItem } from "../invoice-view.ts";
import { bulkIds, csvFile, partyQuery, sagaFile } from "../party-query.ts";
import { body, type CompanyEnv, Hono, inCompany, listed, once, pageQuery } from "../route.ts";

const view = ({ rev: _rev, ...supplier }: Supplier) => ({
  ...supplier,
  uuid: supplier.id,
  cui: supplier.cif,
});

const summary = ({ invoiceCount, invoiceTotal, lastInvoiceDate }: PartyFigures) => ({
  totalCount: invoiceCount,
  totalExpenses: Number(invoiceTotal),
  averageInvoiceAmount:
    invoiceCount === 0 ? 0 : Decimal.from(invoiceTotal).dividedBy(invoiceCount, 2).toNumber(),
  lastInvoiceDate,
});

export const suppliers = new Hono<CompanyEnv>()
  .use(inCompany)
  .get("/", async (c) => {
    const figures = await partyFigures(c.var.actor, "incoming");
    const asked = partyQuery(c, figures);
    const found = await listSuppliers(c.var.actor, asked);
    const rows = found.suppliers.map((supplier) => wire({ ...view(supplier), ...figures.of(supplier.id) }));
    return c.json({
      ...listed(rows, found.total, asked, found.nextCursor),
      currency: figures.currency,
      hasForeignCurrencies: figures.hasForeignCurrencies,
    });
  })
  .post("/", async (c) => {
    const input = await body(c, Suppliers.NewSupplier);
    let wasThere = false;
    const answer = await once(c, c.var.actor, {
      status: 201,
      run: async (actor) => {
        const { entry, existing } = await Suppliers.create(actor, input);
        wasThere = existing;
        return { supplier: view(entry), ...(existing ? { existing } : {}) };
      },
      again: async (actor, id) => ({ supplier: view(await Suppliers.get(actor, id)) }),
    });
    return wasThere ? new Response(answer.body, { status: 200, headers: answer.headers }) : answer;
  })
  .post("/bulk-delete", async (c) => {
    const { ids } = await body(c, bulkIds);
    return c.json(await Suppliers.removeMany(c.var.actor, ids));
  })
  .get("/export/csv", async (c) => csvFile(c, `furnizori-${today()}.csv`, await suppliersCsv(c.var.actor)))
  .get("/export/saga-xml", async (c) => sagaFile(c, "FRN", await suppliersSaga(c.var.actor)))
  .get("/:uuid", async (c) => {
    const supplier = await Suppliers.get(c.var.actor, c.req.param("uuid"));
    const history = await partyHistory(c.var.actor, { supplierId: supplier.id }, pageQuery(c));
    const figures = (await partyFigures(c.var.actor, "incoming")).of(supplier.id);
    const shown = view(supplier);
    const invoiceHistory = history.invoices.map(listItem);
    return c.json({
      ...shown,
      supplier: shown,
      invoiceHistory,
      invoiceCount: history.total,
      invoiceTotal: Number(figures.invoiceTotal),
      invoiceSummary: summary(figures),
      recentInvoices: invoiceHistory.slice(0, 10),
    });
  })
  .patch("/:uuid", async (c) => {
    const changes = await body(c, Suppliers.NewSupplier);
    const shown = view(await Suppliers.update(c.var.actor, c.req.param("uuid"), changes));
    return c.json({ ...shown, supplier: shown });
  })
  .delete("/:uuid", async (c) => {
    await Suppliers.remove(c.var.actor, c.req.param("uuid"));
    return c.json({ message: "Supplier deleted" });
  });
