/** What goes wrong at PISTE or at Chorus Pro. */
export const FAULTS = [
  /** PISTE takes no token any more that it gave until now. */
  "token_expired",
  /** PISTE gives no token: 503. */
  "login_down",
  /** The technical account is refused: 403. */
  "account_refused",
  /** A deposit is refused with a code, under HTTP 200. */
  "refused",
  /** A deposit is taken and the connection cut: what a time-out looks like to its caller. */
  "lost",
  /** A deposit is taken and the answer is 500. */
  "error_after",
  /** Nothing is taken: 429 with Retry-After. */
  "throttled",
  /** The deposited flow stays where it is for `seconds`. */
  "stuck",
  /** The deposited invoice comes in, but searches show it only `seconds` later. */
  "unlisted",
  /** The deposited flow is integrated in part: without this invoice. */
  "partial",
  /** The system fails over the deposited flow. */
  "incident",
  /** A question is answered with a code other than 0, under HTTP 200. */
  "question_refused",
] as const;
export type FaultName = (typeof FAULTS)[number];

export interface Ordered {
  readonly name: FaultName;
  readonly times: number;
  readonly seconds: number;
}

/** Faults that were ordered and have not happened yet. */
export function orders() {
  const waiting = new Map<FaultName, Ordered>();
  return {
    order(fault: Ordered): void {
      waiting.set(fault.name, fault);
    },
    /** Whether a fault is due now; counts it. */
    take(name: FaultName): Ordered | undefined {
      const fault = waiting.get(name);
      if (!fault) return undefined;
      if (fault.times > 1) waiting.set(name, { ...fault, times: fault.times - 1 });
      else waiting.delete(name);
      return fault;
    },
  };
}
