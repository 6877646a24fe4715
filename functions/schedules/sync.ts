import * as z from "zod";
import { fanOut } from "#core/einvoicing/fan-out.ts";
import { plans } from "#core/lib/plans.ts";

const Tick = z.object({ plan: z.enum(plans) });

/** The tick of a plan: has the mailboxes of its companies looked into, spread over the plan's interval. */
export const handler = async (event: unknown): Promise<void> => {
  await fanOut(Tick.parse(event).plan);
};
