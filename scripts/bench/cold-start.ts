import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { start } from "#infra/local/engine.ts";
import { signIn } from "../../tests/signed-in.ts";
import { median, print } from "./print.ts";

const rounds = 15;

/**
 * Cold start of the API: a fresh process imports the bundled handler and answers one authenticated GET whose only read is the
 * caller (user, membership, organization, session), beside one plain bundle of the same libraries that does the same. Both in turn, in the same run.
 */
export async function coldStart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const local = await start();
  try {
    const { token } = await signIn(local);
    const ours = await bundle("functions/api/index.ts", join(folder, "ours"), true);
    const plain = await bundle("scripts/bench/cold/plain.ts", join(folder, "plain"), false);
    const times = { ours: [] as number[], plain: [] as number[], imports: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      const mine = await run(ours.entry, token);
      times.ours.push(mine.totalMs);
      times.imports.push(mine.importMs);
      times.plain.push((await run(plain.entry, token)).totalMs);
    }
    const [oursMs, plainMs] = [median(times.ours), median(times.plain)];
    print("cold start: import + GET /api-tokens/scopes", {
      oursMs,
      importMs: median(times.imports),
      plainMs,
      ratio: oursMs / plainMs,
      goal: "<= 0.75",
      entryKb: ours.entryKb,
      allKb: ours.allKb,
      plainKb: plain.allKb,
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

/** Bundles a handler with the options SST gives esbuild for a Lambda. */
async function bundle(file: string, outdir: string, splitting: boolean): Promise<Bundle> {
  const { metafile } = await build({
    entryPoints: [file],
    outdir,
    splitting,
    bundle: true,
    minify: true,
    keepNames: true,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "es2024",
    mainFields: ["module", "main"],
    outExtension: { ".js": ".mjs" },
    banner: {
      js: 'import { createRequire as topLevelCreateRequire } from "module"; const require = topLevelCreateRequire(import.meta.url);',
    },
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

function run(entry: string, token: string): Promise<{ importMs: number; totalMs: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ importMs: number; totalMs: number }>();
  execFile(process.execPath, ["scripts/bench/cold/call.mjs", entry, token], (error, stdout, stderr) => {
    if (error) reject(new Error(stderr || error.message));
    else resolve(JSON.parse(stdout) as { importMs: number; totalMs: number });
  });
  return promise;
}
