let next = 10_000_000 + Math.floor(Math.random() * 80_000_000);

/** A CIF nobody used yet, with its right check digit: the simulator knows a stable made-up company under it. */
export function freshCif(): string {
  const body = String(next++);
  const weights = [7, 5, 3, 2, 1, 7, 5, 3, 2];
  const sum = Array.from(body.padStart(9, "0")).reduce(
    (all, digit, i) => all + Number(digit) * weights[i]!,
    0,
  );
  return `${body}${((sum * 10) % 11) % 10}`;
}
