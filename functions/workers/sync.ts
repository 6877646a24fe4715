import * as z from "zod";
import { queueSlot } from "#core/einvoicing/fan-out.ts";
import { synchronize } from "#core/einvoicing/sync.ts";
import { plans } from "#core/lib/plans.ts";
import { consume } from "./consume.ts";

const Slot = z.object({ plan: z.enum(plans), slot: z.int(), until: z.string(), shard: z.int().optional() });
const Look = z.object({
  organizationId: z.string(),
  companyId: z.string(),
  cause: z.enum(["schedule", "manual", "continuation", "tally"]),
  days: z.int().optional(),
});

/** Queues the companies of a slot, or looks into one company's mailbox. */
export const handler = consume(z.union([Slot, Look]), (message) =>
  "plan" in message ? queueSlot(message) : synchronize(message),
);
