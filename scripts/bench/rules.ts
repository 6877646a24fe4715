import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { XMLParser } from "fast-xml-parser";
import { judge } from "#core/rules/index.ts";
import { sampleInvoice } from "../../tests/conformance/sample.ts";
import { median, print } from "./print.ts";

/** Lines of the invoice → how often it is judged, and the goal in milliseconds. */
const sizes = [
  { lines: 3, rounds: 1500, goalMs: 0.17 },
  { lines: 100, rounds: 200, goalMs: 1 },
  { lines: 1000, rounds: 40, goalMs: 8 },
  { lines: 5000, rounds: 10, goalMs: undefined },
];

const timed = (run: () => void): number => {
  const start = performance.now();
  run();
  return performance.now() - start;
};

/** Bytes in, structure and rule verdict out, beside a peer that merely parses the same bytes, turn by turn. */
function verdicts(): void {
  const peer = new XMLParser({ ignoreAttributes: false });
  const best = new Map<number, number>();
  for (const { lines, rounds, goalMs } of sizes) {
    const bytes = Buffer.from(sampleInvoice(lines));
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(timed(() => judge(bytes, "ro")));
      theirs.push(timed(() => peer.parse(bytes)));
    }
    // The first half of the rounds warms both up.
    const [oursMs, peerMs] = [ours, theirs].map((times) => median(times.slice(rounds >> 1))) as [
      number,
      number,
    ];
    const bestMs = Math.min(...ours);
    best.set(lines, bestMs);
    print(`verdict, ${lines} lines`, {
      oursMs,
      bestMs,
      goalMs,
      parseOnlyPeerMs: peerMs,
      timesFaster: peerMs / oursMs,
      goalFaster: 1.5,
    });
  }
  print("verdict, growth", { ratio5000To1000: best.get(5000)! / best.get(1000)!, goal: "<= 5.5" });
}

/** From process start to verdict, over a process that does nothing. */
function startUp(folder: string): void {
  const file = join(folder, "invoice.xml");
  writeFileSync(file, sampleInvoice(3));
  const bare: number[] = [];
  const verdict: number[] = [];
  for (let round = 0; round < 9; round++) {
    bare.push(timed(() => void spawnSync(process.execPath, ["-e", "0"])));
    verdict.push(timed(() => void spawnSync(process.execPath, ["scripts/validate.mjs", "--json", file])));
  }
  print("process start to verdict", {
    verdictMs: median(verdict),
    bareNodeMs: median(bare),
    overBareMs: median(verdict) - median(bare),
    goalOverBareMs: 150,
  });
}

function memory(): void {
  const output = execFileSync(process.execPath, ["--expose-gc", "scripts/bench/rules-memory.ts"], {
    encoding: "utf8",
  });
  print("memory, 5000 lines", { ...(JSON.parse(output) as Record<string, number>), goalOverIdleMb: 64 });
}

async function weight(): Promise<void> {
  const options = { bundle: true, minify: true, write: false, platform: "node", format: "esm" } as const;
  const { outputFiles } = await build({ ...options, entryPoints: ["core/rules/index.ts"] });
  const bytes = outputFiles[0]!.contents;
  print("bundle weight of the rules", { kb: bytes.length / 1024, gzipKb: gzipSync(bytes).length / 1024 });
}

/** The speed, start, memory and weight of a verdict; one line per measure. */
export async function rules(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-rules-"));
  try {
    verdicts();
    startUp(folder);
    memory();
    await weight();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) await rules();
