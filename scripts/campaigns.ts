/**
 * `npm run campaigns -- [--ci | --full] [--seed n] [name…]`: runs the reliability campaigns of tests/campaigns one after
 * another, all of them or those named, and ends with exit code 1 when one of them did not hold.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

const folder = join(import.meta.dirname, "../tests/campaigns");
const names = ["scheduler", "tokens", "uploads", "inbox", "crashes", "kill"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ci: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
  },
});
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0)
  throw new Error(`No campaign is called ${unknown.join(", ")}; there are ${names.join(", ")}.`);
const size = values.full ? "full" : values.ci ? "ci" : "normal";

const failed = (positionals.length > 0 ? positionals : names).filter((name) => {
  const args = [join(folder, `${name}.ts`), "--size", size, "--seed", values.seed];
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status !== 0;
});
if (failed.length > 0) console.error(`Did not hold: ${failed.join(", ")}.`);
process.exitCode = failed.length > 0 ? 1 : 0;
