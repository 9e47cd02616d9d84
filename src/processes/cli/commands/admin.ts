import type { Command } from 'commander';
import { lazily } from '../lazily';
import type { NewAdminOptions } from '../options';
import type { RunInSession } from '../run-in-session';

export function addAdminCommands(program: Command, run: RunInSession): void {
  const admin = program.command('admin').description('Log-ins for administrators.');
  admin
    .command('create')
    .description('Make a log-in with the role admin and print its password, this once.')
    .requiredOption('--email <address>', 'what the person logs in with')
    .requiredOption('--name <name>', 'how others see the person, 1–100 characters')
    .addHelpText(
      'after',
      `
The password is random (four groups of five) and stored only as a hash; the person changes it after
the first log-in. On an empty database this also means that no demo is loaded at the next start.

Errors: email_taken, invalid_fields.
Example: npx utskick admin create --email anna@example.com --name "Anna Ek"`,
    )
    .action((options: NewAdminOptions, command: Command) =>
      run(command, (session) => lazily.createAdmin().createAdmin(session, options)),
    );
}
