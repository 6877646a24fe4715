import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Local } from "#infra/local/engine.ts";

/** A request of the product's to ANAF. */
export interface AnafCall {
  readonly verb: "upload" | "stare" | "lista" | "descarcare" | "token" | "other";
  readonly query: URLSearchParams;
  readonly body: string;
}

const verbs: readonly [RegExp, AnafCall["verb"]][] = [
  [/\/upload(b2c)?$/, "upload"],
  [/\/stareMesaj$/, "stare"],
  [/\/listaMesajePaginatieFactura$/, "lista"],
  [/\/descarcare$/, "descarcare"],
  [/\/token$/, "token"],
];

/**
 * Leads every request to the simulated ANAF through a rule, which names the fault that this very request meets
 * (`id;parameter=value`), or nothing. The simulator is called in this process: a connection that is refused, hangs or
 * breaks then fails at once and in exactly the way in which fetch fails.
 */
export function tapAnaf(local: Local, rule: (call: AnafCall) => string | undefined): void {
  const { url, app } = local.simulator;
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!request.url.startsWith(url)) return real(input, init);
    const { pathname, searchParams: query } = new URL(request.url);
    const verb = verbs.find(([path]) => path.test(pathname))?.[1] ?? "other";
    const body = verb === "upload" ? await request.clone().text() : "";
    const fault = rule({ verb, query, body });
    if (fault !== undefined) request.headers.set("x-sim-fault", fault);
    return app.fetch(request);
  };
}

/** The simulator's own ledger, read from its file: what the authority really has. */
export function openLedger(local: Local) {
  const database = new DatabaseSync(join(local.dataDir, "anaf", "anaf-sim.sqlite"), { readOnly: true });
  return <Row>(sql: string, ...values: (string | number)[]): Row[] =>
    database.prepare(sql).all(...values) as Row[];
}
