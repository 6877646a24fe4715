import { element, group } from "#core/formats/markup.ts";
import type { Day } from "#core/lib/dates.ts";
import type { Decimal } from "#core/lib/decimal.ts";
import type { VatCategory } from "#core/model/words.ts";
import { compactDay } from "./days.ts";

/** Amounts as a document writes them: positive on credit notes. */
export interface Money {
  readonly currency: string;
  readonly isTurned: boolean;
}

/** An amount with two decimals and the sign its document wants. In this syntax it has no currency of its own. */
export const amount = (name: string, value: Decimal, { isTurned }: Money): string =>
  plainAmount(name, isTurned ? value.negated() : value);

export const plainAmount = (name: string, value: Decimal): string => element(name, value.text(2));

/** A day in a group of its own, `part` being the element that its place in the schema wants. */
export const day = (name: string, value: Day | null | undefined, part = "udt:DateTimeString"): string =>
  value ? group(name, element(part, compactDay(value), ' format="102"')) : "";

/** A VAT category as lines and allowances name it. Out of scope has no percentage (BR-O-05). */
export const tradeTax = (name: string, category: VatCategory, rate: string): string =>
  group(
    name,
    element("ram:TypeCode", "VAT") +
      element("ram:CategoryCode", category) +
      (category === "O" ? "" : element("ram:RateApplicablePercent", rate)),
  );
