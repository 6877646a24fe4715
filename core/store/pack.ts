import { deflateRawSync, inflateRawSync } from "node:zlib";
import { inflateSync } from "fflate";
import { DomainError } from "#core/lib/error.ts";
import { dictionaries } from "./dictionary.ts";
import type { Attributes } from "./table.ts";

/** DynamoDB refuses items over 400 KB; keys, index and announcement need a little of it. */
const largestBytes = 380_000;

/**
 * A value as it lies in a row: JSON, deflated with a preset dictionary of our field names and usual values, behind one
 * byte that names the dictionary. What else stands in the row, its key and its cells, is part of the dictionary: the
 * value says it again and pays nothing for it. A three-line invoice fits one write unit this way, against two or three
 * as readable attributes. Throws `too_large` when the value cannot fit an item.
 */
export function pack(value: unknown, beside: Beside): Buffer {
  const version = dictionaries.length - 1;
  const body = deflateRawSync(JSON.stringify(value), {
    dictionary: known(version, beside),
    level: 9,
    memLevel: 9,
  });
  if (body.length > largestBytes)
    throw new DomainError(
      "too_large",
      "The document is too large to be stored; split it into several documents.",
    );
  return Buffer.concat([Buffer.of(version), body]);
}

/** The value back from its bytes, whichever dictionary they were written with, and beside the same as then. */
export const unpack = (bytes: Uint8Array, beside: Beside): unknown => JSON.parse(textOf(bytes, beside));

/** What a value is packed beside: the key of its row and, for all but the cells themselves, the row's cells. */
export type Beside = Pick<Attributes, "pk" | "sk" | "x">;

function textOf(bytes: Uint8Array, beside: Beside): string {
  const dictionary = known(bytes[0]!, beside);
  const body = bytes.subarray(1);
  return smallText(body, dictionary) ?? inflateRawSync(body, { dictionary }).toString("utf8");
}

/** Most rows are so small that what zlib prepares for each of them would take longer than inflating it. */
const smallBytes = 800;
const scratch = Buffer.alloc(16_384);

/** The text of a small body; undefined of a large one, and of one whose end may not have fitted. */
function smallText(body: Uint8Array, dictionary: Uint8Array): string | undefined {
  if (body.length > smallBytes) return undefined;
  const { length } = inflateSync(body, { dictionary, out: scratch });
  return length < scratch.length ? scratch.toString("utf8", 0, length) : undefined;
}

function known(version: number, { pk, sk, x }: Beside): Buffer {
  const dictionary = dictionaries[version];
  if (!dictionary)
    throw new Error(`A row is packed with dictionary ${version}, which this version does not know.`);
  return Buffer.concat([dictionary, Buffer.from(`${x ? textOf(x, { pk, sk }) : ""}${pk}"${sk}"`)]);
}
