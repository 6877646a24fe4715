import { instant } from "#core/lib/clock.ts";
import { newId } from "#core/lib/ids.ts";
import type { QueueName } from "./queues.ts";

/** Work that must follow from a write: a message for a queue, at once or when it is due. */
export interface Follow {
  readonly queue: QueueName;
  readonly body: Record<string, unknown>;
  /** Instant before which the message must not be delivered; absent: at once. */
  readonly dueAt?: string;
  /** Names the work, so that announcing it twice leaves one due message. */
  readonly key?: string;
}

/** What a write tells the world: events by their public names, and work that follows. */
export interface Announcement {
  /** Public event names (core/model/events.ts), in order; `ref` points at a part of the row, such as a payment. */
  readonly events?: readonly { readonly name: string; readonly ref?: string }[];
  readonly follow?: readonly Follow[];
}

/** An announcement as it lies in its row. The id is the event id receivers dedupe on. */
export interface Out extends Announcement {
  readonly id: string;
  readonly at: string;
}

/** The `out` attribute of a row, or nothing when there is nothing to tell. */
export function announce(announcement: Announcement | undefined): { out?: string } {
  if (!announcement?.events?.length && !announcement?.follow?.length) return {};
  return { out: JSON.stringify({ id: newId(), at: instant(), ...announcement } satisfies Out) };
}
