import { CommanderError } from 'commander';
import type { Language } from '../../platform/i18n/i18n';
import { machineLanguage, type CliIo } from './io';
import { lazily } from './lazily';
import { buildProgram } from './program';

/** Runs one command and returns the exit code: 0, or 1 when it did not do what was asked. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const program = buildProgram(io);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its own words, help among them.
    if (error instanceof CommanderError) return error.exitCode;
    const { language = machineLanguage() } = program.opts<{ language?: Language }>();
    io.stderr.write(`${lazily.faults().describeFault(error, language)}\n`);
    return 1;
  }
}
