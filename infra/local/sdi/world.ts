import type { Manners } from "./exchange.ts";
import type { orders } from "./faults.ts";
import type { Ledger } from "./ledger.ts";

/** What every call sees. */
export interface World {
  readonly now: () => number;
  readonly ledger: Ledger;
  readonly manners: Manners;
  readonly faults: ReturnType<typeof orders>;
  /** Where messages are pushed to; empty: nowhere. */
  notifyUrl: string;
}
