/** Checks and spellings of Romanian identifiers. */

const CUI_WEIGHTS = [7, 5, 3, 2, 1, 7, 5, 3, 2];
const CNP_WEIGHTS = [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9];

/** Stands for a consumer who did not give a CNP (OUG 120/2021, B2C). */
export const UNKNOWN_CONSUMER = "0000000000000";

const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);

/** A fiscal code without blanks, dots and the RO prefix, upper case: `ro 9000000011` → `9000000011`. */
export const normalCif = (written: string): string =>
  written
    .toUpperCase()
    .replace(/[\s.-]+/g, "")
    .replace(/^RO(?=\d)/, "");

/** Whether a text is a Romanian CUI with a right check digit; prefix and blanks are tolerated. */
export function isCui(written: string): boolean {
  const digits = normalCif(written);
  if (!/^[1-9]\d{1,9}$/.test(digits)) return false;
  const check = ((weighted(digits.slice(0, -1).padStart(9, "0"), CUI_WEIGHTS) * 10) % 11) % 10;
  return check === Number(digits.at(-1));
}

/** Whether a text is a CNP with a right check digit. Thirteen zeros are not a CNP. */
export function isCnp(digits: string): boolean {
  if (!/^[1-9]\d{12}$/.test(digits)) return false;
  const check = weighted(digits, CNP_WEIGHTS) % 11;
  return (check === 10 ? 1 : check) === Number(digits[12]);
}

/** An account number without blanks, upper case. */
export const normalIban = (written: string): string => written.toUpperCase().replace(/\s+/g, "");

/** Whether a text is an IBAN of any country by ISO 13616: the check digits, and 24 characters when Romanian. */
export function isIban(written: string): boolean {
  const iban = normalIban(written);
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false;
  if (iban.startsWith("RO") && !/^RO\d{2}[A-Z]{4}[A-Z0-9]{16}$/.test(iban)) return false;
  let rest = 0;
  for (const sign of iban.slice(4) + iban.slice(0, 4))
    rest = sign >= "A" ? (rest * 100 + sign.charCodeAt(0) - 55) % 97 : (rest * 10 + Number(sign)) % 97;
  return rest === 1;
}
