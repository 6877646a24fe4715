import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type BuildOptions } from "esbuild";
import { start } from "#infra/local/engine.ts";
import { declared } from "#infra/local/sst.ts";
import { signIn } from "../../tests/signed-in.ts";
import { median, print } from "./print.ts";

const rounds = 21;

/** What SST 4.17 puts at the head of every file of a bundle. */
const banner = `import { createRequire as topLevelCreateRequire } from 'module';
const require = topLevelCreateRequire(import.meta.url);
import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"
const __filename = topLevelFileUrlToPath(import.meta.url)
const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))`;

/**
 * Cold start of the API: a fresh process imports the bundled handler and answers one authenticated GET whose only read is the
 * caller (user, membership, organization, session), beside one plain bundle of the same libraries that does the same. Both in turn, in the same run.
 */
export async function coldStart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const local = await start();
  try {
    const { token } = await signIn(local);
    const bundles = {
      ours: await bundle("functions/api/index.ts", join(folder, "ours"), bundlingOfApi()),
      plain: await bundle("scripts/bench/cold/plain.ts", join(folder, "plain"), {}),
    };
    const ours: Taken[] = [];
    const plain: Taken[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await run(bundles.ours.entry, token));
      plain.push(await run(bundles.plain.entry, token));
    }
    const usual = (all: Taken[], what: keyof Taken) => median(all.map((taken) => taken[what]));
    const [oursMs, plainMs] = [usual(ours, "totalMs"), usual(plain, "totalMs")];
    print("cold start: import + GET /api-tokens/scopes", {
      oursMs,
      importMs: usual(ours, "importMs"),
      plainMs,
      ratio: oursMs / plainMs,
      // Other work on the machine lengthens waiting more than computing.
      cpuRatio: usual(ours, "cpuMs") / usual(plain, "cpuMs"),
      goal: "<= 0.75",
      entryKb: bundles.ours.entryKb,
      allKb: bundles.ours.allKb,
      plainKb: bundles.plain.allKb,
    });
  } finally {
    await local.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Bundle {
  entry: string;
  entryKb: number;
  allKb: number;
}

/** What stacks/api.ts asks of the bundler. */
function bundlingOfApi(): BuildOptions {
  const { splitting, esbuild } = declared.endpoints[0]!.bundling!;
  return { splitting, ...esbuild };
}

/** Bundles a handler with the options SST gives esbuild for a Lambda, and those the function adds to them. */
async function bundle(file: string, outdir: string, own: BuildOptions): Promise<Bundle> {
  const { metafile } = await build({
    entryPoints: [file],
    outdir,
    ...own,
    bundle: true,
    minify: true,
    keepNames: true,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "es2024",
    mainFields: ["module", "main"],
    outExtension: { ".js": ".mjs" },
    banner: { js: banner },
    logLevel: "error",
  });
  const entry = Object.keys(metafile.outputs).find((name) => metafile.outputs[name]!.entryPoint === file)!;
  const upFront = new Set<string>();
  const follow = (name: string): void => {
    if (upFront.has(name)) return;
    upFront.add(name);
    for (const { path, kind, external } of metafile.outputs[name]!.imports)
      if (kind === "import-statement" && !external) follow(path);
  };
  follow(entry);
  const kb = (names: Iterable<string>) =>
    Math.round([...names].reduce((sum, name) => sum + metafile.outputs[name]!.bytes, 0) / 1024);
  return {
    entry: join(process.cwd(), entry),
    entryKb: kb(upFront),
    allKb: kb(Object.keys(metafile.outputs)),
  };
}

/** What one cold start took. */
interface Taken {
  readonly importMs: number;
  readonly totalMs: number;
  readonly cpuMs: number;
}

function run(entry: string, token: string): Promise<Taken> {
  const { promise, resolve, reject } = Promise.withResolvers<Taken>();
  execFile(process.execPath, ["scripts/bench/cold/call.mjs", entry, token], (error, stdout, stderr) => {
    if (error) reject(new Error(stderr || error.message));
    else resolve(JSON.parse(stdout) as Taken);
  });
  return promise;
}
