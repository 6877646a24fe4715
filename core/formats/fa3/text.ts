import { element, limited } from "../markup.ts";

const NONCHARACTERS = /\p{Noncharacter_Code_Point}/gu;

/** An element with text on one line, cut to what its type takes, less the characters KSeF refuses beyond XML's own. */
export const text = (name: string, written: string | null | undefined, length = 256): string =>
  element(name, limited(written?.replace(NONCHARACTERS, ""), length));

/** FA(3) answers yes and no with 1 and 2. */
export const yesOrNo = (name: string, holds: boolean): string => element(name, holds ? "1" : "2");
