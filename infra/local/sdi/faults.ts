/** What goes wrong between the product and the intermediary, or between that and the exchange. */
export const FAULTS = [
  /** The file is taken and the connection cut: what a time-out looks like to its caller. */
  "lost",
  /** The file is taken and the answer is 500. */
  "error_after",
  /** Nothing is taken and the answer is 503. */
  "error_before",
  /** Nothing is taken: 429 with Retry-After. */
  "throttled",
  /** The file is taken, but its messages come `seconds` later. */
  "late",
  /** The file is taken and the list shows it only `seconds` later; the connection is cut. */
  "unlisted",
  /** The exchange's message is pushed before the answer to the sending. */
  "notice_first",
  /** The intermediary does not notice that it has a name already and hands a second copy on. */
  "second_copy",
  /** A question for a file is answered with 500. */
  "status_error",
  /** A question for files by name is answered with 500. */
  "list_error",
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
