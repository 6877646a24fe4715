import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { now } from "#core/lib/clock.ts";
import { type Attributes, at, Item, type Key } from "./table.ts";

/** One row, strongly consistent; undefined when absent or past its time (DynamoDB removes expired rows late). */
export async function readRow(key: Key): Promise<Attributes | undefined> {
  const { data } = await Item.get(key).go({ ...at(), consistent: true });
  return alive(data);
}

/** Rows by key, in the order asked for, absent ones left out. Strongly consistent unless told otherwise. */
export async function readRows(
  keys: readonly Key[],
  options: { consistent?: boolean } = {},
): Promise<Attributes[]> {
  const consistent = options.consistent ?? true;
  const found = new Map<string, Attributes>();
  let missing = [...keys];
  for (let tries = 0; missing.length > 0; tries++) {
    if (tries > 0) await pause(Math.random() * 50 * 2 ** tries);
    const { data, unprocessed } = await Item.get(missing).go({ ...at(), consistent, concurrency: 4 });
    for (const row of data as Attributes[]) found.set(`${row.pk}\n${row.sk}`, row);
    missing = unprocessed;
    if (tries > 6) throw new Error("The table did not answer all keys of a batch.");
  }
  return keys.flatMap((key) => alive(found.get(`${key.pk}\n${key.sk}`)) ?? []);
}

/** Which rows of a partition: all, from a sort key on, up to one (inclusive), and how many at most. */
export interface Range {
  from?: string;
  to?: string;
  limit?: number;
  newestFirst?: boolean;
  consistent?: boolean;
}

/** Rows of one partition in key order. Reads every page; give a limit where a partition can grow without end. */
export async function readPartition(pk: string, range: Range = {}): Promise<Attributes[]> {
  const query = Item.query.row({ pk });
  const { from, to } = range;
  const bounded =
    from !== undefined && to !== undefined
      ? query.between({ sk: from }, { sk: to })
      : from !== undefined
        ? query.gte({ sk: from })
        : to !== undefined
          ? query.lte({ sk: to })
          : query;
  const { data } = await bounded.go({
    ...at(),
    consistent: range.consistent ?? true,
    order: range.newestFirst ? "desc" : "asc",
    ...(range.limit ? { limit: range.limit } : {}),
    pages: range.limit ? 1 : "all",
  });
  return (data as Attributes[]).filter((row) => alive(row));
}

/** Which of the rows known by a name: those whose second name begins so, or is before one; and how many at most. */
export interface LookupRange {
  prefix?: string;
  before?: string;
  limit?: number;
  newestFirst?: boolean;
}

/** How a lookup name lies in its rows: hashed, because names of several parts are longer than all other keys. */
export const lookupKey = (name: string): string =>
  createHash("sha256").update(name).digest().subarray(0, 16).toString("base64url");

/** A row known by another name: where it is, and its second name. */
export interface Known extends Key {
  readonly gsi2sk: string;
}

/** The keys of rows known by another name, in the order of their second name. Never unique, never up to date at once. */
export async function readLookup(name: string, options: LookupRange = {}): Promise<Known[]> {
  const query = Item.query.lookup({ gsi2pk: lookupKey(name) });
  const { prefix, before } = options;
  const bounded = prefix ? query.begins({ gsi2sk: prefix }) : before ? query.lt({ gsi2sk: before }) : query;
  const { data } = await bounded.go({
    ...at(),
    ignoreOwnership: true,
    order: options.newestFirst ? "desc" : "asc",
    ...(options.limit ? { limit: options.limit } : {}),
    pages: options.limit ? 1 : "all",
  });
  return data as Known[];
}

const alive = (row: Attributes | null | undefined): Attributes | undefined =>
  row && (row.ttl === undefined || row.ttl * 1000 > now()) ? row : undefined;
