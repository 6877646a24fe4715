import { Decimal } from "#core/lib/decimal.ts";
import type { Cell } from "../collection.ts";

/**
 * What a list knows of each of its rows, by column. `cents` are amounts of two decimals as integers, so that sums are
 * exact; `number` is only for sorting and comparing. Rows lie as bare arrays of cells: columns are only ever appended.
 */
export type CellKind = "text" | "cents" | "number" | "flag";

interface Read {
  text: string | null;
  cents: number | null;
  number: number | null;
  flag: boolean;
}
interface Written {
  text: string | null | undefined;
  cents: string | null | undefined;
  number: string | number | null | undefined;
  flag: boolean | undefined;
}

type Spec = Record<string, CellKind>;

/** One row as a list sees it. */
export type Row<S extends Spec> = { readonly id: string } & { readonly [N in keyof S]: Read[S[N]] };

/** The columns of a list; see listColumns. */
export interface ListColumns<S extends Spec> {
  readonly names: readonly (keyof S & string)[];
  readonly spec: S;
  /** The cells of an object, for its collection's `cells`. Amounts are given as decimal text. */
  cells(values: { readonly [N in keyof S]: Written[S[N]] }): Cell[];
  /** A row that can be moved over the rows of a source, so that a scan makes no object per row. */
  reader(): Row<S> & { source: Source; at: number };
}

/** Rows by column: a segment, or the rows changed since. `null` cells stand for what older rows did not have. */
export interface Source {
  readonly ids: readonly string[];
  readonly columns: readonly (readonly Cell[])[];
  /** Columns folded for search, made when first searched. */
  readonly folded: (readonly (string | null)[] | undefined)[];
}

/** Declares the columns of a list, in the order their cells lie in; append only. */
export function listColumns<const S extends Spec>(spec: S): ListColumns<S> {
  const names = Object.keys(spec) as (keyof S & string)[];
  class Reader {
    source: Source = { ids: [], columns: [], folded: [] };
    at = 0;
    get id() {
      return this.source.ids[this.at]!;
    }
  }
  for (const [i, name] of names.entries()) {
    const flag = spec[name] === "flag";
    Object.defineProperty(Reader.prototype, name, {
      get(this: Reader) {
        const cell = this.source.columns[i]?.[this.at] ?? null;
        return flag ? cell === 1 : cell;
      },
    });
  }
  return {
    names,
    spec,
    cells: (values) => names.map((name) => written(spec[name]!, values[name])),
    reader: () => new Reader() as unknown as Row<S> & { source: Source; at: number },
  };
}

function written(kind: CellKind, value: string | number | boolean | null | undefined): Cell {
  if (value === undefined || value === null) return null;
  if (kind === "flag") return value ? 1 : 0;
  if (kind === "cents")
    return Decimal.from(value as string)
      .times(100)
      .round(0)
      .toNumber();
  return kind === "number" ? Number(value) : value;
}

/** Rows of cells turned into columns. */
export function sourceOf(rows: readonly { id: string; cells: readonly Cell[] }[], width: number): Source {
  return {
    ids: rows.map(({ id }) => id),
    columns: Array.from({ length: width }, (_, i) => rows.map(({ cells }) => cells[i] ?? null)),
    folded: [],
  };
}

/** Text as search compares it: without case and without diacritics, so that "stefan" finds "Ștefan". */
export const folded = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** A column of a source, folded for search; kept with the source, which never changes. */
export const foldedColumn = (source: Source, column: number): readonly (string | null)[] =>
  (source.folded[column] ??= (source.columns[column] ?? []).map((cell) =>
    cell === null ? null : folded(String(cell)),
  ));
