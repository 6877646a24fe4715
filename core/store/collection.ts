import { notFound } from "#core/lib/error.ts";
import { type Announcement, announce } from "./out.ts";
import { pack, unpack } from "./pack.ts";
import {
  lookupKey,
  type LookupRange,
  type Range,
  readLookup,
  readPartition,
  readRow,
  readRows,
} from "./read.ts";
import type { Attributes, Key } from "./table.ts";
import type { Write } from "./write.ts";

/** What every stored object has: an id (UUIDv7, so that ids sort by creation) and the revision it was read at. */
export interface Stored {
  readonly id: string;
  readonly rev: number;
}

/** A value of a listed column; amounts are decimal text. */
export type Cell = string | number | boolean | null;

/** How a kind of object lies in the table. */
export interface Kind<T extends Stored> {
  /** Short name, the second half of the partition key; never changed once rows exist. */
  readonly kind: string;
  /** The object's name in refusals: "Invoice not found." */
  readonly what: string;
  /** The cells lists filter, sort and search by, in the order of the listing's columns; null: in no list any more. */
  readonly cells?: (value: T) => readonly Cell[] | null;
  /** Another name to find the object by; not unique. */
  readonly lookup?: (value: T, scope: string) => { name: string; sort: string } | undefined;
  /** Seconds since the epoch after which the object is gone. */
  readonly expires?: (value: T) => number | undefined;
}

/** A new object or a new state of one, as a write to be committed, beside the value it will have. */
export type Change<T> = Write & { readonly value: T };

/**
 * The objects of one kind, each owned by a scope: the id of a company, an organization or a user. Every call names
 * the scope, and the scope is the first part of the key: what another scope owns cannot be read by mistake.
 */
export function collection<T extends Stored>(kind: Kind<T>) {
  const partition = (scope: string) => `${scope}#${kind.kind}`;
  const value = (stored: Attributes): T => {
    const object = { id: stored.sk, rev: stored.rev ?? 0, ...(unpack(stored.d!, stored) as object) } as T;
    if (stored.mark) marksOf.set(object, stored.mark);
    return object;
  };
  return { ...kind, partition, value, ...reading(kind, partition, value), ...writing(kind, partition) };
}

/** The marks an object was read with, to be handed on by the write that replaces it; see commit.ts. */
const marksOf = new WeakMap<object, string>();

function reading<T extends Stored>(
  kind: Kind<T>,
  partition: (scope: string) => string,
  value: (stored: Attributes) => T,
) {
  const find = async (scope: string, id: string): Promise<T | undefined> => {
    const stored = await readRow({ pk: partition(scope), sk: id });
    return stored && value(stored);
  };
  return {
    /** The object, or undefined when the scope has none of that id. Strongly consistent. */
    find,

    /** The object; throws `not_found` when the scope has none of that id, whoever else may have it. */
    async get(scope: string, id: string): Promise<T> {
      const found = await find(scope, id);
      if (!found) throw notFound(kind.what);
      return found;
    },

    /** Objects by id, in the order asked for, absent ones left out. */
    async getMany(scope: string, ids: readonly string[], options?: { consistent?: boolean }): Promise<T[]> {
      const keys = [...new Set(ids)].map((id) => ({ pk: partition(scope), sk: id }));
      return (await readRows(keys, options)).map(value);
    },

    /** Every object of the scope, oldest first. For kinds a scope has few of: settings, series, endpoints. */
    async all(scope: string): Promise<T[]> {
      return (await readPartition(partition(scope))).map(value);
    },

    /** The newest (or oldest) objects of the scope by id, from a position on. */
    async some(scope: string, range: Range & { limit: number }): Promise<T[]> {
      return (await readPartition(partition(scope), range)).map(value);
    },

    /** Objects by their other name. The index lags by a moment: decide nothing final on it. */
    async findBy(name: string, options?: LookupRange): Promise<T[]> {
      return (await readRows(await readLookup(name, options))).map(value);
    },
  };
}

function writing<T extends Stored>(kind: Kind<T>, partition: (scope: string) => string) {
  const row = (scope: string, object: T, announcement: Announcement | undefined): Attributes => {
    const { id, rev, ...body } = object;
    const key = { pk: partition(scope), sk: id };
    const place = { ...key, ...listed(kind.cells?.(object), key) };
    return {
      ...place,
      rev,
      d: pack(body, place),
      ...announce(place, announcement),
      ...named(kind.lookup?.(object, scope)),
      ...expiring(kind.expires?.(object)),
    };
  };
  return {
    /** Writes an object that is not there yet. */
    insert(scope: string, object: Omit<T, "rev">, announcement?: Announcement): Change<T> {
      const fresh = { ...object, rev: 1 } as T;
      return { put: row(scope, fresh, announcement), when: "absent", value: fresh };
    },

    /** Writes a new state over the one that was read; fails as `Stale` when there is a newer one. */
    replace(scope: string, before: T, after: Omit<T, "rev">, announcement?: Announcement): Change<T> {
      const next = { ...after, id: before.id, rev: before.rev + 1 } as T;
      const mark = marksOf.get(before);
      const put = { ...row(scope, next, announcement), ...(mark ? { mark } : {}) };
      return { put, when: { rev: before.rev }, value: next };
    },

    /** Removes an object for good. Objects of a list are never removed so: they leave it by `cells` answering null. */
    remove(scope: string, object: T): Write {
      return { remove: { pk: partition(scope), sk: object.id }, when: { rev: object.rev } };
    },

    /** Holds a transaction to the state of an object it does not change. */
    unchanged(scope: string, object: T): Write {
      return { check: { pk: partition(scope), sk: object.id }, when: { rev: object.rev } };
    },
  };
}

/**
 * A row that left its list stays in the change index, empty: the list must learn that it left. The stamp is the
 * machine's time, not the product's clock, which may be moved back: folding relies on stamps that only go forward.
 */
const listed = (cells: readonly Cell[] | null | undefined, key: Key): Partial<Attributes> =>
  cells === undefined
    ? {}
    : { gsi1sk: new Date().toISOString().slice(0, 16), ...(cells ? { x: pack(cells, key) } : {}) };

const named = (lookup: { name: string; sort: string } | undefined): Partial<Attributes> =>
  lookup ? { gsi2pk: lookupKey(lookup.name), gsi2sk: lookup.sort } : {};

const expiring = (ttl: number | undefined): Partial<Attributes> => (ttl === undefined ? {} : { ttl });
