import { deflateRawSync, inflateRawSync } from "node:zlib";
import { DomainError } from "#core/lib/error.ts";
import { dictionaries } from "./dictionary.ts";

/** DynamoDB refuses items over 400 KB; keys, index and announcement need a little of it. */
const largestBytes = 380_000;

/**
 * An object as it lies in the table: JSON, deflated with a preset dictionary of our field names and usual values,
 * behind one byte that names the dictionary. A three-line invoice fits one write unit this way, against two or three
 * as readable attributes. Throws `too_large` when the object cannot fit an item.
 */
export function pack(value: unknown): Buffer {
  const version = dictionaries.length - 1;
  const body = deflateRawSync(JSON.stringify(value), { dictionary: dictionaries[version]! });
  if (body.length > largestBytes)
    throw new DomainError(
      "too_large",
      "The document is too large to be stored; split it into several documents.",
    );
  return Buffer.concat([Buffer.of(version), body]);
}

/** The object back from its bytes, whichever dictionary they were written with. */
export function unpack(bytes: Uint8Array): unknown {
  const dictionary = dictionaries[bytes[0]!];
  if (!dictionary)
    throw new Error(`A row is packed with dictionary ${bytes[0]}, which this version does not know.`);
  return JSON.parse(inflateRawSync(bytes.subarray(1), { dictionary }).toString("utf8"));
}
