import { deflateRawSync, inflateRawSync } from "node:zlib";
import { DomainError } from "#core/lib/error.ts";
import { dictionaries } from "./dictionary.ts";
import type { Key } from "./table.ts";

/** DynamoDB refuses items over 400 KB; keys, index and announcement need a little of it. */
const largestBytes = 380_000;

/**
 * A value as it lies in a row: JSON, deflated with a preset dictionary of our field names and usual values, behind one
 * byte that names the dictionary. The row's own key is part of the dictionary, because its ids come again in what the
 * row says. A three-line invoice fits one write unit this way, against two or three as readable attributes. Throws
 * `too_large` when the value cannot fit an item.
 */
export function pack(value: unknown, key: Key): Buffer {
  const version = dictionaries.length - 1;
  const body = deflateRawSync(JSON.stringify(value), { dictionary: within(dictionaries[version]!, key) });
  if (body.length > largestBytes)
    throw new DomainError(
      "too_large",
      "The document is too large to be stored; split it into several documents.",
    );
  return Buffer.concat([Buffer.of(version), body]);
}

/** The value back from its bytes, whichever dictionary they were written with. */
export function unpack(bytes: Uint8Array, key: Key): unknown {
  const dictionary = dictionaries[bytes[0]!];
  if (!dictionary)
    throw new Error(`A row is packed with dictionary ${bytes[0]}, which this version does not know.`);
  return JSON.parse(
    inflateRawSync(bytes.subarray(1), { dictionary: within(dictionary, key) }).toString("utf8"),
  );
}

const within = (dictionary: Buffer, { pk, sk }: Key): Buffer =>
  Buffer.concat([dictionary, Buffer.from(`${pk}"${sk}"`)]);
