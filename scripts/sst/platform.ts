import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The repository. */
export const root = join(import.meta.dirname, "../..");

/** Where SST's platform is laid out, below the package that holds what it imports. Ignored by git. */
const work = join(root, "tests/sst/.sst/work");
export const platform = join(work, ".sst/platform");

/**
 * Takes SST's own platform sources (the components behind `sst.aws.*`) out of the npm binary, once per version.
 * With `true` in the place of its package manager, `sst install` writes them and downloads nothing to run. Several
 * processes may do so at once: the sources are written aside and moved into place whole.
 */
export function extractPlatform(): void {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/sst/package.json"), "utf8")) as {
    version: string;
  };
  const stamp = join(work, "version");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === version) return;
  const aside = `${work}-${process.pid}`;
  mkdirSync(aside, { recursive: true });
  const config = 'export default $config({ app: () => ({ name: "none", home: "aws" }), run() {} });';
  writeFileSync(join(aside, "sst.config.ts"), config);
  const done = spawnSync(join(root, "node_modules/.bin/sst"), ["install", "--stage", "test"], {
    cwd: aside,
    encoding: "utf8",
    env: {
      ...process.env,
      SST_SKIP_DEPENDENCY_CHECK: "1",
      SST_TELEMETRY_DISABLED: "1",
      SST_BUN_PATH: "/bin/true",
    },
  });
  // Without a registry it complains at the end, when the sources are already written.
  if (!existsSync(join(aside, ".sst/platform/src/auto/run.ts")))
    throw new Error(`SST's platform could not be extracted:\n${done.stdout}${done.stderr}`);
  writeFileSync(join(aside, "version"), version);
  moveInto(aside);
}

function moveInto(aside: string) {
  if (existsSync(work)) renameSync(work, `${aside}-old`);
  try {
    renameSync(aside, work);
  } catch (error) {
    if (!existsSync(platform)) throw error;
  }
  for (const left of [aside, `${aside}-old`]) rmSync(left, { recursive: true, force: true });
}
