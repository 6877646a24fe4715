import { now } from "#core/lib/clock.ts";
import { pack, unpack } from "./pack.ts";
import { readRow } from "./read.ts";
import type { Write } from "./write.ts";

/**
 * Names that can be held once: an e-mail address, a CIF within an organization, a hash of a key or one-time code.
 * An index of DynamoDB cannot promise uniqueness; a row that must not exist yet can.
 */
const keyOf = (name: string) => ({ pk: name, sk: "-" });

/** Takes a name, with what it stands for; `refusal` is thrown when somebody holds it. Gone after `expiresInSeconds`. */
export function take(
  name: string,
  meaning: Record<string, unknown>,
  options: { refusal?: () => Error; expiresInSeconds?: number } = {},
): Write {
  const { refusal, expiresInSeconds } = options;
  const key = keyOf(name);
  return {
    put: {
      ...key,
      rev: 1,
      d: pack(meaning, key),
      ...(expiresInSeconds === undefined ? {} : { ttl: Math.floor(now() / 1000 + expiresInSeconds) }),
    },
    when: "absent",
    ...(refusal ? { refusal } : {}),
  };
}

/** Gives a name back. With a refusal, that one is thrown when nobody holds it: so a one-time code is used up once. */
export const release = (name: string, refusal?: () => Error): Write => ({
  remove: keyOf(name),
  when: "present",
  ...(refusal ? { refusal } : {}),
});

/** What a name stands for, strongly consistent; undefined when nobody holds it or it has expired. */
export async function lookUp<T extends Record<string, unknown>>(name: string): Promise<T | undefined> {
  const row = await readRow(keyOf(name));
  return row?.d ? (unpack(row.d, row) as T) : undefined;
}
