import { deflateRawSync, inflateRawSync } from "node:zlib";
import { newId } from "#core/lib/ids.ts";
import type { Cell } from "../collection.ts";
import { findFile, putFile } from "../files.ts";
import type { Source } from "./columns.ts";
import type { Segment } from "./manifest.ts";

/** Rows a segment holds at most: about 200 KB as a file, and one read that every later list shares. */
const rowsPerSegment = 8192;

/** Rows kept decoded in this process; beyond it the least recently used segments go. */
const cachedRows = 1_000_000;

const cache = new Map<string, Source>();

const keyOf = (list: string, name: string) => `lists/${list.replace("#", "/")}/${name}`;

/** The rows of a segment. Its file never changes, so what was read once is kept. */
export async function readSegment(list: string, { name }: Segment): Promise<Source> {
  const cached = cache.get(name);
  if (cached) cache.delete(name);
  const source = cached ?? (await load(list, name));
  cache.set(name, source);
  for (let rows = cachedCount(); rows > cachedRows && cache.size > 1; rows = cachedCount())
    cache.delete(cache.keys().next().value!);
  return source;
}

async function load(list: string, name: string): Promise<Source> {
  const bytes = await findFile(keyOf(list, name));
  if (!bytes) throw new Error(`Segment ${name} of ${list} is missing; fold the list anew.`);
  const [ids, columns] = JSON.parse(inflateRawSync(bytes).toString("utf8")) as [string[], Cell[][]];
  return { ids, columns, folded: [] };
}

/** Writes rows, sorted by id, as new segments of at most 8 192. */
export function writeSegments(list: string, { ids, columns }: Source): Promise<Segment[]> {
  const pieces = Math.ceil(ids.length / rowsPerSegment);
  return Promise.all(
    Array.from({ length: pieces }, async (_, piece) => {
      const [from, to] = [piece * rowsPerSegment, (piece + 1) * rowsPerSegment];
      const slice = ids.slice(from, to);
      const body = JSON.stringify([slice, columns.map((column) => column.slice(from, to))]);
      const name = newId();
      await putFile(keyOf(list, name), deflateRawSync(body), "application/octet-stream");
      return { name, firstId: slice[0]!, lastId: slice.at(-1)!, count: slice.length };
    }),
  );
}

const cachedCount = () => [...cache.values()].reduce((rows, { ids }) => rows + ids.length, 0);
