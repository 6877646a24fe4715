import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { median, print } from "./print.ts";

const rounds = 5;

/** `npm start` from installed to its `ready` line: on an empty folder, where it seeds, and on a folder it knows. */
export async function startUp(): Promise<void> {
  const first: number[] = [];
  const again: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const folder = mkdtempSync(join(tmpdir(), "bench-"));
    first.push((await startOnce(folder)).readyMs);
    const { readyMs, rssMb } = await startOnce(folder);
    again.push(readyMs);
    memory.push(rssMb);
    rmSync(folder, { recursive: true, force: true });
  }
  print("npm start to ready", {
    firstMs: median(first),
    againMs: median(again),
    goal: "<= 2000",
    rssMb: median(memory),
  });
}

async function startOnce(DATA_DIR: string): Promise<{ readyMs: number; rssMb: number }> {
  const started = performance.now();
  const env = { ...process.env, DATA_DIR, PORT: "0", SIM_PORT: "0" };
  // Its own group, so that npm, the shell and the product all get the signal.
  const child = spawn("npm", ["start", "--silent"], {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface(child.stdout)) if (line.startsWith("ready ")) break;
  const readyMs = performance.now() - started;
  const rssMb = residentMb(child.pid!);
  const ended = new Promise((done) => child.once("exit", done));
  process.kill(-child.pid!, "SIGTERM");
  await ended;
  return { readyMs, rssMb };
}

/** Resident memory of the process that `exec node` became, a grandchild at most; 0 where /proc does not tell. */
function residentMb(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean);
    const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
    return Math.max(own, ...children.map((child) => residentMb(Number(child))));
  } catch {
    return 0;
  }
}
