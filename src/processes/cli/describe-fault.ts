import { SettingsFault } from '../../platform/config/load-env';
import { Refusal } from '../../platform/errors';
import { readCatalogues, t, type Language } from '../../platform/i18n/i18n';
import { StartRefused } from '../../platform/start-refused';
import { CliFault } from './cli-fault';

/** What went wrong, for the person at the keyboard: one line and its code, and a line per field at fault. */
export function describeFault(error: unknown, language: Language): string {
  if (error instanceof SettingsFault || error instanceof StartRefused) return error.message;
  if (error instanceof CliFault) return `error: ${error.message} (${error.code})`;
  if (error instanceof Refusal) return describeRefusal(error, language);
  if (isDatabaseAway(error)) {
    return `error: ${t(language, 'cli:fault.database_unavailable')} (database_unavailable)`;
  }
  if ((error as { code?: unknown }).code === 'EPIPE') {
    return `error: ${t(language, 'cli:fault.output_closed')} (output_closed)`;
  }
  // A defect of ours: whoever reports it needs to know where.
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function describeRefusal(
  { code, detail, errors = [], params }: Refusal,
  language: Language,
): string {
  const text = isKnown(code) ? t(language, `cli:fault.${code}`, params) : (detail ?? code);
  const fields = errors.map((fault) =>
    fault.path === '' || fault.message === fault.code
      ? `  - ${[fault.path, fault.message].filter(Boolean).join(': ')}`
      : `  - ${fault.path}: ${fault.message} (${fault.code})`,
  );
  return [`error: ${text} (${code})`, ...fields].join('\n');
}

function isKnown(code: string): boolean {
  const { fault } = readCatalogues().en.cli as { fault: Record<string, string> };
  return code in fault;
}

/** Not there (socket errors), or going down while we worked (SQLSTATE class 57, 08). */
function isDatabaseAway(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    /^(ECONN\w+|ENOTFOUND|57P0\d|08\w{3})$/.test(String(code)) ||
    String(message).startsWith('Connection terminated')
  );
}
