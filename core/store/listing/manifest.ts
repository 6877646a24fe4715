import type { Cell } from "../collection.ts";
import { at, type Attributes, Item } from "../table.ts";
import { pack, unpack } from "../pack.ts";
import type { Write } from "../write.ts";

/** A run of a list's rows by id, in a file that never changes. */
export interface Segment {
  readonly name: string;
  readonly firstId: string;
  readonly lastId: string;
  readonly count: number;
}

/** What of a list lies in segments: every change stamped before the watermark. Changes since are the tail. */
export interface Manifest {
  readonly rev: number;
  readonly watermark: string;
  readonly segments: readonly Segment[];
}

/** A row of the change index: the last state of an object; no cells means that it left the list. */
export interface Change {
  readonly id: string;
  readonly stamp: string;
  readonly cells: readonly Cell[] | null;
}

const keyOf = (list: string) => ({ pk: `${list}.list`, sk: "-" });

/** The manifest of a list; an empty one when nothing was folded yet. A stale read only makes the tail longer. */
export async function readManifest(list: string, options: { consistent: boolean }): Promise<Manifest> {
  const { data: row } = await Item.get(keyOf(list)).go({ ...at(), consistent: options.consistent });
  if (!row) return { rev: 0, watermark: "0", segments: [] };
  return { rev: row.rev ?? 0, ...(unpack(row.d, row) as Omit<Manifest, "rev">) };
}

/** Replaces the manifest that was read; fails as `Stale` when somebody folded in between. */
export function writeManifest(list: string, before: Manifest, after: Omit<Manifest, "rev">): Write {
  const key = keyOf(list);
  const put = { ...key, rev: before.rev + 1, d: pack(after, key) };
  return before.rev === 0 ? { put, when: "absent" } : { put, when: { rev: before.rev } };
}

/** What changed in a list from a stamp on, up to and without another one. */
export async function readChanges(list: string, from: string, before?: string): Promise<Change[]> {
  const query = Item.query.changes({ pk: list });
  const bounded =
    before === undefined ? query.gte({ gsi1sk: from }) : query.between({ gsi1sk: from }, { gsi1sk: before });
  const { data } = await bounded.go({ ...at(), pages: "all" });
  const rows = before === undefined ? data : data.filter(({ gsi1sk }) => gsi1sk !== before);
  return (rows as Attributes[]).map(({ pk, sk, gsi1sk, x }) => ({
    id: sk,
    stamp: gsi1sk!,
    cells: x ? (unpack(x, { pk, sk }) as Cell[]) : null,
  }));
}
