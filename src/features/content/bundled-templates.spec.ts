import { readBundledTemplates, readLayout, readSystemTemplates } from './bundled-templates';
import { compileEmail, compileWith, type Sender } from './compile';
import { openContent } from './content-renderer';
import { MERGE_FIELDS } from '../../domain/merge-fields';
import { sampleScope } from './merge-fields';

const sender: Sender = {
  name: 'Lärkraft',
  legalName: 'Lärkraft Utbildning AB',
  postalAddress: 'Provgatan 7, 222 22 Lund',
  email: 'hej@larkraft.example',
  phone: '070-174 06 10',
  publicUrl: 'https://mejl.larkraft.example',
  authority: 'Integritetsskyddsmyndigheten (IMY)',
};
const marketing = readLayout('marketing');
const templates = readBundledTemplates();
const both = templates
  .filter(({ channel }) => channel === 'email')
  .flatMap((template) => (['sv', 'en'] as const).map((language) => ({ ...template, language })));

describe('every bundled template', () => {
  it('has its words in both languages', () => {
    expect(templates.map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        'enkel',
        'erbjudande',
        'inbjudan-webbinarium',
        'kurstips',
        'nyhetsbrev',
      ]),
    );
    for (const { name, description } of templates) {
      expect(name).toEqual({ sv: expect.any(String), en: expect.any(String) });
      expect(description).toEqual({ sv: expect.any(String), en: expect.any(String) });
    }
  });

  it.each(both)('compiles without a single problem: $key in $language', async (template) => {
    const { content, problems } = await compileEmail(template, sender, marketing);
    expect(problems).toEqual([]);
    expect(content!.bytes).toBeLessThan(90_000);
    expect(content!.html).toContain(`<html lang="${template.language}"`);
    expect(content!.html).not.toMatch(/\[\[|\[%|<img|@import|fonts\.googleapis/);
    expect(content!.html).toContain('prefers-color-scheme: dark');
    expect(content!.html).toContain('<meta name="color-scheme" content="light dark">');
  });

  it.each(both)(
    'P-16, D-02: ends the subscription from both parts: $key in $language',
    async (template) => {
      const { content } = await compileEmail(template, sender, marketing);
      const scope = sampleScope(template.language, {
        publicUrl: sender.publicUrl,
        senderName: sender.name,
      });
      const open = openContent(content!);
      const { htmlHoles, textHoles } = open.renderFor(scope);
      const { unsubscribe, preferences, why, view } = scope.links;
      expect(open.text(textHoles)).toContain(`Avsluta prenumeration: ${unsubscribe}\n`);
      const html = open.html(htmlHoles);
      expect(html).toMatch(
        new RegExp(`<a\\s[^<>]*href="${unsubscribe}"[^<>]*>\\s*Avsluta prenumeration\\s*</a>`),
      );
      for (const url of [preferences, why, view]) expect(html).toContain(`href="${url}"`);
    },
  );

  it.each(both)(
    'L-06, L-11, D-15: says who sends, that it is advertising, why, and the right to say no: $key in $language',
    async (template) => {
      const { content } = await compileEmail(template, sender, marketing);
      const words =
        template.language === 'sv'
          ? [
              'Detta är reklam från Lärkraft Utbildning AB',
              'Du får det här för att',
              'rätt att säga nej',
              'Varför får jag detta?',
              'Ändra vad du får',
              'Visa i webbläsaren',
            ]
          : [
              'This is advertising from Lärkraft Utbildning AB',
              'You are getting this because',
              'may say no',
              'Why am I getting this?',
              'Change what you get',
              'View in browser',
            ];
      const contact = ['Provgatan 7, 222 22 Lund', 'hej@larkraft.example', '070-174 06 10'];
      for (const part of [content!.html, content!.text]) {
        for (const text of [...words, ...contact]) expect(part).toContain(text);
      }
    },
  );
});

describe('every system mail', () => {
  const systemLayout = readLayout('system');

  it.each(readSystemTemplates())(
    'compiles without an error, and without marketing: $key in $language',
    async (template) => {
      const rules = { layout: systemLayout, fields: template.fields, optOut: false };
      const { content, problems } = await compileWith(template, sender, rules);
      expect(problems).toEqual([]);
      expect(content!.bytes).toBeLessThan(30_000);
      expect(content!.html).not.toContain('links.view');
      const word =
        template.language === 'sv'
          ? /servicemeddelande, inte reklam/
          : /service message, not advertising/;
      expect(content!.text).toMatch(word);
      expect(content!.text).toMatch(/Var det inte du|Was it not you/);
    },
  );

  it('D-08: names no authority of the past', () => {
    const everything = [...readSystemTemplates(), ...templates, { body: marketing + systemLayout }];
    expect(JSON.stringify(everything)).not.toContain('Datainspektionen');
  });

  it('uses none of the fields that marketing knows, except the sender', () => {
    const fields = readSystemTemplates().flatMap((template) => template.fields);
    const known: readonly string[] = MERGE_FIELDS;
    expect(fields.filter((field) => known.includes(field) && field !== 'sender.name')).toEqual([]);
  });
});
