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

/** Hostile documents of so many megabytes, by what they are full of. */
const hostile: Record<string, (megabytes: number) => string> = {
  lines: (size) => sampleInvoice(size * 950),
  "character references": (size) => note("&#65;", size),
  "carriage returns": (size) => note("a\r\n", size),
  "CDATA sections": (size) => note("<![CDATA[x]]>", size),
  "comments in a text": (size) => note("x<!---->", size),
  instructions: (size) => note("<?a?>", size),
  attributes: (size) => inside('<cbc:ID a="" b="" c="" d="" e="" f="" g="" h=""/>', size),
  "empty elements": (size) => inside("<cbc:ID/>", size),
  "broken adjustments": (size) =>
    inside("<cac:AllowanceCharge><cbc:ChargeIndicator>q</cbc:ChargeIndicator></cac:AllowanceCharge>", size),
  nesting: (size) => inside("<cac:Item>".repeat(200) + "</cac:Item>".repeat(200), size),
  "nesting without end": (size) => many("<a>", size),
  "entities that unfold": (size) => `<!DOCTYPE a [${many('<!ENTITY b "&a;&a;">', size)}]><a>&b;</a>`,
};

const many = (piece: string, megabytes: number): string => piece.repeat((megabytes * 1e6) / piece.length);
const inside = (piece: string, megabytes: number): string =>
  sampleInvoice(3).replace("</Invoice>", `${many(piece, megabytes)}</Invoice>`);
const note = (piece: string, megabytes: number): string =>
  sampleInvoice(3).replace("Vă mulțumim", many(piece, megabytes));

/** What bad input costs: the slowest of some hostile documents of 10 MB, the better of two runs. */
function badInput(): void {
  let worst = { document: "", ms: 0 };
  for (const [document, make] of Object.entries(hostile)) {
    const bytes = Buffer.from(make(10));
    const ms = Math.min(...[1, 2].map(() => timed(() => judge(bytes, "ro"))));
    if (ms > worst.ms) worst = { document, ms };
  }
  print(`hostile 10 MB, slowest of ${Object.keys(hostile).length} kinds: ${worst.document}`, {
    worstMs: worst.ms,
    goalMs: 200,
  });
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
    // After the measure of memory: a child process begins with the peak of its parent.
    badInput();
    await weight();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) await rules();
