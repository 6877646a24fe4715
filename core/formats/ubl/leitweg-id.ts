/** Coarse part (what state, district, authority), fine part as the authority likes, check digits. */
const FORM = /^(\d{2,12})(?:-([0-9A-Z]{1,30}))?-(\d{2})$/i;

/** Lengths of the coarse part, and the states it begins with: 01 to 16, or 99 for the federation. */
const LENGTHS: ReadonlySet<number> = new Set([2, 3, 5, 8, 9, 12]);
const STATE = /^(0[1-9]|1[0-6]|99)/;

/** 98 less the rest of the number by 97, letters counting from 10 (ISO 7064 MOD 97-10, as for an IBAN). */
function checkDigitsOf(text: string): string {
  const digits = Array.from(text, (letter) => Number.parseInt(letter, 36)).join("");
  return String(98n - (BigInt(`${digits}00`) % 97n)).padStart(2, "0");
}

/** Whether a text is the address of a German authority (BT-10), its check digits included. */
export function isLeitwegId(text: string): boolean {
  const [, coarse, fine = "", check] = FORM.exec(text.trim()) ?? [];
  return coarse !== undefined && checkDigitsOf(coarse + fine) === check;
}

/**
 * Whether a text is meant to be one, right or wrong: it begins as they do and is too long for somebody's order number.
 */
export function looksLikeLeitwegId(text: string): boolean {
  const [, coarse, fine] = FORM.exec(text.trim()) ?? [];
  if (coarse === undefined || !LENGTHS.has(coarse.length) || !STATE.test(coarse)) return false;
  return fine !== undefined || coarse.length >= 8;
}
