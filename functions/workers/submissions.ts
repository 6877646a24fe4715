import * as z from "zod";
import { lookAfter } from "#core/einvoicing/submissions.ts";
import { PROVIDERS } from "#core/providers/provider.ts";
import { consume } from "./consume.ts";

const message = z.object({
  organizationId: z.string(),
  companyId: z.string(),
  invoiceId: z.string(),
  /** Absent for ANAF. */
  provider: z.enum(PROVIDERS).exclude(["anaf"]).optional(),
});

/** One step of one invoice's way to the authority, or to another country's network. */
export const handler = consume(message, async ({ provider, ...submission }) => {
  if (provider === undefined) return lookAfter(submission);
  const { lookAfterHandover } = await import("#core/einvoicing/networks/look-after.ts");
  return lookAfterHandover({ ...submission, provider });
});
