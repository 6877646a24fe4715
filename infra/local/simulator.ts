import type { HttpBindings } from "@hono/node-server";
import { now } from "#core/lib/clock.ts";
import type { SimulatorOptions } from "./anaf/settings.ts";

interface Place {
  host: string;
  port: number;
  dataDir: string;
  onClock: NonNullable<SimulatorOptions["onClock"]>;
  local: (request: Request, env: HttpBindings) => Response | Promise<Response>;
}

/**
 * Serves the simulated ANAF on the product's clock, its ledger beside the product's data; nothing when not wanted.
 * `settings` lead every outside host to its prefix in the simulator, and have the product trust its seal.
 */
export async function startSimulator(wanted: boolean | SimulatorOptions | undefined, place: Place) {
  if (!wanted) return undefined;
  const { serve } = await import("./anaf/serve.ts");
  const simulator = await serve({ now, ...(wanted === true ? {} : wanted), ...place });
  const { pem, rootCertificate, testSigner } = await import("./anaf/certificates.ts");
  const signers = [rootCertificate(), ...testSigner().chain].map(pem).join("");
  return { ...simulator, settings: { ...settingsFor(simulator.url), ANAF_SEAL_CERTIFICATES: signers } };
}

const settingsFor = (url: string): Record<string, string> => ({
  ANAF_LOGIN_URL: `${url}/logincert`,
  ANAF_API_URL: `${url}/api-anaf`,
  ANAF_PUBLIC_URL: `${url}/webservicesp`,
  VIES_URL: `${url}/vies`,
  BNR_URL: `${url}/curs-bnr`,
});
