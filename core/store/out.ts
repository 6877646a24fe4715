import { instant } from "#core/lib/clock.ts";
import { isId, newId, partId } from "#core/lib/ids.ts";
import type { EventName } from "#core/model/events.ts";
import type { NotificationType } from "#core/model/notifications.ts";
import { type Beside, pack, unpack } from "./pack.ts";
import type { QueueName } from "./queues.ts";
import type { Attributes } from "./table.ts";

/** Work that must follow from a write: a message for a queue, at once or when it is due. */
export interface Follow {
  readonly queue: QueueName;
  readonly body: Record<string, unknown>;
  /** Instant before which the message must not be delivered; absent: at once. */
  readonly dueAt?: string;
  /** Names the work, so that announcing it twice leaves one due message. */
  readonly key?: string;
}

/**
 * An event by its public name, or a moment of which only people are told. What receivers read is made from the row as
 * written, unless `data` says it.
 */
export interface Announced {
  readonly name: EventName | NotificationType;
  /** A part of the row the event is about, such as the id of a payment. */
  readonly ref?: string;
  readonly data?: Record<string, unknown>;
  /** The organization whose members are told of it, where the row does not know it; else only webhooks are. */
  readonly organizationId?: string;
}

/** An announced event as it lies in its row. The id is what receivers dedupe on; it sorts by time. */
export interface AnnouncedEvent extends Announced {
  readonly id: string;
}

/** What a write tells the world: events by their public names, and work that follows. */
export interface Announcement {
  readonly events?: readonly Announced[];
  readonly follow?: readonly Follow[];
}

/** An announcement as it lies in its row. */
export interface Out {
  readonly at: string;
  readonly events?: readonly AnnouncedEvent[];
  readonly follow?: readonly Follow[];
}

/** The `out` attribute of a row, packed like the row itself; nothing when there is nothing to tell. */
export function announce(row: Beside, { events = [], follow = [] }: Announcement = {}): { out?: Uint8Array } {
  if (events.length + follow.length === 0) return {};
  const out: Out = {
    at: instant(),
    ...(events.length > 0 ? { events: events.map((event) => ({ id: eventId(row), ...event })) } : {}),
    ...(follow.length > 0 ? { follow } : {}),
  };
  return { out: pack(out, row) };
}

/** Ends like the id of its row, which costs no room there. */
const eventId = ({ sk }: Beside): string => (isId(sk) ? partId(sk) : newId());

/** What a row's `out` attribute says. */
export const announced = (row: Attributes & { readonly out: Uint8Array }): Out => unpack(row.out, row) as Out;
