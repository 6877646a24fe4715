import { createHash } from "node:crypto";

/**
 * Chance without state: every draw is a hash of the seed and of what is being decided, so the order in which
 * requests arrive, or a restart in between, never changes an outcome.
 */
export interface Chance {
  /** A number in [0, 1) that belongs to this seed and this label. */
  draw(label: string): number;
  /** Lower-case hex of the wanted length. */
  hex(label: string, length: number): string;
  uuid(label: string): string;
}

export function createChance(seed: number): Chance {
  const digest = (label: string): string => createHash("sha256").update(`${seed}|${label}`).digest("hex");
  const hex = (label: string, length: number): string => {
    let text = digest(label);
    for (let n = 1; text.length < length; n++) text += digest(`${label}|${n}`);
    return text.slice(0, length);
  };
  return {
    draw: (label) => Number.parseInt(digest(label).slice(0, 12), 16) / 2 ** 48,
    hex,
    uuid: (label) => {
      const h = hex(label, 32);
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
    },
  };
}
