import { join } from "node:path";
import { now } from "#core/lib/clock.ts";
import { type Abroad, abroad } from "./abroad.ts";
import type { Handler } from "./anaf/serve.ts";
import type { SimulatorOptions } from "./anaf/settings.ts";

interface Place {
  host: string;
  port: number;
  dataDir: string;
  onClock: NonNullable<SimulatorOptions["onClock"]>;
  local: Handler;
}

/**
 * Serves the simulated ANAF on the product's clock, its ledger beside the product's data, and beside it the networks of
 * other countries; nothing when not wanted. `settings` lead every outside host to its prefix in the simulator, and have
 * the product trust its seal.
 */
export async function startSimulator(wanted: boolean | SimulatorOptions | undefined, place: Place) {
  if (!wanted) return undefined;
  const { serve } = await import("./anaf/serve.ts");
  const { dataDir, local, ...rest } = place;
  const others = abroad({ now, dataDir });
  const simulator = await serve({
    now,
    ...(wanted === true ? {} : wanted),
    ...rest,
    dataDir: join(dataDir, "anaf"),
    beside: (path) => (path.startsWith("/__local/") ? local : others.at(path)),
  });
  const { pem, rootCertificate, testSigner } = await import("./anaf/certificates.ts");
  const signers = [rootCertificate(), ...testSigner().chain].map(pem).join("");
  const settings = { ...settingsFor(simulator.url, others), ANAF_SEAL_CERTIFICATES: signers };
  const stop = async () => {
    await simulator.stop();
    await others.stop();
  };
  return { ...simulator, stop, settings };
}

const settingsFor = (url: string, others: Abroad): Record<string, string> => ({
  ...others.settings(url),
  ANAF_LOGIN_URL: `${url}/logincert`,
  ANAF_API_URL: `${url}/api-anaf`,
  ANAF_PUBLIC_URL: `${url}/webservicesp`,
  VIES_URL: `${url}/vies`,
  BNR_URL: `${url}/curs-bnr`,
});
