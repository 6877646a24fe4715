import { commit } from "../commit.ts";
import { send } from "../queues.ts";
import { Stale } from "../write.ts";
import type { Cell } from "../collection.ts";
import { type Source, sourceOf } from "./columns.ts";
import { type Change, readChanges, readManifest, type Segment, writeManifest } from "./manifest.ts";
import { readSegment, writeSegments } from "./segments.ts";

/** A tail this long is worth folding: reading it costs as much as the twenty rows of a page. */
export const foldFrom = 128;

/**
 * Moves the settled changes of a list from its tail into segments, so that a list costs the same however long it grew.
 * A change counts as settled a minute after its stamp: a write may commit up to ten seconds after it took its stamp,
 * and the index lags behind the write. Doing it twice changes nothing; of two at once the slower discards its work.
 * Answers how many changes were folded.
 */
export async function fold(list: string): Promise<number> {
  const settledBefore = settledMinute();
  const manifest = await readManifest(list, { consistent: true });
  if (settledBefore <= manifest.watermark) return 0;
  const changes = await readChanges(list, manifest.watermark, settledBefore);
  if (changes.length < foldFrom) return 0;
  const segments = await replaceTouched(list, manifest.segments, changes);
  try {
    await commit([writeManifest(list, manifest, { watermark: settledBefore, segments })]);
    return changes.length;
  } catch (error) {
    if (error instanceof Stale) return 0;
    throw error;
  }
}

/** Changes stamped before this minute have settled. By the machine's time, as the stamps are. */
export const settledMinute = (): string => new Date(Date.now() - 60_000).toISOString().slice(0, 16);

const changesSeen = new Map<string, number>();

/**
 * Counts a change to a list and asks for a fold each time another tail's worth was seen here. Imports are folded so
 * before anybody reads the list; what several processes saw between them, the next reader asks for (listing.ts).
 */
export async function noteChange(list: string): Promise<void> {
  const count = (changesSeen.get(list) ?? 0) + 1;
  changesSeen.set(list, count % foldFrom);
  if (count >= foldFrom) await send("Folds", { list }, 120);
}

/** Each change goes to the segment whose run of ids it falls into; what is newer than all goes to the last. */
async function replaceTouched(
  list: string,
  segments: readonly Segment[],
  changes: readonly Change[],
): Promise<Segment[]> {
  const groups: Change[][] = segments.map(() => []);
  if (groups.length === 0) groups.push([]);
  for (const change of changes) groups[placeOf(segments, change.id)]!.push(change);
  const replaced = await Promise.all(
    groups.map(async (group, i) => {
      const segment = segments[i];
      if (group.length === 0) return segment ? [segment] : [];
      return writeSegments(list, merged(segment ? await readSegment(list, segment) : undefined, group));
    }),
  );
  return replaced.flat();
}

const placeOf = (segments: readonly Segment[], id: string): number => {
  const place = segments.findIndex(({ lastId }) => id <= lastId);
  return place < 0 ? Math.max(0, segments.length - 1) : place;
};

/** The rows of a segment with the changed ones in their place, sorted by id; rows that left the list are gone. */
function merged(segment: Source | undefined, changes: readonly Change[]): Source {
  const rows = new Map<string, readonly Cell[]>();
  for (const [at, id] of segment?.ids.entries() ?? [])
    rows.set(
      id,
      segment!.columns.map((column) => column[at] ?? null),
    );
  for (const { id, cells } of changes) {
    if (cells) rows.set(id, cells);
    else rows.delete(id);
  }
  const sorted = [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, cells]) => ({ id, cells }));
  return sourceOf(sorted, Math.max(0, ...sorted.map(({ cells }) => cells.length)));
}
