import { Option, type Command } from 'commander';
import { lazily } from '../lazily';
import type { ExplainOptions, OptOutOptions, VerifyOptions } from '../options';
import type { RunInSession } from '../run-in-session';

const channel = () =>
  new Option('--channel <channel>', 'default: email if there is an @, else sms').choices([
    'email',
    'sms',
  ]);

export function addRegistryCommands(program: Command, run: RunInSession): void {
  const registry = program
    .command('registry')
    .description('Consents and opt-outs: the ledger and what it says.');
  addLedger(registry, run);
  addAddresses(registry, run);
  registry
    .command('compare')
    .description("Compare with the provider's lists of whom it mails no more, now.")
    .addHelpText(
      'after',
      `
What they know and the registry does not is recorded in it; what the registry knows and they do not is
handed over again. Nothing is taken off any list. Exit code 1 if something still differs afterwards.
Errors: no_provider_lists, lists_differ.`,
    )
    .action((_: object, command: Command) =>
      run(command, (session) => lazily.compareLists().compareLists(session)),
    );
}

function addLedger(registry: Command, run: RunInSession): void {
  registry
    .command('export')
    .description('Write the whole ledger with its hash chain, as JSON Lines.')
    .argument('[file]', 'default: standard output; an existing file is not overwritten')
    .addHelpText(
      'after',
      `
Addresses are in it as keyed hashes only. Keep the head that is printed (position:hash) somewhere else:
with it, \`registry verify --head\` also finds a chain that was cut off or rewritten as a whole.
Errors: file_exists, ENOENT.`,
    )
    .action((file: string | undefined, _: object, command: Command) =>
      run(command, (session) => lazily.exportLedger().exportLedger(session, file)),
    );
  registry
    .command('verify')
    .description(
      'Find entries deleted, altered, reordered or inserted; exit code 1 if there are any.',
    )
    .argument('[file]', 'an export')
    .option(
      '--database',
      "the database itself, and that every address's state is what the ledger says",
    )
    .option(
      '--head <position:hash>',
      'the head as it was printed by an earlier export or verification',
    )
    .addHelpText(
      'after',
      '\nErrors: registry_damaged (with each place), file_or_database, invalid_head, file_not_found.',
    )
    .action((file: string | undefined, options: VerifyOptions, command: Command) =>
      run(command, (session) => lazily.verifyLedger().verifyLedger(session, file, options)),
    );
}

function addAddresses(registry: Command, run: RunInSession): void {
  registry
    .command('optout')
    .description(
      'Record a no; holds from the moment this returns, also for an address nobody knows.',
    )
    .argument('<address>', 'an email address or a Swedish mobile number, in any spelling')
    .addOption(channel())
    .option('--topic <key>', 'one topic only (default: all marketing on all channels)')
    .addOption(
      new Option('--door <door>', 'where the person said it (default: service_desk)').choices([
        'service_desk',
        'privacy_officer',
      ]),
    )
    .option('--reference <id>', 'your own id of it; the same one twice is recorded once')
    .addHelpText(
      'after',
      `
Repeats keep the first time. Prints a receipt: when, what was already handed over in the last 72 hours,
and the reference to give to the person. Errors: invalid_address, unknown_topic.`,
    )
    .action((address: string, options: OptOutOptions, command: Command) =>
      run(command, (session) => lazily.addressState().recordOptOut(session, address, options)),
    );
  registry
    .command('explain')
    .description(
      'Can we write to this address, topic by topic; and if not, why, since when, by which door.',
    )
    .argument('<address>', 'an email address or a Swedish mobile number, in any spelling')
    .addOption(channel())
    .addHelpText('after', '\nThe look-up is written in the audit trail. Errors: invalid_address.')
    .action((address: string, options: ExplainOptions, command: Command) =>
      run(command, (session) => lazily.addressState().explainAddress(session, address, options)),
    );
}
