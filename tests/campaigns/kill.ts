/**
 * Real `kill -9` of the running system while clients write: every answer 2xx must still be true after the restart, a
 * request repeated under its key must not be done twice, and every issued invoice must end validated with one upload.
 * Which moment a kill meets depends on the machine: the seed decides only how long the system lives.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { campaign } from "./campaign.ts";

const root = join(import.meta.dirname, "../..");
const person = { email: "demo@example.com", password: "demo-password-1" };
const writers = 4;

interface Invoice {
  readonly id: string;
  readonly number: string;
  readonly status: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly apiUrl: string;
  readonly simUrl: string;
}

/** Starts the system as `npm start` does, on the addresses it had before, and waits until it says it is ready. */
async function launch(dataDir: string, before?: Running): Promise<Running> {
  const portOf = (url: string | undefined) => (url ? new URL(url).port : "0");
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: portOf(before?.apiUrl),
    SIM_PORT: portOf(before?.simUrl),
    RATE_LIMITS: "off",
  };
  const child = spawn(process.execPath, ["infra/local/run.ts"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  for await (const chunk of child.stdout) {
    said += String(chunk);
    const apiUrl = /^ready (\S+)/m.exec(said)?.[1];
    const simUrl = /simulator is on (\S+?),/.exec(said)?.[1];
    if (apiUrl && simUrl) {
      child.stdout.resume();
      return { child, apiUrl, simUrl };
    }
  }
  throw new Error(`The system did not start:\n${said}`);
}

async function kill({ child }: Running): Promise<void> {
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await ended;
}

await campaign("kill", async (book) => {
  const kills = book.scaled(1, 3, 10, 100);
  const dataDir = mkdtempSync(join(tmpdir(), "storno-kill-"));
  let system = await launch(dataDir);
  const writing = new AbortController();

  /** A request that is repeated until the system answers it. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- The caller says what the answer is.
  async function insist<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Body }> {
    for (;;) {
      try {
        const response = await fetch(`${system.apiUrl}${path}`, {
          method,
          headers: { "content-type": "application/json", ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const answer = (await response.json()) as Body;
        if (response.status < 500) return { status: response.status, body: answer };
      } catch {
        // Nobody is there; somebody will be.
      }
      await pause(100);
    }
  }

  const { body: session } = await insist<{ token: string }>("POST", "/api/auth", person);
  const headers = { authorization: `Bearer ${session.token}` };
  const clients = await insist<{ data: { id: string }[] }>("GET", "/api/v1/clients", undefined, headers);
  const [client] = clients.body.data;

  const issued = new Map<string, string>();
  const keys = new Set<string>();

  /** Writes invoice after invoice, and keeps what it was promised. */
  async function write(writer: number): Promise<void> {
    for (let n = 0; !writing.signal.aborted; n++) {
      const key = `${writer} ${n}`;
      const draft = {
        clientId: client!.id,
        lines: [{ description: key, quantity: 1, unitPrice: 10, vatRate: 21 }],
      };
      const once = (step: string) => ({ ...headers, "idempotency-key": `${step} ${key}` });
      const made = await insist<{ invoice: Invoice }>("POST", "/api/v1/invoices", draft, once("create"));
      const { id } = made.body.invoice;
      keys.add(key);
      const answer = await insist<Invoice>("POST", `/api/v1/invoices/${id}/issue`, undefined, once("issue"));
      book.check(answer.status === 200, () => `Issuing ${key} answered ${answer.status}.`);
      issued.set(id, answer.body.number);
      book.op(2);
    }
  }

  const work = Array.from({ length: writers }, (_, writer) => write(writer));
  for (let n = 0; n < kills; n++) {
    const livesMs = Math.round(500 + 1500 * book.draw(`life ${n}`));
    book.trace("system", `killed after ${livesMs} ms`);
    await pause(livesMs);
    await kill(system);
    book.fault("kill -9");
    system = await launch(dataDir, system);
  }
  writing.abort();
  await Promise.all(work);

  const validatedUrl = "/api/v1/invoices?direction=outgoing&status=validated&limit=1";
  const isSettled = async () =>
    (await insist<{ total: number }>("GET", validatedUrl, undefined, headers)).body.total >= issued.size;
  // A message that was cut off by a kill comes back after minutes, an upload is looked for over hours.
  for (let round = 0; round < 40 && !(await isSettled()); round++) {
    await pause(500);
    const advance = round < 2 ? "10s" : round < 12 ? "5m" : "1h";
    await fetch(`${system.simUrl}/__sim/clock`, { method: "POST", body: JSON.stringify({ advance }) });
    const again = await insist<{ token: string }>("POST", "/api/auth", person);
    headers.authorization = `Bearer ${again.body.token}`;
  }

  for (const [id, number] of issued) {
    const { body } = await insist<Invoice>("GET", `/api/v1/invoices/${id}`, undefined, headers);
    book.check(body.number === number, () => `${number} is now ${body.number}.`);
    book.check(body.status === "validated", () => `${number} is ${body.status}.`);
    const asked = await fetch(`${system.simUrl}/__sim/assert/uploads?cif=9000000011&number=${number}`);
    const { received, accepted } = (await asked.json()) as { received: number; accepted: number };
    book.check(accepted === 1, () => `${number}: ${accepted} accepted.`);
    book.check(received === 1, () => `${number}: ${received} received.`);
  }
  const all = "/api/v1/invoices?limit=1&direction=outgoing";
  const { total } = (await insist<{ total: number }>("GET", all, undefined, headers)).body;
  book.check(total === keys.size, () => `${keys.size} invoices were made, ${total} are there.`);
  const serials = [...issued.values()]
    .map((number) => Number(/\d+$/.exec(number)![0]))
    .toSorted((a, b) => a - b);
  book.check(
    serials.every((serial, at) => serial === serials[0]! + at),
    () => `Numbers are not one row: ${serials.join(", ")}.`,
  );
  book.figure("invoices", issued.size);
  await kill(system);
  rmSync(dataDir, { recursive: true, force: true });
});
