import { filled, someText } from "../engine/tests.ts";
import type { Test } from "../engine/rule.ts";

/**
 * The CEN rule files exist in editions that differ in details. RO_CIUS 1.0.9 carries an older one; the European
 * profile uses 1.3.16.
 */
export interface Edition {
  /**
   * How "must be given" is asked. The older edition compares with the empty string, so blanks pass and several values
   * are fine; the newer one normalizes blanks first.
   */
  readonly given: (...paths: readonly string[]) => Test;
  /** What the rules of the Canary Islands (IGIC, code L) and of Ceuta and Melilla (IPSI, code M) are called. */
  readonly igic: string;
  readonly ipsi: string;
  /** Code lists by rule. */
  readonly codes: "ro-cius-1.0.9" | "en16931-1.3.16";
  readonly isOlder: boolean;
}

export const older: Edition = {
  given: someText,
  igic: "IG",
  ipsi: "IP",
  codes: "ro-cius-1.0.9",
  isOlder: true,
};

export const newer: Edition = {
  given: filled,
  igic: "AF",
  ipsi: "AG",
  codes: "en16931-1.3.16",
  isOlder: false,
};
