import { engineFault } from "./fault.ts";

const POWERS: readonly bigint[] = Array.from({ length: 41 }, (_, power) => 10n ** BigInt(power));
const power = (exponent: number): bigint => POWERS[exponent] ?? 10n ** BigInt(exponent);

/** Digits that fit a safe integer, which reads several times faster than a bigint. */
const SAFE_DIGITS = 15;

/** Longer numbers are no money, and take longer to compute with than an invoice takes to be judged. */
export const MOST_DIGITS = 1000;

/**
 * An xs:decimal: `units` divided by ten to the power of `scale`. Apart from core/lib/decimal.ts because it follows
 * XPath to the letter: what may be cast, and rounding of halves towards plus infinity.
 */
export class Exact {
  readonly units: bigint;
  readonly scale: number;

  constructor(units: bigint, scale: number) {
    this.units = units;
    this.scale = scale;
  }

  static readonly zero = new Exact(0n, 0);
  static readonly one = new Exact(1n, 0);

  /** The cast xs:decimal(text): blanks around are fine, an exponent, an empty or a monstrous text is an engine fault. */
  static parse(text: string): Exact {
    let at = 0;
    let end = text.length;
    while (at < end && text.charCodeAt(at) <= 0x20) at++;
    while (end > at && text.charCodeAt(end - 1) <= 0x20) end--;
    const sign = text.charCodeAt(at);
    if (sign === 0x2b || sign === 0x2d) at++;
    if (end - at > MOST_DIGITS) throw engineFault;
    const start = at;
    let dot = -1;
    let value = 0;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code >= 0x30 && code <= 0x39) value = value * 10 + code - 0x30;
      else if (code === 0x2e && dot < 0) dot = at;
      else throw engineFault;
    }
    const digits = end - start - (dot < 0 ? 0 : 1);
    if (digits <= 0) throw engineFault;
    const scale = dot < 0 ? 0 : end - dot - 1;
    const units = digits <= SAFE_DIGITS ? BigInt(value) : BigInt(text.slice(start, end).replace(".", ""));
    return new Exact(sign === 0x2d ? -units : units, scale);
  }

  /** The exact value of a double, as the cast from xs:double to xs:decimal gives it. */
  static fromDouble(value: number): Exact {
    if (!Number.isFinite(value)) throw engineFault;
    let scale = 0;
    let whole = value;
    while (!Number.isInteger(whole)) {
      whole *= 2;
      scale++;
    }
    // value = whole / 2^scale = whole * 5^scale / 10^scale; doubling a double loses nothing.
    return new Exact(BigInt(whole) * 5n ** BigInt(scale), scale);
  }

  plus(other: Exact): Exact {
    if (this.scale === other.scale) return new Exact(this.units + other.units, this.scale);
    const scale = Math.max(this.scale, other.scale);
    return new Exact(this.#at(scale) + other.#at(scale), scale);
  }

  minus(other: Exact): Exact {
    return this.plus(new Exact(-other.units, other.scale));
  }

  times(other: Exact): Exact {
    return new Exact(this.units * other.units, this.scale + other.scale);
  }

  abs(): Exact {
    return this.units < 0n ? new Exact(-this.units, this.scale) : this;
  }

  /** fn:round to a number of decimals: halves go towards plus infinity, so -2.5 becomes -2. */
  round(decimals: number): Exact {
    if (this.scale <= decimals) return this;
    const divisor = power(this.scale - decimals);
    const doubled = 2n * this.units + divisor;
    const quotient = doubled / (2n * divisor);
    const isBelow = doubled < 0n && quotient * 2n * divisor !== doubled;
    return new Exact(isBelow ? quotient - 1n : quotient, decimals);
  }

  /** Negative, zero or positive as this is smaller than, equal to or greater than the other. */
  compare(other: Exact): number {
    const scale = Math.max(this.scale, other.scale);
    const left = this.#at(scale);
    const right = other.#at(scale);
    return left < right ? -1 : left > right ? 1 : 0;
  }

  equals(other: Exact): boolean {
    return this.compare(other) === 0;
  }

  get isZero(): boolean {
    return this.units === 0n;
  }

  /** Equal values give equal keys: 19.0 and 19 are one VAT rate. */
  key(): string {
    let { units, scale } = this;
    while (scale > 0 && units % 10n === 0n) {
      units /= 10n;
      scale--;
    }
    return `${units}e${scale}`;
  }

  #at(scale: number): bigint {
    return this.scale === scale ? this.units : this.units * power(scale - this.scale);
  }
}
