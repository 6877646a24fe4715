import { setTimeout as pause } from "node:timers/promises";
import type { SimulatorOptions } from "#infra/local/anaf/settings.ts";
import { type Local, start } from "#infra/local/engine.ts";
import { line, organizationOf, withInvoices } from "./with-invoices.ts";

/** The engine with a simulated ANAF that works as fast as on a good day. */
export const startWithAnaf = (
  simulator: SimulatorOptions = {},
  env: Record<string, string> = {},
  { observe = false } = {},
) =>
  start({
    observe,
    simulator: {
      processingSeconds: 1,
      listLagSeconds: 1,
      defaultHolder: "SER-ANY",
      registerThrottle: "off",
      ...simulator,
    },
    env,
  });

/** Tokens as a browser would fetch them: the consent page of the simulator answers at once for a holder. */
export async function fetchPair(holder = "SER-ANY") {
  const { authorizeUrl, exchangeCode } = await import("#core/providers/anaf/oauth.ts");
  const { client } = await import("#core/einvoicing/connections.ts");
  const consent = await fetch(`${authorizeUrl(client(), "x")}&sim_holder=${holder}`, { redirect: "manual" });
  const code = new URL(consent.headers.get("location")!).searchParams.get("code")!;
  const outcome = await exchangeCode(client(), code);
  if (outcome.result !== "pair") throw new Error(`ANAF gave no tokens: ${outcome.message}`);
  return outcome.pair;
}

export type Connected = Awaited<ReturnType<typeof withConnection>>;

/** A fresh company that is connected to ANAF, ready to issue and submit. */
export async function withConnection(local: Local, options: { cif?: string; holder?: string } = {}) {
  const owner = await withInvoices(local, options.cif);
  const organizationId = await organizationOf(owner);
  const [Invoices, { system }, { NewInvoice }, { storeConnection }] = await Promise.all([
    import("#core/documents/invoices/index.ts"),
    import("#core/lib/actor.ts"),
    import("#core/model/invoice-input.ts"),
    import("#core/einvoicing/connections.ts"),
  ]);
  const user = { organizationId, userId: userOf(owner.token) };
  const connection = await storeConnection(user, await fetchPair(options.holder), {
    cifs: [owner.company.cif],
  });

  const actor = system(organizationId, owner.company.id);

  /** An invoice that was issued, past the API: hours pass in these tests, and sessions end with them. */
  async function issuedLater(given: Record<string, unknown> = {}) {
    const lines = [line()];
    const input = NewInvoice.parse({ clientId: owner.client.id, lines, ...given });
    const { invoice } = await Invoices.create(actor, input);
    return Invoices.issue(actor, invoice.id);
  }

  /** An invoice that was issued and submitted; nothing has left yet. */
  const submitted = async (given: Record<string, unknown> = {}) =>
    Invoices.submit(actor, (await issuedLater(given)).id);

  /** The invoice as it is stored: hours pass in these tests, and sessions end with them. */
  async function get(id: string) {
    const { invoices } = await import("#core/documents/invoices/collection.ts");
    return invoices.get(owner.company.id, id);
  }
  return { ...owner, organizationId, actor, connection, issuedLater, submitted, get };
}

export const userOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString("utf8")) as { sub: string }).sub;

/** Moves time in steps and lets everything happen that falls due on the way. */
export async function pass(local: Local, step: string, times = 1): Promise<void> {
  await local.drain();
  for (let n = 0; n < times; n++) {
    local.clock({ advance: step });
    await local.drain();
  }
}

/** What the simulator knows of a document number: uploads received, accepted, rejected. */
export async function ledgerOf(local: Local, cif: string, number: string) {
  const response = await reached(() =>
    fetch(`${local.simulator.url}/__sim/assert/uploads?cif=${cif}&number=${number}`),
  );
  return (await response.json()) as {
    received: number;
    accepted: number;
    rejected: number;
    indexes: string[];
  };
}

/** A request to the simulator's control board. */
export async function control(local: Local, path: string, body?: unknown, method = "POST") {
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: json };
  const response = await reached(() => fetch(`${local.simulator.url}/__sim${path}`, { method, ...sent }));
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

const json = { "content-type": "application/json" };

/** Repeats a request while nobody listens: one of the faults is just that, for a second. */
async function reached(request: () => Promise<Response>): Promise<Response> {
  for (let tries = 0; ; tries++) {
    try {
      return await request();
    } catch (error) {
      if (tries > 100) throw error;
      await pause(50);
    }
  }
}
