import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { sampleInvoice } from "./documents.ts";
import { serve } from "./serve.ts";
import type { ServedSimulator } from "./serve.ts";
import { attributeIn, redirectUri } from "./visitor.ts";

/** Over real sockets: what only a socket can do, and what survives a killed process. */

const xml = sampleInvoice({
  number: "A-1",
  issueDate: "2026-11-20",
  seller: "9000000011",
  buyer: "9000000020",
});
const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function open(): Promise<ServedSimulator> {
  const simulator = await serve({ port: 0, clientTimeoutSeconds: 1 });
  cleanups.push(() => simulator.stop());
  return simulator;
}

async function tokenOf(url: string): Promise<string> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: "sim-client",
    redirect_uri: redirectUri,
    token_content_type: "jwt",
    sim_holder: "SER-ANY",
  });
  const consent = `${url}/logincert/anaf-oauth2/v1/authorize?${query.toString()}`;
  const { headers } = await fetch(consent, { redirect: "manual" });
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: new URL(headers.get("location") ?? "").searchParams.get("code") ?? "",
    redirect_uri: redirectUri,
    client_id: "sim-client",
    client_secret: "sim-secret",
  });
  const answer = await fetch(`${url}/logincert/anaf-oauth2/v1/token`, { method: "POST", body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

function upload(url: string, token: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` };
  const path = "/api-anaf/prod/FCTEL/rest/upload?standard=UBL&cif=9000000011";
  return fetch(url + path, { method: "POST", headers, body: xml, ...init });
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "answered",
    (error: Error) => (error.cause as { code?: string } | undefined)?.code ?? error.name,
  );

async function received(url: string): Promise<number> {
  const answer = await fetch(`${url}/__sim/assert/uploads?number=A-1`);
  return ((await answer.json()) as { received: number }).received;
}

async function arm(url: string, id: string, params: object = {}): Promise<void> {
  const body = JSON.stringify({ id, when: { times: 1 }, params });
  expect((await fetch(`${url}/__sim/faults`, { method: "POST", body })).status).toBe(201);
}

describe("over sockets", () => {
  it("an ordinary upload is answered", async () => {
    const { url } = await open();
    const answer = await upload(url, await tokenOf(url));
    expect(await answer.text()).toContain(`index_incarcare="5000000001"`);
  });

  it.each([
    ["upload.lost_response", /UND_ERR_SOCKET|ECONNRESET/, 1],
    ["upload.dropped", /UND_ERR_SOCKET|ECONNRESET/, 0],
    ["upload.refused_conn", /UND_ERR_SOCKET|ECONNRESET/, 0],
  ])("%s closes the connection without a byte", async (id, code, count) => {
    const { url } = await open();
    const token = await tokenOf(url);
    await arm(url, id);
    expect(await codeOf(upload(url, token))).toMatch(code);
    expect(await received(url)).toBe(count);
    expect((await upload(url, token)).status).toBe(200);
  });

  it("upload.refused_conn with seconds: nobody listens for that long, then the service is back", async () => {
    const { url } = await open();
    const token = await tokenOf(url);
    await arm(url, "upload.refused_conn", { seconds: 0.3 });
    await expect.poll(() => codeOf(upload(url, token)), { interval: 10, timeout: 5000 }).toBe("ECONNREFUSED");
    await expect.poll(() => codeOf(received(url)), { interval: 50, timeout: 5000 }).toBe("answered");
    expect(await received(url)).toBe(0);
  });

  it("gw.reset_midbody sends headers and half a body", async () => {
    const { url } = await open();
    const token = await tokenOf(url);
    await arm(url, "gw.reset_midbody");
    const answer = await upload(url, token);
    expect(answer.status).toBe(200);
    expect(await codeOf(answer.text())).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(await received(url)).toBe(1);
  });

  it("gw.hang never answers: the caller's own time limit ends it", async () => {
    const { url } = await open();
    const token = await tokenOf(url);
    await arm(url, "gw.hang");
    expect(await codeOf(upload(url, token, { signal: AbortSignal.timeout(150) }))).toBe("TimeoutError");
    expect(await received(url)).toBe(0);
  });

  it("upload.slow_accept answers late", async () => {
    const { url } = await open();
    const token = await tokenOf(url);
    await arm(url, "upload.slow_accept", { seconds: 0.2 });
    const impatient = upload(url, token, { signal: AbortSignal.timeout(50) });
    expect(await codeOf(impatient)).toBe("TimeoutError");
    expect(await received(url)).toBe(1);
  });

  it("403 on the control API under a name that is not this machine's", async () => {
    const { port } = await open();
    const { request } = await import("node:http");
    const status = await new Promise<number | undefined>((answered, failed) => {
      const options = { port, host: "127.0.0.1", path: "/__sim/state", headers: { host: "evil.example" } };
      request(options, (answer) => answered(answer.resume().statusCode))
        .on("error", failed)
        .end();
    });
    expect(status).toBe(403);
  });
});

describe("with a data folder", () => {
  it("forgets nothing when killed: uploads, tokens, faults and clock", { timeout: 30_000 }, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "anaf-sim-"));
    cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const first = await start(dataDir);
    const token = await tokenOf(first.url);
    const index = attributeIn(await (await upload(first.url, token)).text(), "index_incarcare");
    await fetch(`${first.url}/__sim/clock`, { method: "POST", body: `{"set":"2030-01-01T00:00:00Z"}` });
    await arm(first.url, "gw.503");
    await kill(first.child);

    const second = await start(dataDir);
    expect(await received(second.url)).toBe(1);
    const { now } = (await (await fetch(`${second.url}/__sim/clock`)).json()) as { now: string };
    expect(now).toMatch(/^2030-01-01T00:0/);
    const path = `/api-anaf/prod/FCTEL/rest/stareMesaj?id_incarcare=${index}`;
    const ask = (): Promise<Response> =>
      fetch(second.url + path, { headers: { "x-sim-client-cert": "", authorization: `Bearer ${token}` } });
    expect((await ask()).status).toBe(503);
    // The token was issued years ago by this clock: known, and expired.
    expect((await ask()).status).toBe(401);
    await kill(second.child);
  });
});

async function start(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const env = { ...process.env, SIM_PORT: "0", SIM_DATA_DIR: dataDir };
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleanups.push(() => kill(child));
  const url = await new Promise<string>((ready, failed) => {
    let output = "";
    child.once("exit", () => failed(new Error(`The simulator ended: ${output}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const line = /^ready (\S+)$/m.exec(output)?.[1];
      if (line !== undefined) ready(line);
    });
  });
  return { child, url };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await gone;
}
