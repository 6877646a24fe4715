/** La Poste numbers its offices in a way of its own. */
const LA_POSTE = "356000000";

/** Whether a text is a SIRET, the number of an establishment in the French register: 14 digits of which the last checks. */
export function isSiret(written: string): boolean {
  const digits = written.replaceAll(" ", "");
  if (!/^\d{14}$/.test(digits)) return false;
  const values = Array.from(digits, Number);
  if (digits.startsWith(LA_POSTE) && values.reduce((sum, value) => sum + value, 0) % 5 === 0) return true;
  const doubled = values.map((value, at) => (at % 2 === 0 ? value * 2 : value));
  return doubled.reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) % 10 === 0;
}
