import { Refusal, tooMany } from "./refusal.ts";
import { polishDay, type World } from "./world.ts";

/** The bad days of KSeF, with what each does the next `times` times it can. */
export const FAULTS = {
  "auth.slow": "a login is still running when it is asked for",
  "redeem.lost": "tokens are handed out and the answer is lost",
  "access.expired": "an access token is refused before its time",
  "session.lost": "a session is opened and the answer is lost",
  "session.ended": "the session is cancelled just before an invoice reaches it",
  "invoice.lost-before": "the connection breaks before an invoice arrives",
  "invoice.lost-after": "an invoice arrives and the answer is lost",
  "invoice.500-after": "an invoice arrives and the gateway answers 500",
  "invoice.semantic": "an invoice is refused with 450",
  "invoice.cancelled": "the system cancels an invoice with 550",
  "invoice.stuck": "an invoice stays at 150 for `hours`",
  "number.damaged": "the KSeF number comes with a wrong checksum",
  "upo.late": "there is no confirmation yet",
} as const;
export type Fault = keyof typeof FAULTS;

export interface Armed {
  readonly left: number;
  readonly hours: number;
}

/** Arms a fault for its next `times` occasions. */
export function arm({ ledger }: World, id: Fault, { times = 1, hours = 24 } = {}): void {
  ledger.put("fault", id, { left: times, hours });
}

/** Whether a fault hits now; uses it up. */
export function strikes({ ledger }: World, id: Fault): Armed | undefined {
  const armed = ledger.find("fault", id);
  if (!armed || armed.left <= 0) return undefined;
  ledger.put("fault", id, { ...armed, left: armed.left - 1 });
  return armed;
}

/** The connection ends without an answer. */
export class Cut extends Error {}

export interface Block {
  readonly until: number;
  readonly seconds: number;
  /** Somebody was told to wait. */
  readonly isTold: boolean;
}

/** Blocks every call for some seconds, as after too many of them. */
export const block = ({ ledger, now }: World, seconds: number): void =>
  ledger.put("block", "all", { until: now() + seconds * 1000, seconds, isTold: false });

/** Refuses while blocked. Whoever was told and does not wait is blocked for longer. */
export function assertNotBlocked({ ledger, now }: World): void {
  const current = ledger.find("block", "all");
  if (!current || current.until <= now()) return;
  const until = current.until + (current.isTold ? current.seconds * 1000 : 0);
  ledger.put("block", "all", { ...current, until, isTold: true });
  throw tooMany(Math.ceil((until - now()) / 1000));
}

/** The gateway's own failure. */
export const gatewayError = (world: World): Refusal =>
  new Refusal(500, { title: "Internal Server Error", status: 500, detail: polishDay(world.now()) });
