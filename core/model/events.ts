/** Every event the product announces, by its public name: what webhooks can subscribe to (RULES-platform §9). */
const described = {
  "invoice.created": ["invoices", "An invoice was created by hand, import, recurrence or sync."],
  "invoice.updated": ["invoices", "Data of an invoice changed."],
  "invoice.issued": ["invoices", "A draft got its number and became an invoice."],
  "invoice.submitted": ["invoices", "An invoice was handed to the authority's network."],
  "invoice.sent_to_provider": ["invoices", "The same moment as invoice.submitted, under its other name."],
  "invoice.validated": ["invoices", "The authority accepted an invoice."],
  "invoice.rejected": ["invoices", "The authority refused an invoice; it can be corrected and sent again."],
  "invoice.cancelled": ["invoices", "An invoice was cancelled."],
  "invoice.paid": ["invoices", "The balance of an invoice reached zero."],
  "payment.created": ["payments", "A payment was recorded."],
  "payment.received": ["payments", "The same moment as payment.created, under its other name."],
  "payment.deleted": ["payments", "A payment was removed."],
  "client.created": ["clients", "A client was added."],
  "client.updated": ["clients", "Data of a client changed."],
  "company.created": ["companies", "A company was added."],
  "company.updated": ["companies", "Data of a company changed."],
  "company.removed": ["companies", "A company was deleted; it can be restored for five days."],
  "company.restored": ["companies", "A deleted company came back."],
  "company.reset": ["companies", "The documents of a company were wiped."],
  "sync.started": ["sync", "A look for new messages at the authority began."],
  "sync.completed": ["sync", "A look for new messages at the authority ended well."],
  "sync.failed": ["sync", "A look for new messages at the authority failed."],
  "sync.error": ["sync", "The same moment as sync.failed, under its other name."],
  "proforma.created": ["proforma", "A proforma was created."],
  "proforma.accepted": ["proforma", "A client accepted a proforma."],
  "proforma.rejected": ["proforma", "A client refused a proforma."],
  "anaf.token_created": ["anaf", "A connection to ANAF was made."],
} as const;

export type EventName = keyof typeof described;

/** The list of GET /webhooks/events. */
export const eventTypes = Object.entries(described).map(([name, [category, description]]) => ({
  name: name as EventName,
  category,
  description,
}));

/** Moments with two public names: announced under the first, also known under the second. */
const otherNames: Partial<Record<EventName, EventName>> = {
  "invoice.submitted": "invoice.sent_to_provider",
  "payment.created": "payment.received",
  "sync.failed": "sync.error",
};

/** Whether a text names an event. */
export const isEventName = (text: string): text is EventName => Object.hasOwn(described, text);

/**
 * The name under which a subscriber gets an event: its own when it asked for that or for everything, else its other
 * name, else none. A subscriber to both names gets the moment once.
 */
export function subscribedName(subscriptions: readonly string[], event: EventName): EventName | undefined {
  if (subscriptions.includes("*") || subscriptions.includes(event)) return event;
  const other = otherNames[event];
  return other && subscriptions.includes(other) ? other : undefined;
}
