import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const exec = promisify(execFile);

/** Runs a campaign as its own process and answers its line; a check that did not hold makes it reject with the reasons. */
async function run(name: string, size = "ci", store = "memory"): Promise<string> {
  const program = [join(import.meta.dirname, `${name}.ts`), "--size", size, "--store", store];
  // Without what the test runner puts into the environment: the system takes its settings from there.
  const { stdout } = await exec(process.execPath, program, { env: { PATH: process.env["PATH"] } });
  const line = stdout.split("\n").find((said) => said.startsWith(`${name} ${size}:`))!;
  console.log(line);
  return line;
}

const traceOf = (line: string): string => /trace (\w+)$/.exec(line)![1]!;
const timeout = 240_000;

describe.concurrent("campaigns", () => {
  it("uploads: one accepted document each, whatever the wire does", { timeout }, async () => {
    expect(await run("uploads")).toMatch(/doubles of a naive client [1-9]/);
  });

  it("inbox: what we hold is what the authority listed", { timeout }, async () => {
    expect(await run("inbox")).toMatch(/[1-9]\d* faults/);
  });

  it("crashes: every end is that of the run without one", { timeout }, async () => {
    expect(await run("crashes")).toMatch(/sites [1-9]\d+/);
  });

  it("kill: every promise is kept after kill -9", { timeout }, async () => {
    expect(await run("kill")).toMatch(/kill -9 [1-9]/);
  });

  it("tokens: one refresh however many ask, and no circles", { timeout }, async () => {
    expect(await run("tokens")).toMatch(/days 400/);
  });

  it("scheduler: fair, and within the limits", { timeout }, async () => {
    expect(await run("scheduler")).toMatch(/breaches 0/);
  });

  for (const name of ["uploads", "inbox"])
    it(
      `${name}: the same seed gives the same trace, in memory and on the emulators`,
      { timeout },
      async () => {
        const [inMemory, onEmulators] = [await run(name, "tiny"), await run(name, "tiny", "real")];
        expect(traceOf(onEmulators)).toBe(traceOf(inMemory));
        expect(inMemory).toMatch(/[1-9]\d* faults/);
      },
    );
});
