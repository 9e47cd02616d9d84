import type { Readable, Writable } from 'node:stream';
import type { Language } from '../../platform/i18n/i18n';

/** The streams and settings of one call of the tool: the process's own, or a test's. */
export interface CliIo {
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable;
  stdin: Readable & { isTTY?: boolean };
  /** Instead of the environment. */
  settings?: NodeJS.ProcessEnv;
}

/** Swedish on a Swedish machine, else English; `--language` decides. */
export function machineLanguage(): Language {
  return new Intl.DateTimeFormat().resolvedOptions().locale.startsWith('sv') ? 'sv' : 'en';
}
