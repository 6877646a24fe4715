/** Exact decimals as whole numbers of 10⁻⁸: enough for the sums an invoice is checked for. */
const scale = 8;

/** The value of a decimal text; undefined when it is none. */
export function parseAmount(text: string): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (!match || !(match[2] || match[3])) return undefined;
  const [, sign, whole = "", fraction = ""] = match;
  const value = BigInt(whole + fraction.slice(0, scale).padEnd(scale, "0"));
  return sign === "-" ? -value : value;
}

/** Rounds to two decimals the way XPath's round() does: half towards plus infinity. */
export function roundToCents(value: bigint): bigint {
  const unit = 10n ** BigInt(scale - 2);
  const shifted = value + unit / 2n;
  const floored = shifted >= 0n ? shifted / unit : -((-shifted + unit - 1n) / unit);
  return floored * unit;
}

/** `value × percent / 100`. */
export function percentOf(value: bigint, percent: bigint): bigint {
  return (value * percent) / (100n * one);
}

export const one = 10n ** BigInt(scale);
