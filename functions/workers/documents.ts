import * as z from "zod";
import { learnProducts, storeFiles } from "#core/documents/invoices/index.ts";
import { system } from "#core/lib/actor.ts";
import { consume } from "./consume.ts";

const message = z.object({
  organizationId: z.string(),
  companyId: z.string(),
  invoiceId: z.string(),
  learn: z.boolean().default(false),
});

/** What follows from a draft (its products) and from an issue (its files). A message that comes again finds it done. */
export const handler = consume(message, ({ organizationId, companyId, invoiceId, learn }) =>
  (learn ? learnProducts : storeFiles)(system(organizationId, companyId), invoiceId),
);
