import { follow } from "#core/store/due.ts";
import { announced } from "#core/store/out.ts";
import { sendAll } from "#core/store/queues.ts";
import type { Attributes } from "#core/store/table.ts";
import { subjectOf } from "./subjects.ts";

/**
 * Passes on what a committed row announces: its events to the Events queue, with what receivers will read as it was at
 * that moment, and the work that follows to its queues. Called once or more for each write; everything behind it finds
 * its work done the second time.
 */
export async function passOn(row: Attributes & { readonly out: Uint8Array }): Promise<void> {
  const { at, events = [], follow: works = [] } = announced(row);
  const messages = events.flatMap(({ id, name, ref, data, organizationId }) => {
    const subject = subjectOf(row, ref);
    if (!subject) return [];
    const { companyId } = subject;
    const event = { id, name, at, data: data ?? subject.data };
    return [{ body: { companyId, organizationId: organizationId ?? subject.organizationId, event } }];
  });
  await sendAll("Events", messages);
  await Promise.all(works.map(follow));
}
