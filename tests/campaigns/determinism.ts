import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

/**
 * Stops the machine's clock and moves it only when told to, so that nothing depends on how fast this machine is.
 * Timers run on: only what asks for the time is answered so. Answers how to move it, in milliseconds.
 */
export function stillTime(startsAt: string): (byMs: number) => void {
  const RealDate = Date;
  let atMs = RealDate.parse(startsAt);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, parts: unknown[]) => Reflect.construct(target, parts.length > 0 ? parts : [atMs]),
    get: (target, name) => (name === "now" ? () => atMs : Reflect.get(target, name)),
  });
  return (byMs) => void (atMs += byMs);
}

/**
 * Makes random bytes, and with them every id, follow from the seed: what is spread over time by id then falls due at
 * the same moments in every run. Only as reproducible as the order in which they are asked for.
 */
export function seededBytes(seed: number): void {
  let asked = 0;
  const bytes = (size: number): Buffer => {
    const label = `${seed} ${asked++}`;
    const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, n) =>
      crypto.createHash("sha256").update(`${label} ${n}`).digest(),
    );
    return Buffer.concat(blocks).subarray(0, size);
  };
  crypto.randomBytes = bytes as typeof crypto.randomBytes;
  syncBuiltinESMExports();
}
