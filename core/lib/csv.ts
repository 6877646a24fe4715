/**
 * Rows as CSV (RFC 4180) with the byte order mark that tells spreadsheets it is UTF-8. Text a spreadsheet would run as
 * a formula gets an apostrophe in front: names come from other people's invoices too.
 */
export const csv = (
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string => `\uFEFF${[header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;

function cell(value: string | number | null): string {
  const text = String(value ?? "");
  const harmless = typeof value === "string" && /^[=@\t\r]|^[+-](?![\d\s(])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
