import * as Invoices from "#core/documents/invoices/index.ts";
import { NewPayment } from "#core/model/invoice-input.ts";
import { wirePayment } from "#core/model/wire.ts";
import { summary } from "../invoice-view.ts";
import { body, type CompanyEnv, Hono, once } from "../route.ts";

const view = ({ payment, invoice }: Invoices.Paid) => {
  const shown = wirePayment(payment);
  return { ...shown, payment: shown, invoice: summary(invoice) };
};

/** The payments of one invoice; mounted under its path. */
export const payments = new Hono<CompanyEnv>()
  .get("/", async (c) =>
    c.json((await Invoices.listPayments(c.var.actor, c.req.param("uuid")!)).map((one) => wirePayment(one))),
  )
  .post("/", async (c) => {
    const invoiceId = c.req.param("uuid")!;
    const input = await body(c, NewPayment);
    return once(c, c.var.actor, {
      status: 201,
      run: async (actor) => view(await Invoices.recordPayment(actor, invoiceId, input)),
      again: async (actor, id) => view(await Invoices.getPayment(actor, invoiceId, id)),
    });
  })
  .delete("/:paymentId", async (c) => {
    await Invoices.removePayment(c.var.actor, c.req.param("uuid")!, c.req.param("paymentId"));
    return c.body(null, 204);
  });
