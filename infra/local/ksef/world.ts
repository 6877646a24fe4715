import { randomBytes } from "node:crypto";
import type { Ledger } from "./ledger.ts";

/** What every part of the simulator works on. */
export interface World {
  readonly ledger: Ledger;
  /** Epoch milliseconds, of the product's clock. */
  readonly now: () => number;
}

export const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const warsaw = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Warsaw", dateStyle: "short" });

/** The day in Poland. */
export const polishDay = (milliseconds: number): string => warsaw.format(milliseconds);

/** A reference as KSeF gives them: day, kind, two times ten hexadecimal digits, two more; 36 characters. */
export function newReference({ now }: World, kind: string): string {
  const hex = (digits: number) =>
    randomBytes(digits / 2)
      .toString("hex")
      .toUpperCase();
  return `${polishDay(now()).replaceAll("-", "")}-${kind}-${hex(10)}-${hex(10)}-${hex(2)}`;
}
