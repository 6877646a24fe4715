import { DomainError } from "#core/lib/error.ts";
import {
  type CellKind,
  folded,
  foldedColumn,
  type ListColumns,
  type Row,
  type Source,
  sourceOf,
} from "./listing/columns.ts";
import { foldFrom, settledMinute } from "./listing/fold.ts";
import { type Change, readChanges, readManifest } from "./listing/manifest.ts";
import { readSegment } from "./listing/segments.ts";
import { send } from "./queues.ts";

export { type CellKind, listColumns, type ListColumns, type Row } from "./listing/columns.ts";

/** What of a list is asked for. */
export interface ListQuery<S extends Record<string, CellKind>> {
  /** Which rows match; the row is only good during the call. */
  readonly where?: (row: Row<S>) => boolean;
  /** Text some column must contain, whatever its case and diacritics. */
  readonly search?: { readonly text: string; readonly in: readonly (keyof S & string)[] };
  readonly sort: (keyof S & string) | "id";
  readonly descending: boolean;
  readonly page: number;
  readonly limit: number;
  readonly cursor?: string;
  /** Called with every row of the list, for sums and the like; the row is only good during the call. */
  readonly visit?: (row: Row<S>, matches: boolean) => void;
}

/** One page of a list: the ids on it, how many rows match in all, and where to go on. */
export interface ListPage {
  readonly ids: readonly string[];
  readonly total: number;
  readonly nextCursor?: string;
}

type SortValue = string | number | boolean | null;
interface Place {
  readonly value: SortValue;
  readonly id: string;
}

/**
 * Reads one page of a scope's list: the rows changed lately from the change index, all others from column segments in
 * the bucket. Whatever is filtered, searched or sorted by, the table is asked for the manifest and the tail alone, at
 * 100 rows as at 100 000. The index lags by a moment: hydrate the ids from their rows.
 * Throws `malformed` for a cursor that is not ours.
 */
export async function listRows<S extends Record<string, CellKind>>(
  scope: string,
  collection: { partition(scope: string): string },
  columns: ListColumns<S>,
  query: ListQuery<S>,
): Promise<ListPage> {
  const list = collection.partition(scope);
  const manifest = await readManifest(list, { consistent: false });
  const tail = await readChanges(list, manifest.watermark);
  if (tail.length >= foldFrom) await askToFold(list, tail);
  const segments = await Promise.all(manifest.segments.map((segment) => readSegment(list, segment)));
  const changed = new Set(tail.map(({ id }) => id));
  const alive = tail.flatMap(({ id, cells }) => (cells ? { id, cells } : []));

  const best = new Best(query);
  const scan = scanner(columns, query, best);
  for (const segment of segments) scan(segment, changed);
  scan(sourceOf(alive, columns.names.length));
  return best.page();
}

/** Only what settled a minute ago can be folded; asking earlier would be work for nothing. */
async function askToFold(list: string, tail: readonly Change[]): Promise<void> {
  const settled = settledMinute();
  if (tail.filter(({ stamp }) => stamp < settled).length >= foldFrom) await send("Folds", { list });
}

function scanner<S extends Record<string, CellKind>>(
  columns: ListColumns<S>,
  query: ListQuery<S>,
  best: Best,
) {
  const row = columns.reader();
  const needle = folded(query.search?.text.trim() ?? "");
  const searched = (query.search?.in ?? []).map((name) => columns.names.indexOf(name));
  const sortColumn = query.sort === "id" ? -1 : columns.names.indexOf(query.sort);

  return (source: Source, except?: ReadonlySet<string>): void => {
    row.source = source;
    const haystacks = needle ? searched.map((column) => foldedColumn(source, column)) : [];
    for (let i = 0; i < source.ids.length; i++) {
      const id = source.ids[i]!;
      if (except?.has(id)) continue;
      row.at = i;
      const found = !needle || haystacks.some((haystack) => haystack[i]?.includes(needle));
      const matches = found && (query.where?.(row) ?? true);
      query.visit?.(row, matches);
      if (matches) best.add({ value: sortColumn < 0 ? id : (source.columns[sortColumn]?.[i] ?? null), id });
    }
  };
}

/** Keeps the rows of one page out of any number, without sorting them all. */
class Best {
  private kept: Place[] = [];
  /** The last place that still counts, as of the last trim. */
  private worst: Place | undefined;
  private total = 0;
  private beyond = 0;
  private readonly after: Place | undefined;
  private readonly skip: number;
  private readonly wanted: number;
  private readonly direction: 1 | -1;

  constructor(query: { page: number; limit: number; cursor?: string; descending: boolean }) {
    this.after = query.cursor === undefined ? undefined : placeOf(query.cursor);
    this.skip = this.after ? 0 : (query.page - 1) * query.limit;
    this.wanted = this.skip + query.limit;
    this.direction = query.descending ? -1 : 1;
  }

  add(place: Place): void {
    this.total++;
    if (this.after && this.compare(place, this.after) <= 0) return;
    this.beyond++;
    if (this.worst && this.compare(place, this.worst) > 0) return;
    this.kept.push(place);
    if (this.kept.length >= 2 * this.wanted + 64) this.trim();
  }

  page(): ListPage {
    this.trim();
    const places = this.kept.slice(this.skip, this.wanted);
    const last = places.at(-1);
    const more = last && this.beyond > this.skip + places.length;
    return {
      ids: places.map(({ id }) => id),
      total: this.total,
      ...(more ? { nextCursor: cursorOf(last) } : {}),
    };
  }

  private trim(): void {
    this.kept.sort((a, b) => this.compare(a, b));
    this.kept.length = Math.min(this.kept.length, this.wanted);
    this.worst = this.kept[this.wanted - 1];
  }

  /** By value, empty ones last in either direction, then by id, newest first: the tie breaker of every list. */
  private compare(a: Place, b: Place): number {
    if (a.value !== b.value) {
      if (a.value === null) return 1;
      if (b.value === null) return -1;
      return a.value < b.value ? -this.direction : this.direction;
    }
    return a.id === b.id ? 0 : a.id > b.id ? -1 : 1;
  }
}

const cursorOf = ({ value, id }: Place): string =>
  Buffer.from(JSON.stringify([value, id])).toString("base64url");

function placeOf(cursor: string): Place {
  try {
    const [value, id] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as [SortValue, unknown];
    if (typeof id === "string") return { value, id };
  } catch {
    // Falls through to the refusal: a cursor is ours or it is none.
  }
  throw new DomainError("malformed", "The cursor is not one of this list.", {
    errors: { cursor: "is not valid" },
  });
}
