import { invoiceDefaults as defaultsOf } from "#core/documents/invoice-defaults.ts";
import { type CompanyEnv, Hono, inCompany } from "../route.ts";

export const invoiceDefaults = new Hono<CompanyEnv>()
  .use(inCompany)
  .get("/", async (c) => c.json(await defaultsOf(c.var.actor, c.req.query("clientId"))));
