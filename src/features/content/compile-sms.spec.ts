import { sizeOf } from '../../domain/sms-text';
import { readBundledTemplates } from './bundled-templates';
import { compileSms, partsOf, sampleSms } from './compile-sms';
import { openContent } from './content-renderer';

const sender = { name: 'Lärkraft', shortUrl: 'https://u.larkraft.example' };
const compile = (body: string) =>
  compileSms({ channel: 'sms', language: 'sv', subject: '', preheader: '', body }, sender);
const codes = (body: string) => compile(body).problems.map(({ code }) => code);

function sent(body: string, names = true): string {
  const open = openContent(compile(body).content!);
  const scope = sampleSms('sv', sender, names);
  return open.text(open.renderFor(scope).textHoles);
}

describe('a text message', () => {
  it('P-52: says who sends it and how to end it, by the recipient’s own short link', () => {
    expect(sent('Höstens kurser är här.')).toBe(
      'Lärkraft: Höstens kurser är här.\n' +
        'Avsluta prenumeration: https://u.larkraft.example/s/exempelexempelex',
    );
  });

  it('does not say our name twice', () => {
    expect(sent('Lärkraft bjuder på fika!')).toMatch(/^Lärkraft bjuder/);
  });

  it('has the recipient’s own words in it, without markup of any kind', () => {
    expect(sent('Hej {{ contact.first_name | default: "du" }} & <b>alla</b>!')).toContain(
      'Hej Kim & <b>alla</b>!',
    );
    expect(sent('Hej {{ contact.first_name | default: "du" }}!', false)).toContain('Hej du!');
  });

  it('P-59: counts what is sent, with name and link', () => {
    const { problems } = compile('x'.repeat(150));
    expect(problems).toMatchObject([
      { code: 'sms_long', severity: 'warning', params: { segments: 2 } },
    ]);
    expect(sizeOf(sent('x'.repeat(150))).segments).toBe(2);
  });

  it('P-59: of more than three parts is refused', () => {
    const { content, problems } = compile('x'.repeat(460));
    expect(content).toBeNull();
    expect(problems).toMatchObject([{ code: 'sms_too_long', severity: 'error' }]);
  });

  it('P-59: names the characters that make it dear', () => {
    const { problems } = compile('Kurs – ”nu”');
    expect(problems).toContainEqual(
      expect.objectContaining({ code: 'sms_unicode', params: { characters: '– ”' } }),
    );
  });

  it.each<[string, string, string]>([
    ['nothing', ' \n', 'sms_empty'],
    ['an unknown field', 'Hej {{ contact.email }}', 'unknown_field'],
    ['a link of ours, which only we set', 'Sluta: {{ links.unsubscribe }}', 'unknown_field'],
    ['a leftover', 'Hej %%NAMN%%', 'unreplaced_placeholder'],
    ['a control character', 'Hej\u0007', 'control_character'],
    ['a link that is not https', 'Läs http://larkraft.example', 'sms_link'],
    ['a link without a scheme', 'Läs www.larkraft.example', 'sms_link'],
    ['a shortened link', 'Läs https://bit.ly/3abc', 'sms_shortener'],
  ])('with %s is refused', (_, body, code) => {
    expect(codes(body)).toContain(code);
    expect(compile(body).content).toBeNull();
  });

  it('of the same words is the same content', () => {
    expect(compile('Hej').content!.hash).toBe(compile('Hej').content!.hash);
    expect(compile('Hej').content!.hash).not.toBe(compile('Hej då').content!.hash);
  });
});

describe('every bundled text message', () => {
  const templates = readBundledTemplates().filter(({ channel }) => channel === 'sms');

  it.each(templates)('can be sent, in at most two parts: $key', ({ body }) => {
    const { problems } = compile(body);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(sizeOf(sent(body)).segments).toBeLessThanOrEqual(2);
  });

  it('are there', () => expect(templates.length).toBeGreaterThan(0));

  it.each([
    ['Hösten är här.', { usual: 1, most: 1 }],
    ['Hösten är här. '.repeat(10), { usual: 2, most: 2 }],
    ['Hej {{ contact.first_name | default: "du" }}!', { usual: 1, most: 2 }],
    ['{{ organisation.name | default: "Ni" }} {{ contact.city }}'.repeat(2), { usual: 1, most: 4 }],
    ['{{ campaign.name }}', { usual: 1, most: 1 }],
  ])('costs parts, at most those of a long and rare name: %j', (body, expected) => {
    const { content, fields } = compile(body);
    expect(partsOf(content!, fields, 'sv', sender)).toEqual(expected);
  });
});
