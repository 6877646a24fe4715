import * as z from "zod";
import { storeFiles } from "#core/documents/invoices/index.ts";
import { system } from "#core/lib/actor.ts";
import { consume } from "./consume.ts";

const message = z.object({ organizationId: z.string(), companyId: z.string(), invoiceId: z.string() });

/** Writes the files of issued invoices. A message that comes again finds them there. */
export const handler = consume(message, ({ organizationId, companyId, invoiceId }) =>
  storeFiles(system(organizationId, companyId), invoiceId),
);
