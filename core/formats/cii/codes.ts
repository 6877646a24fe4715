/** UNTDID 1001 codes of referenced documents: tender or lot (BT-17), invoiced object (BT-18), anything else (BG-24). */
export const REFERENCE_TYPES = { tender: "50", object: "130", supporting: "916" } as const;

/** What EN 16931 says in UNTDID 2005 (BT-8), this syntax says in UNTDID 2475: date of invoice, delivery, payment. */
const TAX_POINTS: readonly (readonly [syntax: string, standard: string])[] = [
  ["5", "3"],
  ["29", "35"],
  ["72", "432"],
];

/** BT-8 as the model has it, from the code of this syntax; one that says nothing here stays as written. */
export const taxPointIn = (code: string): string =>
  TAX_POINTS.find(([syntax]) => syntax === code)?.[1] ?? code;

/** BT-8 as this syntax writes it. */
export const taxPointOut = (code: string): string =>
  TAX_POINTS.find(([, standard]) => standard === code)?.[0] ?? code;
