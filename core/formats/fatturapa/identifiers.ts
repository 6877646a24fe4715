/** Check digits of Italian identifiers. */

/**
 * Whether eleven digits are a partita IVA, or the codice fiscale of a body that is no person: of the first ten, those
 * at even places count twice (less 9 when above 9), and the eleventh fills the sum up to a multiple of ten.
 */
export function isPartitaIva(digits: string): boolean {
  if (!/^\d{11}$/.test(digits) || /^0+$/.test(digits)) return false;
  let total = 0;
  for (const [at, sign] of Array.from(digits).entries()) {
    const value = Number(sign) * (at % 2 === 0 ? 1 : 2);
    total += value > 9 ? value - 9 : value;
  }
  return total % 10 === 0;
}

/** What digits and letters count at the odd places of a codice fiscale (D.M. 23 December 1976). */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Letters that stand for digits when two people would share a code; they count like the letters they are. */
const PERSON = /^[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/;

/** Whether sixteen characters are the codice fiscale of a person. */
export function isPersonalCode(code: string): boolean {
  if (!PERSON.test(code)) return false;
  let total = 0;
  for (const [at, sign] of Array.from(code.slice(0, 15)).entries()) {
    const value = sign >= "A" ? sign.charCodeAt(0) - 65 : Number(sign);
    total += at % 2 === 0 ? ODD[value]! : value;
  }
  return code.charCodeAt(15) - 65 === total % 26;
}

/** Whether a text is a codice fiscale, of a person or of a body. */
export const isCodiceFiscale = (code: string): boolean => isPersonalCode(code) || isPartitaIva(code);
