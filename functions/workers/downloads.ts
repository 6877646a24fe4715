import * as z from "zod";
import { takeMessage } from "#core/einvoicing/downloads.ts";
import { consume } from "./consume.ts";

const message = z.object({ organizationId: z.string(), companyId: z.string(), messageId: z.string() });

/** Downloads and reads one message of a mailbox. */
export const handler = consume(message, takeMessage);
