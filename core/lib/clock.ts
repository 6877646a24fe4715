/**
 * The one clock. Everything that asks "what time is it?" asks here, so that the local runner can move time for the
 * whole product at once. In a deployed stage the offset is never set and this is the machine's clock.
 * Request signing does not use it: a signature must carry wall time.
 */
let offsetMs = 0;

/** Milliseconds since the epoch, as the product sees time. */
export const now = (): number => Date.now() + offsetMs;

/** The current instant as an ISO string in UTC. */
export const instant = (): string => new Date(now()).toISOString();

/** An instant `seconds` from now (negative: ago), ISO, UTC. */
export const instantIn = (seconds: number): string => new Date(now() + seconds * 1000).toISOString();

/** How far the product's clock runs from the machine's, in milliseconds. */
export const clockOffset = (): number => offsetMs;

/** Moves the product's clock; only the local runner and tests call this. */
export function setClockOffset(ms: number): void {
  offsetMs = ms;
}
