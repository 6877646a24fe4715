/**
 * Stops the machine's clock and moves it only when told to, so that nothing depends on how fast this machine is.
 * Timers run on: only what asks for the time is answered so. Answers how to move it, in milliseconds.
 */
export function stillTime(startsAt: string): (byMs: number) => void {
  const RealDate = Date;
  let atMs = RealDate.parse(startsAt);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, parts: []) => new target(...(parts.length === 0 ? [atMs] : parts)),
    get: (target, name) => (name === "now" ? () => atMs : Reflect.get(target, name)),
  });
  return (byMs) => void (atMs += byMs);
}
