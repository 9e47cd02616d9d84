import { Command, Option } from 'commander';
import type { Language } from '../../platform/i18n/i18n';
import { addAdminCommands } from './commands/admin';
import { addCampaignCommands } from './commands/campaign';
import { addDeskCommands } from './commands/desk';
import { addImportCommand } from './commands/import';
import { addIncidentCommands } from './commands/incident';
import { addRegistryCommands } from './commands/registry';
import { machineLanguage, type CliIo } from './io';
import { lazily } from './lazily';
import type { RunInSession } from './run-in-session';

const AFTER_HELP = `
Works on the same database as the service: DATABASE_URL, or the embedded Postgres in DATA_DIR, which
is joined when the service runs and started for the command when it does not. Settings are read from
the environment, as by the service. Exit code 0: done; 1: not, and a line on stderr says why.`;

export function buildProgram(io: CliIo): Command {
  const program = new Command('utskick')
    .description("The operator's tool of Utskick.")
    .addOption(
      new Option('--language <language>', 'language of answers (default: of the machine)').choices([
        'sv',
        'en',
      ]),
    )
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError('(add --help for what it takes)')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .exitOverride();
  const run: RunInSession = (command, task) => {
    const { language = machineLanguage() } = command.optsWithGlobals<{ language?: Language }>();
    return lazily.session().withSession(io, language, task);
  };
  addAdminCommands(program, run);
  addImportCommand(program, run);
  addCampaignCommands(program, run);
  addRegistryCommands(program, run);
  addDeskCommands(program, run);
  addIncidentCommands(program, run);
  return program;
}
