/** Excel on a Swedish machine wants the mark to see UTF-8, and semicolons. */
export const CSV_BEGIN = '\uFEFF';

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(guarded).join(';')}\r\n`;
}

/** What begins like a formula is shown, not run (OWASP CSV injection); the same cells may come from a file. */
function guarded(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}
