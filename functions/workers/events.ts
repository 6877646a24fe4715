import * as z from "zod";
import { dispatch } from "#core/notify/dispatch.ts";
import { consume } from "./consume.ts";

const message = z.object({
  companyId: z.string(),
  event: z.object({
    id: z.string(),
    name: z.string(),
    at: z.string(),
    data: z.record(z.string(), z.unknown()),
  }),
});

export const handler = consume(message, ({ companyId, event }) => dispatch(companyId, event));
