/** Amounts as whole numbers of hundred-millionths: eight decimals are all the format has. */
export type Units = bigint;

const ONE = 100_000_000n;
export const CENT: Units = 1_000_000n;

/** The number of a text that the schema has found to be one; nothing counts as 0. */
export function units(text: string): Units {
  const [, sign = "", whole = "0", part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const value = BigInt(whole) * ONE + BigInt(part.padEnd(8, "0") || "0");
  return sign ? -value : value;
}

/** The product of two numbers, half a unit rounded away from zero. */
export function times(a: Units, b: Units): Units {
  const product = a * b;
  const half = product < 0n ? -ONE / 2n : ONE / 2n;
  return (product + half) / ONE;
}

/** A number at two decimals, half a cent rounded away from zero. */
export function cents(value: Units): Units {
  const half = value < 0n ? -CENT / 2n : CENT / 2n;
  return ((value + half) / CENT) * CENT;
}

export const distance = (a: Units, b: Units): Units => (a > b ? a - b : b - a);
