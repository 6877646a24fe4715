import * as z from "zod";

declare const decimalText: unique symbol;

/**
 * An exact number as canonical text (`-12.5`, never `12.50`, `+1` or `1e3`): the form in which amounts, prices,
 * quantities and rates are stored and passed around, so equal values are equal strings and `+` on two of them is
 * visibly wrong. Calculate through {@link Decimal}.
 */
export type DecimalText = string & { readonly [decimalText]: true };

const NUMERIC = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

const MINUS = 45;
const POINT = 46;
const ZERO_SIGN = 48;
/** Any number of so many digits is a safe integer. */
const MOST_SAFE_DIGITS = 15;

/** Longest text that is read as a number; longer ones are an attack on bigint parsing, not an amount. */
const LONGEST_TEXT = 100;
const WIDEST_EXPONENT = 400;

const TEN: readonly bigint[] = Array.from({ length: 41 }, (_, power) => 10n ** BigInt(power));
const ten = (power: number): bigint => TEN[power] ?? 10n ** BigInt(power);

/** A decimal number without rounding error: `units` divided by ten to the power of `scale`. Immutable. */
export class Decimal {
  readonly #units: bigint;
  readonly #scale: number;

  private constructor(units: bigint, scale: number) {
    this.#units = units;
    this.#scale = scale;
  }

  static readonly zero = new Decimal(0n, 0);

  /**
   * Reads a number or numeric text (`-1.50`, `.5`, `2e-3`). A JavaScript number counts as its shortest decimal text,
   * so 0.1 is exactly one tenth. Throws RangeError for anything else, NaN and infinities included.
   */
  static from(value: string | number | Decimal): Decimal {
    if (value instanceof Decimal) return value;
    const text = typeof value === "number" ? String(value) : value.trim();
    return Decimal.#plain(text) ?? Decimal.#any(text);
  }

  /** Reads what nearly every amount is, up to 15 digits with at most a sign and a point, much faster than a pattern. */
  static #plain(text: string): Decimal | undefined {
    const first = text.charCodeAt(0) === MINUS ? 1 : 0;
    if (text.length === first || text.length > MOST_SAFE_DIGITS + first) return undefined;
    let digits = 0;
    let point = -1;
    for (let at = first; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= ZERO_SIGN && code <= ZERO_SIGN + 9) digits = digits * 10 + code - ZERO_SIGN;
      else if (code === POINT && point < 0 && at > first) point = at;
      else return undefined;
    }
    return new Decimal(BigInt(first === 1 ? -digits : digits), point < 0 ? 0 : text.length - point - 1);
  }

  static #any(text: string): Decimal {
    const found = text.length > LONGEST_TEXT ? null : NUMERIC.exec(text);
    const whole = found?.[2] ?? "";
    const part = found?.[3] ?? "";
    if (!found || (whole === "" && part === "")) throw new RangeError(`Not a number: ${text.slice(0, 40)}`);
    const exponent = Number(found[4] ?? 0);
    if (Math.abs(exponent) > WIDEST_EXPONENT) throw new RangeError(`Number out of range: ${text}`);
    const digits = BigInt(whole + part);
    const units = found[1] === "-" ? -digits : digits;
    const scale = part.length - exponent;
    return scale >= 0 ? new Decimal(units, scale) : new Decimal(units * ten(-scale), 0);
  }

  get sign(): -1 | 0 | 1 {
    return this.#units > 0n ? 1 : this.#units < 0n ? -1 : 0;
  }

  get isZero(): boolean {
    return this.#units === 0n;
  }

  /** How many decimals the value needs; trailing zeros do not count. */
  get decimals(): number {
    const text = this.text();
    const dot = text.indexOf(".");
    return dot < 0 ? 0 : text.length - dot - 1;
  }

  plus(other: Decimal | string | number): Decimal {
    const right = Decimal.from(other);
    const scale = Math.max(this.#scale, right.#scale);
    return new Decimal(this.#at(scale) + right.#at(scale), scale);
  }

  minus(other: Decimal | string | number): Decimal {
    return this.plus(Decimal.from(other).negated());
  }

  times(other: Decimal | string | number): Decimal {
    const right = Decimal.from(other);
    return new Decimal(this.#units * right.#units, this.#scale + right.#scale);
  }

  /** The quotient rounded half away from zero at `scale` decimals. Throws RangeError when `other` is zero. */
  dividedBy(other: Decimal | string | number, scale: number): Decimal {
    const right = Decimal.from(other);
    if (right.isZero) throw new RangeError("Division by zero");
    const shift = scale + right.#scale - this.#scale;
    const above = shift >= 0 ? this.#units * ten(shift) : this.#units;
    const below = shift >= 0 ? right.#units : right.#units * ten(-shift);
    return new Decimal(divideHalfAway(above, below), scale);
  }

  negated(): Decimal {
    return new Decimal(-this.#units, this.#scale);
  }

  abs(): Decimal {
    return this.#units < 0n ? this.negated() : this;
  }

  /** Negative, zero or positive as this value is below, equal to or above the other. */
  compare(other: Decimal | string | number): -1 | 0 | 1 {
    return this.minus(other).sign;
  }

  equals(other: Decimal | string | number): boolean {
    return this.compare(other) === 0;
  }

  /** At most `scale` decimals, half away from zero: how money is rounded in Romania, for negatives too. */
  round(scale: number): Decimal {
    if (this.#scale <= scale) return this;
    return new Decimal(divideHalfAway(this.#units, ten(this.#scale - scale)), scale);
  }

  /** Canonical text; with `minDecimals` padded by zeros to at least that many decimals (`text(2)` of 1.5: `1.50`). */
  text(minDecimals = 0): DecimalText {
    const isNegative = this.#units < 0n;
    const digits = (isNegative ? -this.#units : this.#units).toString().padStart(this.#scale + 1, "0");
    const point = digits.length - this.#scale;
    let end = digits.length;
    while (end > point && digits.charCodeAt(end - 1) === ZERO_SIGN) end -= 1;
    const part = digits.slice(point, end).padEnd(minDecimals, "0");
    const whole = digits.slice(0, point);
    return `${isNegative ? "-" : ""}${whole}${part === "" ? "" : `.${part}`}` as DecimalText;
  }

  /** The nearest JavaScript number: for JSON answers only, never to go on calculating. */
  toNumber(): number {
    return Number(this.text());
  }

  #at(scale: number): bigint {
    return scale === this.#scale ? this.#units : this.#units * ten(scale - this.#scale);
  }
}

function divideHalfAway(above: bigint, below: bigint): bigint {
  const quotient = above / below;
  const remainder = above % below;
  const twice = 2n * (remainder < 0n ? -remainder : remainder);
  if (twice < (below < 0n ? -below : below)) return quotient;
  return above < 0n === below < 0n ? quotient + 1n : quotient - 1n;
}

/** The exact sum of any number of amounts. */
export const sum = (values: Iterable<Decimal | string | number>): Decimal => {
  let total = Decimal.zero;
  for (const value of values) total = total.plus(value);
  return total;
};

/** Canonical text of a number that is known to be one (a constant, a stored amount). */
export const decimalTextOf = (value: string | number): DecimalText => Decimal.from(value).text();

/** Zero as stored text. */
export const ZERO = decimalTextOf(0);

export interface AmountRules {
  /** More decimals are refused, never rounded away (2 for amounts and VAT rates, 4 for exchange rates, 6 for prices). */
  maxDecimals: number;
  /** Smallest accepted value. */
  min?: number;
  /** Largest accepted value. */
  max?: number;
  nonZero?: boolean;
}

/** No business amount has more digits before the point; more would no longer survive the trip through a JSON number. */
const MOST_WHOLE_DIGITS = 12;

/**
 * A zod schema for money, prices, quantities and rates on the way in: a JSON number or numeric text, giving canonical
 * {@link DecimalText}. Every refusal says what was expected.
 */
export const amount = (rules: AmountRules) =>
  z
    .union([z.number(), z.string()], { error: "must be a number" })
    .transform((value, context): DecimalText => {
      let decimal = Decimal.zero;
      try {
        decimal = Decimal.from(value);
      } catch {
        context.addIssue({ code: "custom", message: "must be a number" });
        return z.NEVER;
      }
      const complaint = complaintAbout(decimal, rules);
      if (complaint !== undefined) {
        context.addIssue({ code: "custom", message: complaint });
        return z.NEVER;
      }
      return decimal.text();
    });

function complaintAbout(decimal: Decimal, rules: AmountRules): string | undefined {
  const { maxDecimals, min, max, nonZero } = rules;
  if (decimal.decimals > maxDecimals) return `must have at most ${maxDecimals} decimals`;
  if (decimal.abs().compare(10 ** MOST_WHOLE_DIGITS) >= 0)
    return `must have at most ${MOST_WHOLE_DIGITS} digits before the decimal point`;
  if (min !== undefined && decimal.compare(min) < 0) return `must be at least ${min}`;
  if (max !== undefined && decimal.compare(max) > 0) return `must be at most ${max}`;
  if (nonZero && decimal.isZero) return "must not be zero";
  return undefined;
}
