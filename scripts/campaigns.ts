/**
 * `npm run campaigns -- [--ci | --full] [--seed n] [--store real] [name…]`: runs the reliability campaigns of
 * tests/campaigns, all of them or those named, one more at a time than there are cores, because one of them mostly
 * waits. Ends with exit code 1 when one of them did not hold.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const folder = join(import.meta.dirname, "../tests/campaigns");
/** The longest first, so that none is left over at the end. */
const names = ["inbox", "uploads", "crashes", "kill", "tokens", "scheduler"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ci: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    store: { type: "string", default: "memory" },
  },
});
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0)
  throw new Error(`No campaign is called ${unknown.join(", ")}; there are ${names.join(", ")}.`);

const waiting = positionals.length > 0 ? positionals : names;
const failed: string[] = [];

/** Runs one campaign after another until none is waiting. */
async function work(): Promise<void> {
  for (let name = waiting.shift(); name; name = waiting.shift())
    if ((await run(name)) !== 0) failed.push(name);
}

function run(name: string): Promise<number | null> {
  const size = values.full ? "full" : values.ci ? "ci" : "normal";
  const options = ["--size", size, "--seed", values.seed, "--store", values.store];
  const child = spawn(process.execPath, [join(folder, `${name}.ts`), ...options], { stdio: "inherit" });
  return new Promise((ended) => child.once("exit", ended));
}

await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
if (failed.length > 0) console.error(`Did not hold: ${failed.join(", ")}.`);
process.exitCode = failed.length > 0 ? 1 : 0;
