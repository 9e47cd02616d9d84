import { readLayout } from './bundled-templates';
import { compileEmail, type EmailSource, type Sender } from './compile';
import type { Problem } from './lint/problems';

const sender: Sender = {
  name: 'Lärkraft',
  legalName: 'Lärkraft AB',
  postalAddress: 'Exempelgatan 1, 111 11 Stockholm',
  email: 'kundtjanst@larkraft.example',
  phone: '070-174 06 05',
  publicUrl: 'http://localhost:3000',
  authority: 'IMY',
};
const layout = readLayout('marketing');

const inSection = (content: string) =>
  `<mj-section>\n  <mj-column>\n    ${content}\n  </mj-column>\n</mj-section>`;
const text = (content: string) => inSection(`<mj-text>${content}</mj-text>`);

function compile(change: Partial<EmailSource> = {}, from: Sender = sender) {
  const source: EmailSource = {
    language: 'sv',
    subject: 'En rad',
    preheader: 'Mer om raden',
    body: text('Hej!'),
  };
  return compileEmail({ ...source, ...change }, from, layout);
}

async function problemsOf(body: string): Promise<Problem[]> {
  const { content, problems } = await compile({ body });
  expect(content === null).toBe(problems.some(({ severity }) => severity === 'error'));
  return problems;
}

const expectOne = async (body: string, code: string, more: Partial<Problem> = {}) =>
  expect(await problemsOf(body)).toEqual([expect.objectContaining({ code, ...more })]);

describe('compiling a mail', () => {
  it('keeps conditions around sections, in both parts', async () => {
    const { content, problems } = await compile({
      body: `<mj-raw>{% if contact.city == 'Umeå' %}</mj-raw>\n${text('Välkommen norrut')}\n<mj-raw>{% else %}</mj-raw>\n${text('Välkommen')}\n<mj-raw>{% endif %}</mj-raw>`,
    });
    expect(problems).toEqual([]);
    for (const part of [content!.html, content!.text]) {
      expect(part).toMatch(
        /\{% if contact\.city == 'Umeå' %\}[\s\S]*Välkommen norrut[\s\S]*\{% else %\}[\s\S]*Välkommen[\s\S]*\{% endif %\}/,
      );
    }
    expect(content!.text).not.toMatch(/%\}\n\n/);
  });

  it('gives the same words the same hash and a nonce of their own', async () => {
    const [one, two] = [(await compile()).content!, (await compile()).content!];
    expect(one.hash).toBe(two.hash);
    expect(one.nonce).not.toBe(two.nonce);
    expect(one.nonce).toMatch(/^[0-9a-f]{16}$/);
    expect((await compile({ subject: 'En annan rad' })).content!.hash).not.toBe(one.hash);
  });

  it('makes a title that needs no merge field, from the subject with its fallbacks', async () => {
    const subject = "Hej {{ contact.first_name | default: 'du' }} <& co>";
    const { content } = await compile({ subject });
    expect(content!.html).toContain('<title>Hej du &lt;&amp; co&gt;</title>');
  });

  it('treats the preheader as text, whatever it looks like', async () => {
    const { content, problems } = await compile({
      preheader: '3 < 4 & "du" {{ topic.name }} </mj-preview>',
    });
    expect(problems).toEqual([]);
    expect(content!.html).toContain('3 &#60; 4 &#38; &#34;du&#34; {{ topic.name }} &#60;/mj-pre');
  });

  it('loads nothing from elsewhere, also when an author names a web font', async () => {
    const { content } = await compile({
      body: inSection('<mj-text font-family="Roboto">Hej</mj-text>'),
    });
    expect(content!.html).not.toMatch(/fonts\.googleapis|@import/);
  });

  it('lists the fields it uses', async () => {
    const { fields } = await compile({
      subject: '{{ topic.name }}',
      body: text("{{ contact.first_name | default: 'du' }}{% if contact.city %}!{% endif %}"),
    });
    expect(fields.sort()).toEqual(['contact.city', 'contact.first_name', 'topic.name']);
  });

  it('drops the notes that colleagues leave in comments', async () => {
    const { content, problems } = await compile({ body: `<!-- {{ glöm inte }} -->${text('Hej')}` });
    expect(problems).toEqual([]);
    expect(content!.html).not.toContain('glöm inte');
  });
});

describe('what the lint says about Liquid', () => {
  it('names the line and what was meant when a field is unknown', async () => {
    await expectOne(text("Hej\n{{ contact.frist_name | default: 'du' }}"), 'unknown_field', {
      path: 'body',
      line: 4,
      column: 4,
      params: { field: 'contact.frist_name' },
      suggestion: 'contact.first_name',
    });
  });

  it.each(['{{ contact }}', '{{ links[contact.city] }}', '{{ env.LINK_KEYS }}', '{{ this }}'])(
    'refuses %s, which is on no list',
    async (source) => {
      const problems = await problemsOf(text(source));
      expect(problems.map(({ code }) => code)).toContain('unknown_field');
    },
  );

  it('refuses unknown filters and tags, with a suggestion', async () => {
    await expectOne(text('{{ topic.name | upcas }}'), 'unknown_filter', { suggestion: 'upcase' });
    await expectOne(text('{% iff topic.name %}x{% endif %}'), 'unknown_tag', { suggestion: 'if' });
    await expectOne(text('{{ topic.name | raw }}'), 'unknown_filter');
    await expectOne(text('{{ topic.name | constructor }}'), 'unknown_filter');
    await expectOne(text('{% include "package.json" %}'), 'unknown_tag');
  });

  it('names the line of Liquid that cannot be read', async () => {
    await expectOne(text('a\nb {{ topic.name'), 'liquid_invalid', { line: 4, column: 3 });
    await expectOne(text('{% if topic.name %}x'), 'liquid_invalid', { line: 3 });
  });

  it('warns about a name without a fallback, not where a condition asked for it', async () => {
    await expectOne(text('{{ contact.first_name }}'), 'missing_fallback', { severity: 'warning' });
    expect(await problemsOf(text("{{ contact.first_name | default: 'du' }}"))).toEqual([]);
    const asked = '{% if contact.first_name != "" %}Hej {{ contact.first_name }}{% endif %}';
    expect(await problemsOf(text(asked))).toEqual([]);
  });

  it('lets nobody end the mail early or hide a field behind a variable', async () => {
    await expectOne(text('{% break %}'), 'stray_break');
    await expectOne(text('{% for i in (1..2) %}x{% else %}{% break %}{% endfor %}'), 'stray_break');
    expect(await problemsOf(text('{% for i in (1..2) %}{% break %}{% endfor %}'))).toEqual([]);
    await expectOne(text("{% assign links = 'x' %}"), 'reserved_name');
    await expectOne(text('{% for links in (1..2) %}x{% endfor %}'), 'reserved_name');
    await expectOne(text("{% assign __proto__ = 'x' %}"), 'reserved_name');
    expect(await problemsOf(text("{% assign a = 'x' %}{{ a }}"))).toEqual([]);
  });
});

describe('what the lint says about weight', () => {
  it.each([
    '{% for i in (1..51) %}x{% endfor %}x',
    '{% if contact.city == "Lund" %}{% for i in (1..1000000) %}x{% endfor %}{% endif %}',
    '{% if contact.city == "Lund" %}{% for i in (1..topic.name) %}x{% endfor %}{% endif %}',
    '{% for i in (1..9) %}{% for j in (1..9) %}x{% endfor %}{% endfor %}',
    '{% assign a = (1..100000000) %}{{ a | first }}',
  ])('refuses a loop that would hold up the sending: %s', async (source) => {
    const codes = (await problemsOf(text(source))).map(({ code }) => code);
    expect(codes).toContain('too_heavy');
  });
});

describe('what the lint says about markup', () => {
  it.each([
    ['<mj-social></mj-social>', 'tag_not_allowed'],
    ['<mj-text><script>x</script></mj-text>', 'tag_not_allowed'],
    ['<mj-text><a href="https://e.example" onclick="x">a</a></mj-text>', 'event_handler'],
    ['<mj-text><p style="position:fixed">a</p></mj-text>', 'style_not_allowed'],
    ['<mj-text><p style="margin-top:-40px">a</p></mj-text>', 'style_not_allowed'],
    ['<mj-text><p style="back\\67round:red">a</p></mj-text>', 'style_not_allowed'],
    ['<mj-text><p id="a">a</p></mj-text>', 'attribute_not_allowed'],
    ['<mj-image src="https://e.example/a.png" />', 'image_without_alt'],
    ['<mj-image src="http://e.example/a.png" alt="" />', 'link_not_allowed'],
    ['<mj-image src="https://e.example/{{ contact.city }}.png" alt="" />', 'field_in_image'],
    ['<mj-text><b {{ topic.name }}>a</b></mj-text>', 'field_in_markup'],
    ['<mj-text><p style="color:{{ topic.name }}">a</p></mj-text>', 'field_in_markup'],
    ['<mj-text><{{ topic.name }}>a</mj-text>', 'tag_not_allowed'],
    ['<mj-text><b>a</mj-text>', 'not_closed'],
    ['<mj-text>a</b></mj-text>', 'not_opened'],
    ['<mj-text><!-- a</mj-text>', 'markup_declaration'],
    ['<mj-text><![CDATA[a]]></mj-text>', 'markup_declaration'],
    ['<mj-text>###NAMN###</mj-text>', 'unreplaced_placeholder'],
    ['<mj-text>{% raw %}{{ namn }}{% endraw %}</mj-text>', 'unreplaced_placeholder'],
    ['<mj-text>&#123;&#123; topic.name }}</mj-text>', 'unreplaced_placeholder'],
    ['<mj-text>a\u0000</mj-text>', 'control_character'],
    ['<mj-text>a\uE000</mj-text>', 'control_character'],
  ])('%s: %s', async (markup, code) => {
    const problems = await problemsOf(inSection(markup));
    expect(problems.map((problem) => problem.code)).toContain(code);
  });

  it('counts lines in the body, not in the layout', async () => {
    await expectOne(inSection('<mj-button colour="red">a</mj-button>'), 'mjml_invalid', {
      path: 'body',
      line: 3,
    });
  });

  it.each([
    '<div style="display:none">{% if topic.name %}</div>{% endif %}',
    '{% if topic.name %}<div style="display:none">{% endif %}</div>',
    '{% if topic.name %}<div>{% else %}</div>{% endif %}',
    '<div>{% if topic.name %}</div><div>{% endif %}</div>',
  ])('P-16: half an element in a condition could swallow the footer: %s', async (markup) => {
    const problems = await problemsOf(`<mj-raw>${markup}</mj-raw>`);
    expect(problems.map(({ severity }) => severity)).toContain('error');
  });

  it.each([
    ['https://www.example.com/a?b=c&amp;d=e', null],
    ['https://www.example.com/?o={{ organisation.name | url_encode }}', null],
    ['mailto:hej@example.com?subject=Hej', null],
    ['tel:+46701740605', null],
    ['{{ links.preferences }}', null],
    ['http://localhost:3000/kurser', null],
    ['http://localhost:3000.evil.example/', 'link_not_allowed'],
    ['http://www.example.com', 'link_not_allowed'],
    ['//www.example.com', 'link_not_allowed'],
    ['/kurser', 'link_not_allowed'],
    ['www.example.com', 'link_not_allowed'],
    ['https://', 'link_not_allowed'],
    ['https://ex ample.com', 'link_with_space'],
    ['https://example.com/a b', 'link_with_space'],
    ['', 'link_missing'],
    ['#', 'link_missing'],
    ['{{ contact.city }}', 'link_not_allowed'],
    ['https://{{ contact.city | url_encode }}', 'link_not_allowed'],
    ['https://example.com{{ contact.city | url_encode }}', 'link_not_allowed'],
    ['https://example.com/?q={{ contact.city }}', 'field_not_encoded'],
    ['https://example.com/{% if topic.name %}a{% endif %}', 'field_in_markup'],
    ['https://user@example.com/', 'link_not_allowed'],
  ])('a link to "%s": %s', async (href, code) => {
    const problems = await problemsOf(text(`<a href="${href}">a</a>`));
    expect(problems.find(({ severity }) => severity === 'error')?.code ?? null).toBe(code);
  });
});

describe('what the lint says about the whole', () => {
  it.each([
    ['', 'subject_empty'],
    ['  ', 'subject_empty'],
    ['Hej\r\nBcc: alla@example.com', 'line_break'],
    ['Hej\u2028Bcc', 'line_break'],
    ['Hej \u202Edu', 'control_character'],
    ['Hej {{ namn }}', 'unknown_field'],
    ['Hej {{ namn', 'liquid_invalid'],
    ['Hej [[namn]]', 'unreplaced_placeholder'],
    ['Hej <% namn %>', 'unreplaced_placeholder'],
  ])('refuses the subject %j: %s', async (subject, code) => {
    const { content, problems } = await compile({ subject });
    expect(content).toBeNull();
    expect(problems.map((problem) => problem.code)).toContain(code);
  });

  it('warns about a subject that phones cut, and refuses an absurd one', async () => {
    const long = await compile({ subject: 'a'.repeat(71) });
    expect(long.problems).toEqual([
      expect.objectContaining({ code: 'subject_long', severity: 'warning' }),
    ]);
    expect((await compile({ subject: 'a'.repeat(401) })).content).toBeNull();
  });

  it('warns at 90 kB and refuses over 102 kB', async () => {
    const ofSize = (bytes: number) => compile({ body: text('åäö '.repeat(bytes / 7)) });
    expect((await ofSize(60_000)).problems).toEqual([]);
    expect((await ofSize(80_000)).problems).toEqual([
      expect.objectContaining({ code: 'size_warning', severity: 'warning' }),
    ]);
    const refused = await ofSize(95_000);
    expect(refused.problems).toEqual([expect.objectContaining({ code: 'size_refused' })]);
    expect(refused.content).toBeNull();
  });

  it('P-16: refuses a layout without the link, or with it in a condition', async () => {
    const source = {
      language: 'sv' as const,
      subject: 'En rad',
      preheader: 'Mer',
      body: text('Hej'),
    };
    const link = /<mj-button[^>]*>Avsluta prenumeration<\/mj-button>/;
    const without = layout.replace(link, '');
    const hidden = layout.replace(link, (all) => {
      const button = all.replace('Avsluta', '{% if contact.city %}Avsluta{% endif %}');
      return button;
    });
    for (const bad of [without, hidden]) {
      const { content, problems } = await compileEmail(source, sender, bad);
      expect(content).toBeNull();
      expect(problems.map(({ code }) => code)).toContain('unsubscribe_missing');
    }
  });

  it('D-15: refuses settings that are empty, or that would come alive in the mail', async () => {
    for (const legalName of ['', '{{ contact.city }}', 'A\nB']) {
      const { content, problems } = await compile({}, { ...sender, legalName });
      expect(content).toBeNull();
      expect(problems[0]).toMatchObject({
        code: 'settings_invalid',
        params: { name: 'legalName' },
      });
    }
  });
});
