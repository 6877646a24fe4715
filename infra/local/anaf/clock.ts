import type { Ledger } from "./ledger.ts";

/**
 * The simulator's only notion of time, in epoch milliseconds.
 * Owned: no source is given, time stands still until somebody moves it.
 * Running: a source is given, time runs with it; moves are kept as an offset beside the ledger.
 * Embedded: a source and `onClock` are given, the product owns the offset and moves are handed to it.
 */
export interface Clock {
  readonly kind: "owned" | "running" | "embedded";
  now(): number;
  advance(milliseconds: number): void;
  set(instant: number): void;
  /** How fast a running clock runs against its source; 1 is real speed. Other kinds refuse. */
  setSpeed(factor: number): void;
}

export type ClockMove = { advanceMs: number } | { setMs: number };

export interface ClockOptions {
  /** Where an owned clock starts. */
  startsAt: number;
  source?: (() => number) | undefined;
  onClock?: ((move: ClockMove) => void) | undefined;
}

export function createClock(ledger: Ledger, options: ClockOptions): Clock {
  const { source, onClock } = options;
  if (source && onClock) {
    return {
      kind: "embedded",
      now: source,
      advance: (milliseconds) => onClock({ advanceMs: milliseconds }),
      set: (instant) => onClock({ setMs: instant }),
      setSpeed: refuseSpeed,
    };
  }
  return source ? runningClock(ledger, source) : ownedClock(ledger, options.startsAt);
}

function ownedClock(ledger: Ledger, startsAt: number): Clock {
  const set = (instant: number): void => ledger.setMeta("clock", instant);
  const now = (): number => ledger.meta("clock") ?? startsAt;
  return { kind: "owned", now, set, advance: (ms) => set(now() + ms), setSpeed: refuseSpeed };
}

function runningClock(ledger: Ledger, source: () => number): Clock {
  // now = base + (source - anchor) × speed; the three numbers survive a restart.
  const now = (): number => {
    const anchor = ledger.meta("clock.anchor") ?? 0;
    const base = ledger.meta("clock.base") ?? anchor;
    return Math.floor(base + (source() - anchor) * (ledger.meta("clock.speed") ?? 1));
  };
  const set = (instant: number): void => {
    ledger.setMeta("clock.base", instant);
    ledger.setMeta("clock.anchor", source());
  };
  return {
    kind: "running",
    now,
    set,
    advance: (ms) => set(now() + ms),
    setSpeed: (factor) => {
      set(now());
      ledger.setMeta("clock.speed", factor);
    },
  };
}

function refuseSpeed(): never {
  throw new Error("This clock does not run by itself; advance it instead.");
}

/** Reads `90s`, `15m`, `1h`, `60d`, `250ms` or a plain number of seconds as milliseconds. */
export function parseDuration(text: string): number | undefined {
  const match = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text.trim());
  if (!match) return undefined;
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] ?? "s"] ?? 1_000;
  return Math.round(Number(match[1]) * unit);
}
