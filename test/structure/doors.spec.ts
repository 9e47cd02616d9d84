import ts from 'typescript';
import { find, isSpec, sourceOf, sourcesBelow, type Source } from './source';

/** Who may hand a message to the outside world: each asks the registry first, in the same breath. */
const SENDERS = [
  // What the next two do it with.
  'src/features/delivery/carriers/email-carrier.ts',
  'src/features/delivery/carriers/sms-carrier.ts',
  'src/features/delivery/hand-over-batch.ts',
  'src/features/delivery/send-test.ts',
  // A closed list of templates, none of them marketing; still under the state of the address.
  'src/features/service-mail/by-mail.ts',
  'src/features/service-mail/by-sms.ts',
];

const WAYS_OUT: readonly string[] = ['EMAIL_CHANNEL', 'SMS_CHANNEL', 'Carriers'];

/** Whether the file gets hold of a channel that messages leave by, however. */
function sends(source: Source): boolean {
  return (
    !source.path.endsWith('.module.ts') &&
    find(source, ts.isImportSpecifier).some(({ name, propertyName }) =>
      WAYS_OUT.includes((propertyName ?? name).text),
    )
  );
}

describe('the doors to the provider', () => {
  const channels = 'src/features/channels/';
  const sources = sourcesBelow('src').filter(
    (source) => !isSpec(source) && !source.path.startsWith(channels),
  );

  it('F-24 are few, and none of them goes past the gate', () => {
    expect(sources.filter(sends).map(({ path }) => path)).toEqual(SENDERS);
  });

  it('F-24 are the only users of a provider’s own library', () => {
    const libraries = /(from |require\(|import\()'(@sendgrid\/|nodemailer|twilio)/;
    const users = sourcesBelow('src').filter(({ text }) => libraries.test(text));
    expect(users.filter(({ path }) => !path.startsWith(channels))).toEqual([]);
    expect(users.length).toBeGreaterThan(0);
  });

  it('would be seen if there were another', () => {
    const text = `import { EMAIL_CHANNEL as OUT } from '../channels/email/email-channel';`;
    expect(sends(sourceOf('src/features/x/x.ts', text))).toBe(true);
  });
});
