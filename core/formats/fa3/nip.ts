const WEIGHTS = [6, 5, 7, 2, 3, 4, 5, 6, 7];

/** A Polish tax number without prefix, blanks and hyphens: `PL 526-58-77-635` → `5265877635`. */
export const normalNip = (written: string): string =>
  written
    .toUpperCase()
    .replace(/[\s.-]+/g, "")
    .replace(/^PL(?=\d)/, "");

/**
 * Whether a text is a NIP: ten digits, a tax office that exists, and the check digit (weights 6 5 7 2 3 4 5 6 7, modulo
 * 11; ten is never given). Prefix, blanks and hyphens are tolerated.
 */
export function isNip(written: string): boolean {
  const digits = normalNip(written);
  if (!/^[1-9](\d[1-9]|[1-9]\d)\d{7}$/.test(digits)) return false;
  return (
    WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0) % 11 === Number(digits[9])
  );
}
