import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { root } from "../../scripts/sst/platform.ts";

let dataDir: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "run-"));
});
afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  running = [];
  await vi.waitFor(() => expect(childrenOf(dataDir)).toEqual([]), { timeout: 5_000 });
  rmSync(dataDir, { recursive: true });
});

/** Starts what `npm start` starts, on free ports, and answers when it says that it is ready, or has ended. */
async function npmStart(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(root, "infra/local/run.ts")], {
    cwd: root,
    // Vite leaves a BASE_URL of its own in the environment of tests.
    env: { ...process.env, BASE_URL: "", PORT: "0", SIM_PORT: "0", DATA_DIR: dataDir, SEED: "none", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  const ended = once(child, "exit") as Promise<[number | null]>;
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.endsWith("/__local/mail")) break;
  }
  const api = lines.find((line) => line.startsWith("ready "))?.slice("ready ".length) ?? "";
  if (!api && !env.PORT) throw new Error(errors);
  const simulator = /http:\S+(?=\/__local\/mail)/.exec(lines.at(-1) ?? "")?.[0] ?? "";
  return { child, ended, api, simulator, lines, errors: () => errors };
}

/** The table servers that work on a data folder, as far as /proc tells. */
function childrenOf(directory: string): string[] {
  const commandOf = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    } catch {
      return "";
    }
  };
  return readdirSync("/proc").filter(
    (pid) => /^\d+$/.test(pid) && commandOf(pid).includes(join(directory, "dynamo.db")),
  );
}

const post = (url: string, body: object) =>
  fetch(url, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
const ana = { email: "ana@example.com", password: "parola-lunga-1", organizationName: "Ana SRL" };

describe("npm start", { timeout: 60_000 }, () => {
  it("says where it is ready, with three lines that work when pasted, until SIGTERM ends it with 0 and no child left", async () => {
    const { api, lines, child, ended } = await npmStart();
    expect((await fetch(`${api}/health`)).status).toBe(200);
    const curls = lines.filter((line) => line.includes("curl"));
    expect(curls).toHaveLength(3);
    const { stdout } = await promisify(execFile)("sh", ["-c", curls.join("\n echo\n")]);
    const [me, mails] = stdout.trim().split("\n");
    expect(JSON.parse(me!)).toMatchObject({ email: expect.stringContaining("@") });
    expect(JSON.parse(mails!)).toBeInstanceOf(Array);
    const { port } = new URL(api);
    const other = await npmStart({ PORT: port, DATA_DIR: join(dataDir, "other") });
    expect(await other.ended).toEqual([1, null]);
    expect(other.errors()).toContain(`Port ${port} is taken`);
    expect(childrenOf(dataDir).length).toBeGreaterThan(0);
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    await vi.waitFor(() => expect(childrenOf(dataDir)).toEqual([]));
  });

  it("honours settings of the caller, and ends in good order on Ctrl-C too", async () => {
    const { api, child, ended } = await npmStart({ REGISTRATION_ENABLED: "0" });
    expect((await post(`${api}/api/auth/register`, ana)).status).toBe(403);
    child.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
  });

  it("killed outright leaves no child, and finds everything again: user, mails, keys and clock", async () => {
    const first = await npmStart();
    await post(`${first.simulator}/__local/clock`, { advance: "400d" });
    expect((await post(`${first.api}/api/auth/register`, ana)).status).toBe(201);
    const { token } = (await (await post(`${first.api}/api/auth`, ana)).json()) as { token: string };
    await post(`${first.simulator}/__local/drain`, {});
    const mails = (await (await fetch(`${first.simulator}/__local/mail`)).json()) as object[];
    expect(mails).not.toEqual([]);
    first.child.kill("SIGKILL");
    await first.ended;
    await vi.waitFor(() => expect(childrenOf(dataDir)).toEqual([]), { timeout: 5_000 });

    const second = await npmStart();
    const me = await fetch(`${second.api}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await me.json()).toMatchObject({ email: ana.email });
    expect(await (await fetch(`${second.simulator}/__local/mail`)).json()).toEqual(mails);
    const { now } = (await (await post(`${second.simulator}/__local/clock`, { advance: "0s" })).json()) as {
      now: string;
    };
    expect(Date.parse(now) - Date.now()).toBeGreaterThan(399 * 86_400_000);

    // Without its table it ends too, instead of answering with errors for ever.
    for (const pid of childrenOf(dataDir)) process.kill(Number(pid), "SIGKILL");
    expect(await second.ended).toEqual([1, null]);
  });
});
