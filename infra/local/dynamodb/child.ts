import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A DynamoDB endpoint on this machine, and how to let go of it. */
export interface Endpoint {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the embedded DynamoDB (one small Rust binary over SQLite), or uses DYNAMODB_ENDPOINT on machines it is not
 * built for. The child hangs on a pipe that only we hold: however we end, kill -9 included, the pipe closes and the
 * shell between us ends the child.
 */
export async function startDynamo(directory: string): Promise<Endpoint> {
  const elsewhere = process.env.DYNAMODB_ENDPOINT;
  if (elsewhere) return { url: elsewhere, stop: async () => {} };
  const binary = locate();
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(binary, directory, await freePort());
    } catch (error) {
      // Another process may have taken the port between our asking and the child's binding.
      if (attempt === 5) throw error;
    }
  }
}

function locate(): string {
  try {
    return createRequire(import.meta.url).resolve("@dynoxide/linux-x64/dynoxide");
  } catch {
    throw new Error(
      "The embedded DynamoDB is built for Linux on x64 only. Start DynamoDB Local (or another emulator with transactions and streams) and set DYNAMODB_ENDPOINT to its URL.",
    );
  }
}

/** Runs "$@" and ends with it, or ends it when standard input closes. */
const guard = `exec 3<&0; "$@" </dev/null 3<&- & child=$!
(cat <&3 >/dev/null; kill $child) 2>/dev/null & wait $child`;

async function launch(binary: string, directory: string, port: number): Promise<Endpoint> {
  const file = join(directory, "dynamo.db");
  const serve = ["serve", "--host", "127.0.0.1", "--port", String(port), "--db-path", file];
  const shell = spawn("/bin/sh", ["-c", guard, "sh", binary, ...serve], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const exited = new Promise<void>((done) => shell.once("exit", () => done()));
  let said = "";
  await new Promise<void>((ready, failed) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (/listening/i.test(said)) ready();
      if (/error|in use/i.test(said)) failed(new Error(said));
    };
    shell.stdout.on("data", listen);
    shell.stderr.on("data", listen);
    shell.once("error", failed);
    shell.once("exit", () => failed(new Error(`The embedded DynamoDB ended at once: ${said}`)));
  }).catch((error: unknown) => {
    shell.stdin.end();
    throw error;
  });
  indexStream(file);
  shell.unref();
  const die = () => {
    console.error(`The embedded DynamoDB ended, and nothing works without it. ${said}`);
    process.exit(1);
  };
  shell.once("exit", die);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      shell.off("exit", die);
      shell.ref();
      shell.stdin.end();
      await exited;
    },
  };
}

/**
 * Numbering a stream record and reading the next ones go through all records there are, with every write: after an
 * hour of work each write takes milliseconds. An index keeps the table as fast as it was on its first day.
 */
function indexStream(file: string): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  database.exec(
    "CREATE INDEX IF NOT EXISTS _stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
  );
  database.close();
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once("error", failed).listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}
