import { catalogue } from "./fault-catalogue.ts";
import type { Fault } from "./fault-catalogue.ts";
import { parseDuration } from "./clock.ts";
import type { Call, FaultParams, Verb, World } from "./call.ts";

/** Which calls an armed fault hits; an absent field matches everything (SIMULATOR.md §9). */
export interface FaultCondition {
  verb?: Verb;
  env?: string;
  cif?: string | number;
  index?: string | number;
  /** Only the n-th matching call since arming. */
  nth?: number;
  /** Each n-th matching call. */
  every?: number;
  /** With this probability, decided by the seed. */
  prob?: number;
  /** Not after this instant, or this long after arming. */
  until?: string;
  /** At most so many times. */
  times?: number;
}

interface Armed {
  /** Arming the same fault for the same verb, env, cif and index replaces it. */
  key: string;
  id: string;
  when: FaultCondition;
  params: FaultParams;
  matched: number;
  fired: number;
}

export interface ArmedFault {
  id: string;
  when: FaultCondition;
  params: FaultParams;
  fired: number;
}

/** The switchboard. Armed faults and their counts are kept in the ledger, so a killed process resumes them. */
export interface FaultBoard {
  arm(id: string, when: FaultCondition, params: FaultParams): void;
  /** Without an id: all of them. */
  disarm(id?: string): void;
  list(): ArmedFault[];
  /** The faults that hit this call, counted. */
  match(call: Call): Map<string, FaultParams>;
  reload(): void;
}

interface FaultRow {
  key: string;
  id: string;
  condition: string;
  params: string;
  matched: number;
  fired: number;
}

export function createFaultBoard(world: Pick<World, "ledger" | "chance" | "clock">): FaultBoard {
  const { ledger, chance, clock } = world;
  let armed: Armed[] = [];

  const board: FaultBoard = {
    reload: () => {
      armed = ledger.all<FaultRow>("SELECT * FROM faults ORDER BY seq").map((row) => ({
        key: row.key,
        id: row.id,
        when: JSON.parse(row.condition) as FaultCondition,
        params: JSON.parse(row.params) as FaultParams,
        matched: row.matched,
        fired: row.fired,
      }));
    },
    arm: (id, when, params) => {
      const key = [id, when.verb, when.env, when.cif, when.index].join("|");
      const condition = JSON.stringify({
        ...when,
        ...(when.until ? { until: endOf(when.until, clock.now()) } : {}),
      });
      const seq = ledger.next("faults", 1);
      const sql = "INSERT OR REPLACE INTO faults VALUES(?, ?, ?, ?, 0, 0, ?)";
      ledger.run(sql, key, id, condition, JSON.stringify(params), seq);
      board.reload();
    },
    disarm: (id) => {
      if (id === undefined) ledger.run("DELETE FROM faults");
      else ledger.run("DELETE FROM faults WHERE id = ?", id);
      // The block outlives its cause by an hour; disarming ends both.
      if (id === undefined || id === "quota.block") ledger.setMeta("blocked.until", 0);
      board.reload();
    },
    list: () => armed.map(({ id, when, params, fired }) => ({ id, when, params, fired })),
    match: (call) => {
      const hits = new Map<string, FaultParams>();
      for (const fault of armed) {
        if (!concerns(fault, call)) continue;
        fault.matched++;
        if (isDue(fault, chance.draw(`fault ${fault.key} ${fault.matched}`))) {
          fault.fired++;
          hits.set(fault.id, fault.params);
        }
        const sql = "UPDATE faults SET matched = ?, fired = ? WHERE key = ?";
        ledger.run(sql, fault.matched, fault.fired, fault.key);
      }
      return hits;
    },
  };
  board.reload();
  return board;
}

function endOf(until: string, now: number): string {
  const length = parseDuration(until);
  return length === undefined ? until : new Date(now + length).toISOString();
}

function concerns({ id, when }: Armed, call: Call): boolean {
  const fault = catalogue[id];
  if (!fault?.verbs.includes(call.verb)) return false;
  if (when.verb !== undefined && when.verb !== call.verb) return false;
  if (when.env !== undefined && when.env !== call.env) return false;
  if (when.cif !== undefined && String(when.cif) !== cifOf(call)) return false;
  if (when.index !== undefined && String(when.index) !== indexOf(call)) return false;
  if (when.until !== undefined && call.now > Date.parse(when.until)) return false;
  return fault.only === undefined || parts[fault.only](call);
}

function isDue({ when, matched, fired }: Armed, draw: number): boolean {
  if (when.times !== undefined && fired >= when.times) return false;
  if (when.nth !== undefined && matched !== when.nth) return false;
  if (when.every !== undefined && matched % when.every !== 0) return false;
  return when.prob === undefined || draw < when.prob;
}

const parts: Record<NonNullable<Fault["only"]>, (call: Call) => boolean> = {
  "later pages": (call) => Number(call.query.get("pagina")) > 1,
  refresh: (call) => grantOf(call) === "refresh_token",
  code: (call) => grantOf(call) === "authorization_code",
  "async read": (call) => call.method === "GET" && call.path.includes("AsynchWebService"),
  state: (call) => call.path.includes("/stareMesaj/"),
  upload: (call) => call.path.includes("/upload/"),
};

function grantOf(call: Call): string | null {
  return new URLSearchParams(Buffer.from(call.body).toString()).get("grant_type");
}

function cifOf(call: Call): string | undefined {
  return call.route["cif"] ?? call.query.get("cif") ?? call.query.get("cui") ?? undefined;
}

function indexOf(call: Call): string | undefined {
  return call.route["index"] ?? call.query.get("id_incarcare") ?? call.query.get("id") ?? undefined;
}
