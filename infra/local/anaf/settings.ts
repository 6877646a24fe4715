import type { ClockMove } from "./clock.ts";

/** A finding of a validator; its text is printed as one `Error` of the rejected upload. */
export interface Issue {
  /** Rule id, such as `BR-RO-020`. */
  code: string;
  message: string;
}

/** Day and minute ceilings (ANAF.md §9). */
export interface Quotas {
  perMinute: number;
  raspPerDay: number;
  stareMesajPerDay: number;
  listaPerDay: number;
  listaPaginatedPerDay: number;
  descarcarePerDay: number;
  /** Multiplies every ceiling, never below 1: 0.01 makes them reachable in a test. */
  scale: number;
}

export interface SimulatorOptions {
  /** Same seed, same requests: same bytes. Default 1. */
  seed?: number;
  /** The only set so far; reset accepts its name. */
  fixtures?: "default";
  /** Folder of the ledger; absent keeps everything in memory. */
  dataDir?: string | undefined;
  /** Epoch milliseconds. Absent: the simulator owns a virtual clock that stands still until moved. */
  now?: (() => number) | undefined;
  /** With `now`: the product owns the clock, and `/__sim/clock` hands moves to it. */
  onClock?: ((move: ClockMove) => void) | undefined;
  /** Where an owned clock starts. Default 2026-11-20T10:00:00Z. */
  startsAt?: string;
  /** Real waiting for slow answers. Absent: an owned clock is moved instead and nobody waits. */
  sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  /** How long an in-process caller is assumed to wait before its fetch fails. Default 60. */
  clientTimeoutSeconds?: number;
  /** From upload to verdict. Default 20. */
  processingSeconds?: number;
  /** `real`: log-normal around processingSeconds and a list lag of up to 15 minutes. */
  latency?: "fixed" | "real";
  /** From verdict to the message lists. Default 30. */
  listLagSeconds?: number;
  /** Seconds by which every public request moves an owned clock; true means 1. Default off. */
  autoAdvance?: boolean | number;
  /** The certificate that answers an authorize request at once; absent shows a choice. */
  defaultHolder?: string | undefined;
  /** Accept http callbacks. ANAF does not (ANAF.md §2.1). Default true. */
  allowHttpCallback?: boolean;
  /** Whether a used refresh token dies at once, after a minute, or never. Default strict. */
  rotation?: "strict" | "grace60s" | "none";
  /** A late code closes the socket, as live, instead of answering invalid_grant. */
  realReset?: boolean;
  /** Revoke answers the documented 200 instead of the live redirect. */
  revokeWorks?: boolean;
  /** Whether standard=UBL takes a CreditNote (ANAF.md §3). Default lenient. */
  cnForCreditNote?: "lenient" | "strict";
  /** Whether a consumer invoice sent to /upload is later refused. Default lenient. */
  b2cPath?: "lenient" | "strict";
  /** HTTP status of the paginated list's errors (ANAF.md §16.1). Default 200. */
  paginatedErrors?: 200 | 400;
  /** Re-indent the signature of the test environment after signing, as ANAF did. */
  reindentTestSeal?: boolean;
  /** More than one register request per second: answer 429, hang, or look away. Default 429. */
  registerThrottle?: "429" | "hang" | "off";
  /** Block page for bodies that the real firewall dislikes (ANAF.md §8). */
  wafHeuristic?: boolean;
  /** Breached day limits a client may ignore before its app is blocked for an hour; 0 never blocks. */
  blockAfterIgnored?: number;
  quotas?: Partial<Quotas>;
  /** Which fields, beside the seller, make a document a duplicate. Default number, date and type. */
  duplicateKey?: ("number" | "date" | "type")[];
  /** Replaces the built-in rules; structure, seller and rights are still checked. */
  validator?: ((xml: string) => Issue[]) | undefined;
  /** Honour X-Sim-Fault and X-Sim-Delay on single requests. */
  allowHeaders?: boolean;
  /** Journal rows kept; older ones fall off. Default 100 000. */
  journalRows?: number;
}

export type Settings = Required<Omit<SimulatorOptions, "quotas" | "autoAdvance" | "startsAt">> & {
  quotas: Quotas;
  autoAdvanceSeconds: number;
  startsAt: number;
  /** How far the client's clock is ahead of the server's, for the end-in-the-future check. */
  clientSkewSeconds: number;
};

const defaultQuotas: Quotas = {
  perMinute: 1000,
  raspPerDay: 1000,
  stareMesajPerDay: 100,
  listaPerDay: 1500,
  listaPaginatedPerDay: 100_000,
  descarcarePerDay: 10,
  scale: 1,
};

export function readSettings(options: SimulatorOptions): Settings {
  return {
    seed: options.seed ?? 1,
    fixtures: options.fixtures ?? "default",
    dataDir: options.dataDir,
    now: options.now,
    onClock: options.onClock,
    startsAt: Date.parse(options.startsAt ?? "2026-11-20T10:00:00Z"),
    sleep: options.sleep,
    clientTimeoutSeconds: options.clientTimeoutSeconds ?? 60,
    processingSeconds: options.processingSeconds ?? 20,
    latency: options.latency ?? "fixed",
    listLagSeconds: options.listLagSeconds ?? 30,
    autoAdvanceSeconds: Number(options.autoAdvance ?? 0),
    clientSkewSeconds: 0,
    defaultHolder: options.defaultHolder,
    allowHttpCallback: options.allowHttpCallback ?? true,
    rotation: options.rotation ?? "strict",
    realReset: options.realReset ?? false,
    revokeWorks: options.revokeWorks ?? false,
    cnForCreditNote: options.cnForCreditNote ?? "lenient",
    b2cPath: options.b2cPath ?? "lenient",
    paginatedErrors: options.paginatedErrors ?? 200,
    reindentTestSeal: options.reindentTestSeal ?? false,
    registerThrottle: options.registerThrottle ?? "429",
    wafHeuristic: options.wafHeuristic ?? false,
    blockAfterIgnored: options.blockAfterIgnored ?? 0,
    quotas: { ...defaultQuotas, ...options.quotas },
    duplicateKey: options.duplicateKey ?? ["number", "date", "type"],
    validator: options.validator,
    allowHeaders: options.allowHeaders ?? false,
    journalRows: options.journalRows ?? 100_000,
  };
}
