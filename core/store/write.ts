import type { Attributes, Key } from "./table.ts";

/**
 * One change to one row, as a value: verbs gather what must happen together and hand it to commit().
 * Every write has a condition, because nothing here may overwrite what it has not seen.
 */
export type Write = (
  | { readonly put: Attributes; readonly when: "absent" }
  | { readonly put: Attributes; readonly when: { readonly rev: number } }
  | { readonly remove: Key; readonly when: { readonly rev: number } | "present" }
  | { readonly check: Key; readonly when: { readonly rev: number } }
) & {
  /** What to throw when the condition does not hold; without it, `Stale`. */
  readonly refusal?: () => Error;
};

/** Somebody else changed the row since it was read. Read again and decide again; see `untilCommitted`. */
export class Stale extends Error {
  constructor() {
    super("The row was changed by somebody else.");
    this.name = "Stale";
  }
}
