import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createChance } from "#infra/local/anaf/random.ts";

/** How much a campaign does: enough to compare two traces, what every test run does, the real thing, a night's work. */
export type Size = "tiny" | "ci" | "normal" | "full";

/** What a campaign is given, and where it says what it did. */
export interface Campaign {
  readonly seed: number;
  readonly size: Size;
  /** Where a campaign that can run on either keeps its rows, files and messages: model/memory.ts, or the emulators. */
  readonly store: "memory" | "real";
  /** One of four numbers, by size. */
  scaled(tiny: number, ci: number, normal: number, full: number): number;
  /** A number in [0, 1) that belongs to the seed and this label, whatever happened before. */
  draw(label: string): number;
  pick<T>(label: string, choices: readonly T[]): T;
  /** Counts things done, and faults that struck. */
  op(count?: number): void;
  fault(id: string, count?: number): void;
  /** Counts a check; one that does not hold fails the campaign at its end, with what it says. */
  check(holds: boolean, otherwise: () => string): void;
  /** Notes what happened to a subject; the trace is what happened to each, in its own order. */
  trace(subject: string, event: string): void;
  /** A figure that is printed. */
  figure(name: string, value: string | number): void;
}

/**
 * Runs a campaign as a program: `--size tiny|ci|normal|full --seed n --store memory|real --trace file`. Prints one line with what it did, and
 * ends with exit code 1 when a check did not hold. The file is for comparing two traces that should be the same.
 */
export async function campaign(name: string, run: (campaign: Campaign) => Promise<void>): Promise<void> {
  const { values } = parseArgs({
    options: {
      size: { type: "string", default: "normal" },
      seed: { type: "string", default: "1" },
      store: { type: "string", default: "memory" },
      trace: { type: "string" },
    },
  });
  const seed = Number(values.seed);
  const began = performance.now();
  const book = bookOf(values.size as Size, seed, values.store as Campaign["store"]);
  // Workers say aloud what fails; here it fails on purpose, and more than anybody would read.
  const { error, warn } = console;
  console.error = console.warn = () => {};
  await run(book.campaign);
  Object.assign(console, { error, warn });
  if (values.trace) writeFileSync(values.trace, book.wholeTrace());
  const wall = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  console.log(`${name} ${values.size}: ${book.summary()}, seed ${seed}, ${wall}, trace ${book.traceHash()}`);
  for (const failure of book.failures.slice(0, 20)) console.error(`  FAILED: ${failure}`);
  // Emulators and sockets of a campaign need no good-bye.
  process.exit(book.failures.length > 0 ? 1 : 0);
}

function bookOf(size: Size, seed: number, store: Campaign["store"]) {
  const chance = createChance(seed);
  const faults = new Map<string, number>();
  const figures: string[] = [];
  const failures: string[] = [];
  const events = new Map<string, string[]>();
  let ops = 0;
  let checks = 0;

  const given: Campaign = {
    seed,
    size,
    store,
    scaled: (tiny, ci, normal, full) => ({ tiny, ci, normal, full })[size],
    draw: (label) => chance.draw(label),
    pick: (label, choices) => choices[Math.floor(chance.draw(label) * choices.length)]!,
    op: (count = 1) => void (ops += count),
    fault: (id, count = 1) => void faults.set(id, (faults.get(id) ?? 0) + count),
    check(holds, otherwise) {
      checks++;
      if (!holds) failures.push(otherwise());
    },
    trace(subject, event) {
      const known = events.get(subject);
      if (known) known.push(event);
      else events.set(subject, [event]);
    },
    figure: (figure, value) => void figures.push(`${figure} ${value}`),
  };

  const sorted = (entries: Iterable<[string, unknown]>) =>
    [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));

  const wholeTrace = () =>
    sorted(events)
      .map(([subject, all]) => `${subject}: ${String(all)}\n`)
      .join("");

  return {
    campaign: given,
    failures,
    summary() {
      const kinds = sorted(faults).map(([id, count]) => `${id} ${String(count)}`);
      const total = [...faults.values()].reduce((sum, count) => sum + count, 0);
      const listed = kinds.length > 0 ? ` (${kinds.join(", ")})` : "";
      return [`${ops} ops`, `${total} faults${listed}`, `${checks} checks`, ...figures].join(", ");
    },
    wholeTrace,
    traceHash: () => createHash("sha256").update(wholeTrace()).digest("hex").slice(0, 12),
  };
}
