import type { orders } from "./faults.ts";
import type { Ledger } from "./ledger.ts";

/** What every call sees. */
export interface World {
  readonly now: () => number;
  readonly ledger: Ledger;
  readonly faults: ReturnType<typeof orders>;
  readonly manners: { processingSeconds: number; readonly unknownRecipients: Set<string> };
  /** Tokens that were given, and when they end. */
  readonly tokens: Map<string, number>;
}
