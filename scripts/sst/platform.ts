import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The repository. */
export const root = join(import.meta.dirname, "../..");

/** Where SST's platform is laid out, below the package that holds what it imports. Ignored by git. */
const work = join(root, "tests/sst/.sst");
export const platform = join(work, ".sst/platform");

/**
 * Takes SST's own platform sources (the components behind `sst.aws.*`) out of the npm binary, once per version.
 * With `true` in the place of its package manager, `sst install` writes them and downloads nothing to run.
 */
export function extractPlatform(): void {
  const installed = JSON.parse(readFileSync(join(root, "node_modules/sst/package.json"), "utf8")) as {
    version: string;
  };
  const stamp = join(work, "version");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === installed.version) return;
  mkdirSync(work, { recursive: true });
  writeFileSync(
    join(work, "sst.config.ts"),
    'export default $config({ app: () => ({ name: "none", home: "aws" }), run() {} });',
  );
  const done = spawnSync(join(root, "node_modules/.bin/sst"), ["install", "--stage", "test"], {
    cwd: work,
    encoding: "utf8",
    env: {
      ...process.env,
      SST_SKIP_DEPENDENCY_CHECK: "1",
      SST_TELEMETRY_DISABLED: "1",
      SST_BUN_PATH: "/bin/true",
    },
  });
  // Without a registry it complains at the end, when the sources are already written.
  if (!existsSync(join(platform, "src/auto/run.ts")))
    throw new Error(`SST's platform could not be extracted:\n${done.stdout}${done.stderr}`);
  writeFileSync(stamp, installed.version);
}
