/**
 * One record of a CSV file (RFC 4180). A text that a spreadsheet would take for a formula gets a quote in front; a number and a
 * `{ decimal }` never.
 */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = textOf(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function textOf(value: {}): string {
  if (typeof value !== 'object') return String(value as string | number | boolean);
  return 'decimal' in value ? String(value.decimal as string) : JSON.stringify(value);
}
