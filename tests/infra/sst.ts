import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { extractPlatform, root } from "../../scripts/sst/platform.ts";
import type { Graph } from "../../scripts/sst/synth.ts";

const run = promisify(execFile);

/** The graph of real SST components for sst.config.ts, in a process of its own. */
export async function synthesize(): Promise<Graph> {
  const { stdout } = await run(process.execPath, [join(root, "scripts/sst/synth.ts")], {
    maxBuffer: 64 << 20,
  });
  return JSON.parse(stdout) as Graph;
}

/** What TypeScript says about sst.config.ts, infra/ and stacks/ under SST's real types; empty when nothing. */
export async function checkTypes(): Promise<string> {
  extractPlatform();
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  return run(process.execPath, [tsc, "-p", join(root, "tests/sst/tsconfig.json")]).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}
