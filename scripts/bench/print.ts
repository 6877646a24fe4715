/** One measure, one JSON line; figures to two decimals, so that lines can be compared by eye and by program. */
export function print(measure: string, figures: Record<string, unknown>): void {
  const rounded = Object.entries(figures).map(([name, value]) => [
    name,
    typeof value === "number" ? Math.round(value * 100) / 100 : value,
  ]);
  console.log(JSON.stringify({ measure, ...Object.fromEntries(rounded) }));
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!;
