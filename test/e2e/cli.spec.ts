import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OptOuts } from '../../src/features/registry/opt-outs';
import { OPERATOR } from '../../src/platform/http/actor';
import { utskick, type CliAnswer } from '../setup/cli';
import { createTestDatabase, type TestDatabase } from '../setup/database';
import { Service, TEST_SETTINGS } from '../setup/service';

const FOLDER = mkdtempSync(join(tmpdir(), 'utskick-cli-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
};

const newCampaign = (name: string, key: string): string[] =>
  `campaign new --template ${key} --topic ${key} --name`.split(' ').concat(name);

describe('the operator’s tool beside a running service', () => {
  let service: Service;
  const cli = (args: string[], typed?: string): Promise<CliAnswer> =>
    utskick(
      {
        ...TEST_SETTINGS,
        DATABASE_URL: service.env.DATABASE_URL!,
        ...(service.env.REDIS_URL ? { REDIS_URL: service.env.REDIS_URL } : {}),
      },
      args,
      typed,
    );

  beforeAll(async () => {
    service = await Service.open();
    const topicId = await service.topic('kurstips');
    await service.people(
      topicId,
      Array.from({ length: 30 }, (_, n) => ({ email: `person${n}@exempel.example` })),
    );
    await service.get(OptOuts).byAddress('email', 'person7@exempel.example', {
      door: 'manual_form',
      actor: OPERATOR,
    });
  });
  afterAll(() => service.close());

  it('makes a draft from a template and says who would get it', async () => {
    const { code, out } = await cli(newCampaign('Höstens kurser', 'kurstips'));
    expect(code).toBe(0);
    expect(out).toMatch(/30\s+in the audience/);
    expect(out).toMatch(/−\s+1\s+said no from this address \(suppressed_address\)/);
    expect(out).toMatch(/=\s+29\s+get it/);
  });

  it('makes a draft of a text message, and says how many parts it has', async () => {
    const command = newCampaign('Sista veckan', 'kurstips');
    command[command.indexOf('--template') + 1] = 'sms-paminnelse';
    expect((await cli(command)).err).toMatch(/\(template_of_another_channel\)\n$/);
    const { code, out } = await cli([...command, '--sms']);
    expect(code).toBe(0);
    expect(out).toMatch(/=\s+0\s+get it/);
  });

  it('sends nothing in a dry run, without a yes, or when nobody can be asked', async () => {
    const dry = await cli(['campaign', 'send', 'höstens kurser', '--dry-run']);
    expect(dry).toMatchObject({ code: 0 });
    const no = await cli(['campaign', 'send', 'höstens kurser'], 'n');
    expect(no.out).toContain('to 29 people now?');
    expect(no.out).toContain('Nothing was sent.');
    const nobody = await cli(['campaign', 'send', 'höstens kurser']);
    expect(nobody.code).toBe(1);
    expect(nobody.err).toMatch(/^error: .*\(needs_yes\)\n$/);
    expect(await service.mailbox()).toHaveLength(0);
  });

  it('sends on a yes, shows the way to 100 %, and accounts for everyone', async () => {
    const { code, out } = await cli(['campaign', 'send', 'höstens kurser'], 'y');
    expect(code).toBe(0);
    expect(out).toContain('100 %  29 taken · 1 withheld');
    expect(out).toMatch(/30\s+in the audience: everyone is accounted for/);
    const mails = await service.mailbox();
    expect(mails).toHaveLength(29);
    expect(mails.every(({ copies }) => copies === 1)).toBe(true);
  });

  it('does not send twice', async () => {
    const { code, err } = await cli(['campaign', 'send', 'Höstens kurser', '--yes']);
    expect(code).toBe(1);
    expect(err).toContain('(campaign_already_sent)');
    expect(await service.mailbox()).toHaveLength(29);
  });

  it('reports who was withheld, masked, with door and time', async () => {
    const { code, out } = await cli(['campaign', 'report', 'höstens kurser']);
    expect(code).toBe(0);
    expect(out).toContain('1 said no from this address (suppressed_address)');
    expect(out).toMatch(/p•••@e•••\.example .* \d{4}-\d\d-\d\d \d\d:\d\d {2}through the form/);
    expect(out).not.toContain('person7');
  });

  it('lists campaigns, and guesses at a misspelt name', async () => {
    const list = await cli(['campaign', 'list']);
    expect(list.out).toMatch(/Höstens kurser\s+kurstips\s+finished .* 30\s+29\s+1\n/);
    const wrong = await cli(['campaign', 'report', 'Hostens kurs']);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('Did you mean "Höstens kurser"? (campaign_not_found)');
  });

  it('refuses to pause or resume what has ended', async () => {
    for (const what of ['pause', 'resume', 'cancel']) {
      const { code, err } = await cli(['campaign', what, 'Höstens kurser']);
      expect(code).toBe(1);
      expect(err).toMatch(/^error: .+ \(dispatch_\w+\)\n$/);
    }
  });

  it('records a no and explains it, for an address nobody knows as well', async () => {
    const first = await cli(['registry', 'optout', 'Person1@Exempel.Example']);
    expect(first.out).toMatch(/^Recorded .* [pP]•••@e•••\.example no longer gets marketing/);
    expect(first.out).toContain('1 message had already left us');
    const again = await cli(['registry', 'optout', 'person1@exempel.example']);
    expect(again.out).toMatch(/^The same no has stood since/);
    const why = await cli(['registry', 'explain', 'person1@exempel.example']);
    expect(why.out).toContain('Does not get Kurstips: a no from this address');
    expect((await cli(['registry', 'optout', 'okand@exempel.example'])).code).toBe(0);
    const fault = await cli(['registry', 'optout', 'not an address']);
    expect(fault.code).toBe(1);
    expect(fault.err).toContain('(invalid_address)');
  });

  it('L-30 exports the registry without an address in it, and finds a removed line', async () => {
    const target = join(FOLDER, 'registry.jsonl');
    const exported = await cli(['registry', 'export', target]);
    expect(exported.out).toMatch(/entries written to .*\nHead of the chain.*: \d+:[0-9a-f]{64}\n/);
    const text = readFileSync(target, 'utf8');
    expect(text).not.toContain('@');
    expect((await cli(['registry', 'export', target])).err).toContain('(file_exists)');
    expect((await cli(['registry', 'verify', target])).code).toBe(0);
    expect((await cli(['registry', 'verify', '--database'])).out).toContain('The chain is whole');
    const [, head] = /: (\d+:[0-9a-f]{64})\n/.exec(exported.out)!;
    const lines = text.trimEnd().split('\n');
    lines.splice(5, 1);
    const broken = file('broken.jsonl', `${lines.join('\n')}\n`);
    const verdict = await cli(['registry', 'verify', broken, '--head', head!]);
    expect(verdict.code).toBe(1);
    expect(verdict.out).toContain('position 6: entries are missing (missing)');
    expect(verdict.err).toContain('(registry_damaged)');
  });

  it('imports a file, reports its faulty rows, and lets a no stand', async () => {
    const list = file(
      'people.csv',
      'e-post;förnamn;företag\nny@exempel.example;Åsa;Exempel AB\nfel;Bo;Exempel AB\nperson1@exempel.example;Kim;\n',
    );
    const args = ['import', list, '--kind', 'company_contact', '--topic', 'kurstips'];
    const proof = [
      '--notice-at',
      '2026-01-01',
      '--consent-reference',
      'mässan',
      '--consent-at',
      '2026-01-01',
    ];
    const dry = await cli([...args, '--dry-run']);
    expect(dry.code).toBe(0);
    expect(dry.out).toContain('The file shows no consent');
    const { code, out } = await cli([...args, ...proof]);
    expect(code).toBe(0);
    expect(out).toMatch(/3 {2}e-post {2}.+\(invalid_email\)/);
    expect(out).toMatch(
      /1 {2}new\n[^]*1 {2}have said no, and that stands\n\s+1 {2}faulty\n\s+3 {2}rows/,
    );
    const half = await cli([...args, '--attested-by', 'Eva Ek']);
    expect(half.err).toContain('(attestation_incomplete)');
    expect((await cli(['import', join(FOLDER, 'none.csv'), '--kind', 'learner'])).err).toContain(
      '(file_not_found)',
    );
  });

  it('makes an administrator, once', async () => {
    const args = ['admin', 'create', '--email', 'Anna@example.com', '--name', 'Anna Ek'];
    const made = await cli(args);
    expect(made.out).toMatch(
      /anna@example\.com .*\nPassword \(shown only now\): (\w{5}-){3}\w{5}\n/,
    );
    const again = await cli(args);
    expect(again.code).toBe(1);
    expect(again.err).toContain('(email_taken)');
  });

  it('prints all settings faults at once, and no stack', async () => {
    const { code, err } = await utskick({ ...TEST_SETTINGS, EMAIL_CHANNEL: 'smtp' }, [
      'campaign',
      'list',
    ]);
    expect(code).toBe(1);
    expect(err).toContain('SMTP_URL is needed');
    expect(err).not.toContain('    at ');
  });
});

describe('the operator’s tool alone', () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await createTestDatabase()));
  afterAll(() => database.drop());

  it('does the sending itself when no service runs', async () => {
    const settings = { ...TEST_SETTINGS, DATABASE_URL: database.url };
    const web = await Service.open({}, 'web', database);
    const topicId = await web.topic('nyhetsbrev');
    await web.people(topicId, [{ email: 'anna@exempel.example' }, { email: 'bo@exempel.example' }]);
    await web.close();

    await utskick(settings, newCampaign('Brev', 'nyhetsbrev'));
    const { code, out } = await utskick(settings, ['campaign', 'send', 'brev', '--yes']);
    expect(code).toBe(0);
    expect(out).toContain('100 %  2 taken · 0 withheld');
  });
});

describe('help', () => {
  it.each([
    [[]],
    [['admin', 'create']],
    [['import']],
    [['campaign', 'new']],
    [['campaign', 'list']],
    [['campaign', 'send']],
    [['campaign', 'report']],
    [['campaign', 'pause']],
    [['campaign', 'resume']],
    [['campaign', 'cancel']],
    [['registry', 'export']],
    [['registry', 'verify']],
    [['registry', 'optout']],
    [['registry', 'explain']],
    [['desk', 'search']],
    [['desk', 'stop']],
    [['desk', 'replies']],
    [['desk', 'cases']],
  ])('of %p is there without any settings', async (command) => {
    const { code, out, err } = await utskick({}, [...command, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Usage: utskick/);
  });
});
