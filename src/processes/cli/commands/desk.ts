import { Option, type Command } from 'commander';
import { lazily } from '../lazily';
import type { DeskStopOptions } from '../options';
import type { RunInSession } from '../run-in-session';

const CAME_BY = ['phone', 'letter', 'chat', 'email', 'sms', 'visit'];

export function addDeskCommands(program: Command, run: RunInSession): void {
  const desk = program
    .command('desk')
    .description('Customer service: who somebody is, noes by phone and letter, replies to read.');
  desk
    .command('search')
    .description('Find a person and say in one sentence whether they may be written to.')
    .argument(
      '<query>',
      'an address, a number, a name, a reference or your own id; - reads it from standard input',
    )
    .addHelpText(
      'after',
      '\nWhat is typed here stays in the history of the shell: `-` keeps it out of that.\nWho was found is written in the audit trail.',
    )
    .action((query: string, _: object, command: Command) =>
      run(command, (session) => lazily.desk().searchDesk(session, query)),
    );
  desk
    .command('stop')
    .description('Record a no that somebody said to us; holds from the moment this returns.')
    .argument(
      '<address>',
      'an email address or a Swedish mobile number; - reads it from standard input',
    )
    .addOption(new Option('--came-by <way>', 'how it reached us').choices(CAME_BY).default('phone'))
    .option('--words <text>', 'what the person said, at most 500 characters')
    .option('--reference <id>', 'your own id of it; the same one twice is recorded once')
    .addHelpText(
      'after',
      `
Stops all marketing on all channels, for everybody with that address, known or not; nobody is asked for proof.
Prints the reference to give to the person. Nothing here lifts a no. Errors: invalid_address, invalid_fields.`,
    )
    .action((address: string, options: DeskStopOptions, command: Command) =>
      run(command, (session) => lazily.desk().stop(session, address, options)),
    );
  desk
    .command('replies')
    .description('Answers by mail and text message that wait for a person, the oldest first.')
    .addHelpText('after', '\nA ! stands at those that have waited longer than one working day.')
    .action((_: object, command: Command) =>
      run(command, (session) => lazily.desk().listReplies(session)),
    );
  desk
    .command('cases')
    .description('The cases that are open, the newest first.')
    .action((_: object, command: Command) =>
      run(command, (session) => lazily.desk().listCases(session)),
    );
}
