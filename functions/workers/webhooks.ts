import * as z from "zod";
import { deliver } from "#core/notify/deliveries.ts";
import { consume } from "./consume.ts";

const message = z.object({
  companyId: z.string(),
  endpointId: z.string(),
  deliveryId: z.string(),
  attempt: z.number(),
  /** Sent with the first attempt; later ones find it in the delivery. */
  payload: z.record(z.string(), z.unknown()).optional(),
});

export const handler = consume(message, deliver);
