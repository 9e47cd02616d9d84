import type { FaultRow } from './imports.queries';

/** Excel on a Swedish machine wants the mark to see UTF-8, and semicolons. */
export const FAULTS_HEADER = '\uFEFFrad;fält;kod;orsak\r\n';

export function faultLine({ line, field, code, message }: FaultRow): string {
  return `${[String(line), field ?? '', code, message ?? ''].map(guarded).join(';')}\r\n`;
}

/** What begins like a formula is shown, not run (OWASP CSV injection); the same cells may come from a file. */
function guarded(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}
