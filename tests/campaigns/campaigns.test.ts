import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const exec = promisify(execFile);

/** Runs a campaign as its own process and answers its line; a check that did not hold makes it reject with the reasons. */
async function run(name: string, size = "ci"): Promise<string> {
  const program = [join(import.meta.dirname, `${name}.ts`), "--size", size];
  // Without what the test runner puts into the environment: the system takes its settings from there.
  const { stdout } = await exec(process.execPath, program, { env: { PATH: process.env["PATH"] } });
  const line = stdout.split("\n").find((said) => said.startsWith(`${name} ${size}:`))!;
  console.log(line);
  return line;
}

const traceOf = (line: string): string => /trace (\w+)$/.exec(line)![1]!;
const patienceMs = 240_000;

describe("campaigns, at the size every test run can afford", () => {
  it("uploads: one accepted document each, whatever the wire does", { timeout: patienceMs }, async () => {
    expect(await run("uploads")).toMatch(/doubles of a naive client [1-9]/);
  });

  it("inbox: what we hold is what the authority listed", { timeout: patienceMs }, async () => {
    expect(await run("inbox")).toMatch(/[1-9]\d* faults/);
  });

  it("crashes: every end is that of the run without one", { timeout: patienceMs }, async () => {
    expect(await run("crashes")).toMatch(/sites [1-9]\d+/);
  });

  it("kill: every promise is kept after kill -9", { timeout: patienceMs }, async () => {
    expect(await run("kill")).toMatch(/kill -9 [1-9]/);
  });

  it("tokens: one refresh however many ask, and no circles", { timeout: patienceMs }, async () => {
    expect(await run("tokens")).toMatch(/days 400/);
  });

  it("scheduler: fair, and within the limits", { timeout: patienceMs }, async () => {
    expect(await run("scheduler")).toMatch(/breaches 0/);
  });

  it("the same seed gives the same trace", { timeout: patienceMs }, async () => {
    const [first, second] = [await run("uploads", "tiny"), await run("uploads", "tiny")];
    expect(traceOf(second)).toBe(traceOf(first));
    expect(first).toMatch(/[1-9]\d* faults/);
  });
});
