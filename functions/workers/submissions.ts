import * as z from "zod";
import { lookAfter } from "#core/einvoicing/submissions.ts";
import { consume } from "./consume.ts";

const message = z.object({ organizationId: z.string(), companyId: z.string(), invoiceId: z.string() });

/** One step of one invoice's way to the authority. */
export const handler = consume(message, lookAfter);
