import { everyCif } from "./fixtures.ts";
import { serve } from "./serve.ts";

/** `npm run anaf-sim`: the simulator on its own, in real time, with delays of about a second. */
const { SIM_PORT = "3001", SIM_DATA_DIR, SIM_HOST = "127.0.0.1" } = process.env;

const simulator = await serve({
  port: Number(SIM_PORT),
  host: SIM_HOST,
  dataDir: SIM_DATA_DIR,
  now: Date.now,
  processingSeconds: Number(process.env["SIM_PROCESSING_SECONDS"] ?? 1),
  listLagSeconds: Number(process.env["SIM_LIST_LAG_SECONDS"] ?? 1),
  defaultHolder: process.env["SIM_HOLDER"] ?? everyCif,
});
console.log(`ready ${simulator.url}`);
console.log(SIM_DATA_DIR ? `Ledger in ${SIM_DATA_DIR}.` : "Ledger in memory; SIM_DATA_DIR keeps it on disk.");

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    simulator.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
