/**
 * `npm run bench`: one JSON line per measure. Speeds are ratios against a named peer in the same run; costs are the
 * table's own account. Name some to run only those: `npm run bench -- units rules`.
 */
import { coldStart } from "./cold-start.ts";
import { rules } from "./rules.ts";
import { startUp } from "./start-up.ts";
import { units } from "./units.ts";

const benches: Record<string, () => Promise<void>> = { start: startUp, cold: coldStart, units, rules };

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  const bench = benches[name];
  if (!bench) throw new Error(`There is no bench "${name}"; there are ${Object.keys(benches).join(", ")}.`);
  await bench();
}
// Emulators of several benches may still be closing their sockets.
process.exit(0);
