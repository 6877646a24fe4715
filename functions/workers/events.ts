import * as z from "zod";
import { notificationOf } from "#core/model/notifications.ts";
import { watchDeadline } from "#core/notify/deadline-watch.ts";
import { dispatch } from "#core/notify/dispatch.ts";
import { tell } from "#core/notify/tell.ts";
import { consume } from "./consume.ts";

const Deadline = z.object({
  organizationId: z.string(),
  companyId: z.string(),
  invoiceId: z.string(),
  deadline: z.string(),
  dueAt: z.string(),
});
const Announced = z.object({
  companyId: z.string().nullable(),
  organizationId: z.string().optional(),
  event: z.object({
    id: z.string(),
    name: z.string(),
    at: z.string(),
    data: z.record(z.string(), z.unknown()),
  }),
});

/** Tells endpoints and people of what happened, and sees whether invoices have reached ANAF in time. */
export const handler = consume(z.union([Deadline, Announced]), async (message) => {
  if ("invoiceId" in message) return watchDeadline(message);
  const { companyId, organizationId, event } = message;
  const type = organizationId && notificationOf(event.name);
  await Promise.all([
    companyId && dispatch(companyId, event),
    type && tell({ id: event.id, type, organizationId, facts: { ...event.data, companyId } }),
  ]);
});
