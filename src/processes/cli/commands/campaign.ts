import { InvalidArgumentError, Option, type Command } from 'commander';
import { lazily } from '../lazily';
import type { NewCampaignOptions, ReportOptions, SendOptions } from '../options';
import type { RunInSession } from '../run-in-session';

const WHICH =
  'name (any case) or id; a name that several have means the newest one that is not sent';

export function addCampaignCommands(program: Command, run: RunInSession): void {
  const campaign = program.command('campaign').description('Make, send and look at campaigns.');
  addMaking(campaign, run);
  addSending(campaign, run);
  addLooking(campaign, run);
}

function addMaking(campaign: Command, run: RunInSession): void {
  campaign
    .command('new')
    .description('Make a draft from a template.')
    .requiredOption('--name <name>', 'for staff, 1–200 characters')
    .requiredOption(
      '--template <key>',
      'nyhetsbrev, kurstips, erbjudande, inbjudan-webbinarium, enkel; sms-erbjudande, sms-paminnelse; or your own',
    )
    .requiredOption(
      '--topic <key>',
      'what people have agreed to, such as kurstips; decides who may get it',
    )
    .option('--subject <text>', "instead of the template's; may hold merge fields")
    .option('--sms', 'by text message, from a template for those')
    .option('--everyone', 'address all contacts; those without ground are withheld and counted')
    .addOption(
      new Option('--mail-language <language>', 'of the mail (default: sv)').choices(['sv', 'en']),
    )
    .addHelpText(
      'after',
      `
Prints its id and who would get it. Errors: template_not_found, template_of_another_channel, unknown_topic, invalid_fields.
Example: npx utskick campaign new --name "Vårens kurser" --template kurstips --topic kurstips`,
    )
    .action((options: NewCampaignOptions, command: Command) =>
      run(command, (session) => lazily.newCampaign().newCampaign(session, options)),
    );
}

function addSending(campaign: Command, run: RunInSession): void {
  campaign
    .command('send')
    .description('Approve a campaign, send it now and follow it to its end.')
    .argument('<campaign>', WHICH)
    .option('--yes', 'do not ask')
    .option('--dry-run', 'print who would get it and who would not, and why; send nothing')
    .addHelpText(
      'after',
      `
Prints the arithmetic (people, by reason), asks, sends exactly to as many as it said, and shows a
progress bar. If the service runs, it does the work; else this command does. Ctrl-C stops watching, not
the campaign: the service, or the same command again, goes on. Nobody gets it twice.

Errors: campaign_not_found, campaign_not_ready (with every fault), audience_changed (nothing sent; look
again), campaign_already_sent, needs_yes.
Example: npx utskick campaign send "Höstens kurser"`,
    )
    .action((name: string, options: SendOptions, command: Command) =>
      run(command, (session) => lazily.sendCampaign().sendCampaign(session, name, options)),
    );
  addSteering(campaign, run);
}

function addSteering(campaign: Command, run: RunInSession): void {
  const errors =
    'Errors: campaign_not_found, campaign_not_launched, dispatch_not_running, dispatch_ended.';
  campaign
    .command('pause')
    .description('Stop handing over; when this returns, nothing more leaves until it is resumed.')
    .argument('<campaign>', WHICH)
    .addHelpText('after', `\n${errors}`)
    .action((name: string, _: object, command: Command) =>
      run(command, (session) => lazily.steerCampaign().steerCampaign(session, name, 'pause')),
    );
  campaign
    .command('resume')
    .description('Go on with a paused campaign, and follow it to its end.')
    .argument('<campaign>', WHICH)
    .addHelpText('after', `\n${errors}`)
    .action((name: string, _: object, command: Command) =>
      run(command, (session) => lazily.steerCampaign().steerCampaign(session, name, 'resume')),
    );
  campaign
    .command('cancel')
    .description('End it for good; says what had already gone.')
    .argument('<campaign>', WHICH)
    .addHelpText('after', `\n${errors}`)
    .action((name: string, _: object, command: Command) =>
      run(command, (session) => lazily.steerCampaign().steerCampaign(session, name, 'cancel')),
    );
}

function addLooking(campaign: Command, run: RunInSession): void {
  campaign
    .command('list')
    .description('The campaigns, newest first: state, topic, and how many got it.')
    .action((_: object, command: Command) =>
      run(command, (session) => lazily.listCampaigns().listCampaigns(session)),
    );
  campaign
    .command('report')
    .description('What became of a campaign, and why each person who did not get it did not.')
    .argument('<campaign>', WHICH.replace('the newest one that is not sent', 'the newest one'))
    .option(
      '--people <number>',
      'withheld people to list per reason; addresses are masked',
      toCount,
      5,
    )
    .addHelpText(
      'after',
      `
Times are Swedish. Listing people is written in the audit trail. Errors: campaign_not_found.
Example: npx utskick campaign report "Månadens nyhetsbrev" --people 20`,
    )
    .action((name: string, options: ReportOptions, command: Command) =>
      run(command, (session) => lazily.reportCampaign().reportCampaign(session, name, options)),
    );
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > 100_000) {
    throw new InvalidArgumentError('A number from 0 to 100000, please.');
  }
  return count;
}
