/** The n-th of a row of CIFs with right check digits, the same in every run; far from the simulator's fixtures. */
export function cifOf(n: number): string {
  const body = String(20_000_000 + n);
  const weights = [7, 5, 3, 2, 1, 7, 5, 3, 2];
  const sum = Array.from(body.padStart(9, "0")).reduce(
    (all, digit, i) => all + Number(digit) * weights[i]!,
    0,
  );
  return `${body}${((sum * 10) % 11) % 10}`;
}
