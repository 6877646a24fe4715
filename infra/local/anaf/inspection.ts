import type { World } from "./call.ts";
import { app, fixtureCompanies, holders } from "./fixtures.ts";
import { cifsOf } from "./rights.ts";

/** What tests may look at: `/__sim/state` and `/__sim/assert/uploads` (SIMULATOR.md §9). */

interface Count {
  env: string;
  state: string;
  n: number;
}

/** A summary of everything the ledger holds; uploads and messages newest first, at most 500 of each. */
export function describe(world: World): object {
  const { ledger, clock, settings } = world;
  const uploads = ledger.all<{ errors: string | null; received: number; ready: number }>(
    `SELECT env, idx AS "index", path, standard, flags, cif, serial, sha256, received, ready, state, download, errors,
       seller, buyer, number, issued AS issueDate, type, total, marker
     FROM uploads ORDER BY received DESC, idx DESC LIMIT 500`,
  );
  const messages = ledger.all<{ created: number; listed: number; expires: number }>(
    "SELECT env, id, upload, tip, cif, detalii, created, listed, expires FROM messages ORDER BY created DESC, id DESC LIMIT 500",
  );
  return {
    now: instant(clock.now()),
    clock: clock.kind,
    seed: settings.seed,
    app: { clientId: app.clientId, callbackPath: app.callbackPath },
    holders: Object.keys(holders).map((serial) => ({ serial, cifs: cifsOf(world, serial) })),
    companies: fixtureCompanies.map(({ cui, name }) => ({ cui, name })),
    counts: ledger.all<Count>(
      "SELECT env, state, count(*) AS n FROM uploads GROUP BY env, state ORDER BY env, state",
    ),
    tokens: ledger.all("SELECT kind, serial, family, expires, dead FROM tokens ORDER BY expires LIMIT 500"),
    uploads: uploads.map((row) => ({
      ...row,
      received: instant(row.received),
      ready: instant(row.ready),
      errors: JSON.parse(row.errors ?? "[]") as string[],
    })),
    messages: messages.map((row) => ({
      ...row,
      created: instant(row.created),
      listed: instant(row.listed),
      expires: instant(row.expires),
    })),
    faults: world.faults.list(),
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** How often a document number was really received, and with what end. `cif` is the seller or the uploader. */
export function countUploads(world: World, query: Record<string, string>): object {
  const { cif = "", number = "" } = query;
  const rows = world.ledger.all<{ idx: number; state: string }>(
    `SELECT idx, state FROM uploads WHERE (? = '' OR number = ?) AND (? = '' OR seller = ? OR cif = ?) ORDER BY env, idx`,
    number,
    number,
    cif,
    cif,
    cif,
  );
  const processing = rows.filter(({ state }) => state === "in prelucrare").length;
  const accepted = rows.filter(({ state }) => state === "ok").length;
  return {
    received: rows.length,
    accepted,
    rejected: rows.length - accepted - processing,
    indexes: rows.map(({ idx }) => String(idx)),
  };
}
