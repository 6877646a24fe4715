import type { Actor } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { partId } from "#core/lib/ids.ts";
import { type DocumentAction, type DocumentEvent, EVENTS_KEPT, type Invoice } from "#core/model/invoice.ts";

/** What happened, by whom, and whatever the timeline should tell about it. */
export interface Happening {
  readonly actor: Pick<Actor, "email">;
  readonly action: DocumentAction;
  readonly details?: Record<string, unknown>;
}

/** The first entry of the timeline of a new document, whose id is given. */
export const firstEvent = (id: string, status: Invoice["status"], happening: Happening): DocumentEvent =>
  eventOf(partId(id), { previousStatus: null, newStatus: status }, happening);

/**
 * The invoice after something happened to it: with the changes and one more entry in its timeline, newest first.
 */
export function after<T extends Invoice>(before: T, changes: Partial<T>, happening: Happening): T {
  const changed = { ...before, ...changes, updatedAt: instant() };
  const statuses = { previousStatus: before.status, newStatus: changed.status };
  const event = eventOf(partId(before.id), statuses, happening);
  return { ...changed, events: [event, ...before.events].slice(0, EVENTS_KEPT) };
}

const eventOf = (
  id: string,
  statuses: Pick<DocumentEvent, "previousStatus" | "newStatus">,
  { actor, action, details }: Happening,
): DocumentEvent => ({
  id,
  ...statuses,
  metadata: { action, ...details },
  createdAt: instant(),
  createdBy: actor.email ?? null,
});
