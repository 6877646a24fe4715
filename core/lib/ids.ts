import { createHash, randomBytes } from "node:crypto";
import { now } from "./clock.ts";

let lastMs = 0;
let sequence = 0;

/**
 * A UUID version 7: sorting by id is sorting by creation. Ids made by one process in the same millisecond keep their
 * order through a 12-bit counter in the place RFC 9562 gives to it (method 1).
 */
export function newId(): string {
  const ms = Math.max(now(), lastMs);
  sequence = ms === lastMs ? sequence + 1 : randomBytes(1)[0]!;
  lastMs = sequence > 0xfff ? ms + 1 : ms;
  if (sequence > 0xfff) sequence = 0;
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes[6] = 0x70 | (sequence >> 8);
  bytes[7] = sequence & 0xff;
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** An id for a part of an object. It ends like the owner's, because what repeats in a row takes no room there. */
export const partId = (ownerId: string): string => newId().slice(0, 19) + ownerId.slice(19);

/** Whether a text is written as a UUID; a path that is not one cannot name an object and is answered 404. */
export const isId = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

/** The same UUID for the same name, so that writing a thing twice writes one thing (RFC 9562, version 8). */
export function idFrom(name: string): string {
  const bytes = createHash("sha256").update(name).digest().subarray(0, 16);
  bytes[6] = 0x80 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** As `idFrom`, with the time in front as `newId` has it, so that among other ids it stands where it belongs. */
export const idAt = (instant: string, name: string): string =>
  `${firstIdAt(instant)}-${idFrom(name).slice(14)}`;

/** What no id made from an instant on sorts before: where to begin reading. */
export function firstIdAt(instant: string): string {
  const hex = Date.parse(instant).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** SHA-256 in lower-case hex: the form in which keys, tokens and one-time codes are stored. */
export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
