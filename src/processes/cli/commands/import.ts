import { Option, type Command } from 'commander';
import { lazily } from '../lazily';
import type { ImportOptions } from '../options';
import type { RunInSession } from '../run-in-session';

export function addImportCommand(program: Command, run: RunInSession): void {
  program
    .command('import')
    .description('Bring people in from a CSV file.')
    .argument('<file>', 'CSV with a header row; ; , or tab; UTF-8 or windows-1252; at most 256 MB')
    .addOption(
      new Option('--kind <kind>', 'who the people are')
        .choices(['company_contact', 'learner', 'newsletter_subscriber'])
        .makeOptionMandatory(),
    )
    .option('--source <source>', 'where the data comes from (default: what belongs to the kind)')
    .option('--topic <keys>', 'topics of rows that name none, with commas')
    .option(
      '--consent-reference <text>',
      'where the proof is kept that all rows agreed to their topics by email',
    )
    .option('--consent-at <date>', 'day the consents were given, YYYY-MM-DD')
    .option('--notice-at <date>', 'day the people were told what we do with their data, YYYY-MM-DD')
    .option('--attested-by <name>', 'who at the employer attests that its people were told')
    .option('--company <name>', 'the employer; with --attested-by')
    .option(
      '--attested-at <date>',
      'day of the attestation, YYYY-MM-DD; with --attested-by (default: today)',
    )
    .option('--informed-by <text>', 'how the people were told: mail, meeting …; with --attested-by')
    .option('--dry-run', 'say what would happen, row by row, and change nothing')
    .addHelpText(
      'after',
      `
Columns are found by name, in Swedish or English: e-post|email, mobil|phone, förnamn|first_name,
efternamn|last_name, titel|title, företag|organisation, ort|city, språk|language, ämnen|topics,
extern_id|external_id, samtycke_<ämne>|consent_<topic>. Only data that the privacy policy names for the
kind is taken. An import gives no permission without a consent column or --consent-reference, and lifts
no opt-out. It can be undone for 24 hours.

Prints each faulty row with its line, column and reason, and the counts. Exit code 1 when the whole file
was refused; faulty rows alone do not stop the others.
Errors: missing_email_column, spreadsheet_file, utf16_file, empty_file, file_too_large, unknown_topic,
attestation_incomplete, consent_incomplete, invalid_fields, file_not_found.
Example: npx utskick import prisma/demo/prova-importera.csv --kind company_contact --topic kurstips --dry-run`,
    )
    .action((file: string, options: ImportOptions, command: Command) =>
      run(command, (session) => lazily.importFile().importFile(session, file, options)),
    );
}
