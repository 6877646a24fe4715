import { companies } from "#core/companies/company.ts";
import { isEventName, subscribedName } from "#core/model/events.ts";
import { sendAll } from "#core/store/queues.ts";
import { endpoints } from "./endpoints.ts";

/** An event on its way to subscribers, with the data of its moment. */
export interface DispatchedEvent {
  readonly id: string;
  readonly name: string;
  readonly at: string;
  readonly data: Record<string, unknown>;
}

/**
 * Gives an event to each subscribed endpoint of its company as a delivery of its own. The delivery bears the event's
 * id, so that doing it twice makes no second one.
 */
export async function dispatch(companyId: string, event: DispatchedEvent): Promise<void> {
  const { name: announced } = event;
  // Of some moments only people are told.
  if (!isEventName(announced)) return;
  const subscribed = (await endpoints.all(companyId)).flatMap((endpoint) => {
    const name = endpoint.isActive ? subscribedName(endpoint.events, announced) : undefined;
    return name ? [{ endpoint, name }] : [];
  });
  const first = subscribed[0];
  if (!first) return;
  const company = await companies.find(first.endpoint.organizationId, companyId);
  if (!company) return;
  const about = { id: company.id, name: company.name, cif: company.cif };
  await sendAll(
    "Webhooks",
    subscribed.map(({ endpoint, name }) => ({
      body: {
        companyId,
        endpointId: endpoint.id,
        deliveryId: event.id,
        attempt: 1,
        payload: payload({ ...event, name }, about),
      },
    })),
  );
}

/** The body a receiver gets; `event` and `type`, `created_at` and `createdAt` are the same under both of their names. */
export const payload = (event: DispatchedEvent, company: { id: string; name: string; cif: string }) => ({
  id: event.id,
  event: event.name,
  type: event.name,
  created_at: event.at,
  createdAt: event.at,
  company,
  data: event.data,
});
