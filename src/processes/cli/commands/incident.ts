import type { Command } from 'commander';
import { lazily } from '../lazily';
import type { CloseIncidentOptions } from '../options';
import type { RunInSession } from '../run-in-session';

export function addIncidentCommands(program: Command, run: RunInSession): void {
  const incident = program
    .command('incident')
    .description('Promises seen broken: while one is open, nothing is sent.');
  incident
    .command('list')
    .description(
      'The incidents, open ones first: what was found, and who closed it with which words.',
    )
    .action((_: object, command: Command) =>
      run(command, (session) => lazily.incidents().listIncidents(session)),
    );
  incident
    .command('check')
    .description('Look now at every run of the last week; exit code 1 if a promise is broken.')
    .addHelpText('after', '\nWhat is found opens an incident. Errors: promise_broken.')
    .action((_: object, command: Command) =>
      run(command, (session) => lazily.incidents().checkPromises(session)),
    );
  incident
    .command('close')
    .description('Let sending go on, after the fault is mended.')
    .argument('<id>', 'of the incident')
    .requiredOption('--note <text>', 'what was found and done; no names and no addresses')
    .option('--accept', 'the fact stands and cannot be undone, and has been dealt with')
    .addHelpText(
      'after',
      `
The fault is looked for once more: if it still stands, an incident is opened again and nothing is sent.
A mail that left after a no cannot be called back: deal with it, then close with --accept.
Errors: incident_not_found, incident_closed, fault_stands.`,
    )
    .action((id: string, options: CloseIncidentOptions, command: Command) =>
      run(command, (session) => lazily.incidents().closeIncident(session, id, options)),
    );
}
