/**
 * `npm start`: the whole system on this machine, working by itself until it is told to stop.
 * PORT (3000), SIM_PORT (3001), HOST (127.0.0.1), DATA_DIR (.data) and SEED=none are read from the environment, and so
 * is every setting of infra/settings.ts.
 */
import { existsSync, writeFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Halves the time of every start but the first; so the rest is imported after it.
enableCompileCache(join(import.meta.dirname, "../../node_modules/.cache/compiled"));
const { settingNames } = await import("#infra/settings.ts");
const { start } = await import("./engine.ts");

const { PORT = "3000", SIM_PORT = "3001", HOST = "127.0.0.1", DATA_DIR = ".data" } = process.env;

/** How long a stop waits for work in progress; what is cut off is done again at the next start. */
const patienceMs = 10_000;

const local = await start({
  dataDir: DATA_DIR,
  host: HOST,
  port: Number(PORT),
  simulatorPort: Number(SIM_PORT),
  simulator: { processingSeconds: 1, listLagSeconds: 1, defaultHolder: "SER-ANY" },
  env: given(settingNames),
}).catch(explain);

await seed();
// The first request loads the API's code; it is ours, so that "ready" is true for the next.
await local.fetch("/health");
local.run();
stopOn("SIGTERM", "SIGINT");
announce();

/** What the caller's environment says about the product's settings. */
function given(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function explain(error: NodeJS.ErrnoException & { port?: number }): never {
  if (error.code === "EADDRINUSE")
    console.error(`Port ${error.port} is taken. Choose others: PORT=3100 SIM_PORT=3101 npm start`);
  else console.error(error);
  process.exit(1);
}

/** Fills an empty data folder with the demo organization, once. */
async function seed() {
  const file = join(import.meta.dirname, "seed.ts");
  const seeded = join(DATA_DIR, "seeded");
  if (process.env.SEED === "none" || existsSync(seeded) || !existsSync(file)) return;
  const { seed: fill } = (await import(file)) as { seed: () => Promise<void> };
  await fill();
  await local.drain();
  writeFileSync(seeded, "");
}

/** Ends in good order; a second signal, or work that does not end, ends it at once. */
function stopOn(...signals: NodeJS.Signals[]) {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(0), patienceMs).unref();
    local.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.on(signal, stop);
  // npm that was killed outright cannot pass a signal on.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && stop(), 1_000).unref();
}

/** Says where everything is, and three lines to paste: signing in (or up, on an empty system), me, the mails. */
function announce() {
  const { apiUrl, simulator } = local;
  const seeded = existsSync(join(DATA_DIR, "seeded"));
  const path = seeded ? "/api/auth" : "/api/auth/register";
  const person = { email: "demo@example.com", password: "demo-password-1" };
  console.log(`ready ${apiUrl}`);
  console.log(`\nThe ANAF simulator is on ${simulator.url}, the data in ${DATA_DIR}. Try:\n`);
  console.log(
    `TOKEN=$(curl -s ${apiUrl}${path} -H 'content-type: application/json' -d '${JSON.stringify(person)}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
  );
  console.log(`curl -s ${apiUrl}/api/v1/me -H "authorization: Bearer $TOKEN"`);
  console.log(`curl -s ${simulator.url}/__local/mail`);
}
