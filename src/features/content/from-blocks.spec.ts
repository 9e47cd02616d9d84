import fc from 'fast-check';
import { convert } from 'html-to-text';
import { KINDS, NETWORKS, type Block, type Inline, type RichText } from '../../domain/blocks/block';
import { blocksToMjml } from '../../domain/blocks/blocks-to-mjml';
import { checkBlocks } from '../../domain/blocks/check-blocks';
import { MERGE_FIELDS } from '../../domain/merge-fields';
import { readLayout } from './bundled-templates';
import { compileEmail, type Sender } from './compile';
import { openContent } from './content-renderer';
import { onBlocks, writtenFrom } from './from-blocks';
import { sampleScope, toScope } from './merge-fields';

const sender: Sender = {
  name: 'Lärkraft',
  legalName: 'Lärkraft Utbildning AB',
  postalAddress: 'Provgatan 7, 222 22 Lund',
  email: 'hej@larkraft.example',
  phone: '070-174 06 10',
  publicUrl: 'https://mejl.larkraft.example',
  authority: 'Integritetsskyddsmyndigheten (IMY)',
};
const layout = readLayout('marketing');

async function compileBlocks(blocks: Block[]) {
  const { body } = blocksToMjml(blocks);
  const lines = { language: 'sv' as const, subject: 'Hej', preheader: 'Hej' };
  const compiled = await compileEmail({ ...lines, body }, sender, layout);
  return { ...compiled, problems: onBlocks(compiled.problems, blocks) };
}

async function shown(blocks: Block[], person: { speaks?: string; kinds?: string[] } = {}) {
  const { content, problems } = await compileBlocks(blocks);
  if (!content) throw new Error(JSON.stringify(problems));
  const sample = sampleScope('sv', { publicUrl: sender.publicUrl, senderName: sender.name }, false);
  const scope = toScope({
    language: 'sv',
    campaignName: '',
    topicName: '',
    senderName: sender.name,
    links: sample.links,
    reason: sample.reason,
    ...person,
  });
  const open = openContent(content);
  const holes = open.renderFor(scope);
  return { html: open.html(holes.htmlHoles), text: open.text(holes.textHoles) };
}

const paragraph = (text: string): RichText => [{ kind: 'paragraph', content: [{ text }] }];
const textBlock = (text: string, id = 'b1'): Block => ({
  id,
  type: 'text',
  content: paragraph(text),
});

// Without the placeholders of other systems and braces that meet: the lint refuses those, as it should.
const typed = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((text) => !/[{}[\]#*|%\p{Cc}\uE000-\uE002\u2028-\u202e\u2066-\u2069]/u.test(text));
const url = fc.webUrl({ validSchemes: ['https'], withQueryParameters: true });
const look = {
  bold: fc.boolean(),
  italic: fc.boolean(),
  link: fc.option(url, { nil: undefined }),
};
const inline: fc.Arbitrary<Inline> = fc.oneof(
  fc.record({ text: typed, ...look }, { requiredKeys: ['text'] }),
  fc.record({
    field: fc.constantFrom(...MERGE_FIELDS),
    fallback: fc.constantFrom('du', 'där', "there's"),
  }),
);
const line = fc.array(inline, { maxLength: 4 });
const richText: fc.Arbitrary<RichText> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('paragraph' as const), content: line }),
    fc.record({ kind: fc.constant('list' as const), items: fc.array(line, { maxLength: 3 }) }),
  ),
  { maxLength: 3 },
);
const picture = fc.record({ src: url, alt: typed.map((alt) => `bild ${alt}`) });
const cell = {
  picture: fc.option(picture),
  heading: typed,
  text: richText,
  link: fc.option(fc.record({ label: typed, url })),
};
const type = <Name extends Block['type']>(name: Name) => fc.constant(name);
const id = fc.constant('');
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({
    id,
    type: type('header'),
    picture: fc.option(picture),
    kicker: typed,
    title: line,
  }),
  fc.record({ id, type: type('heading'), content: line }),
  fc.record({ id, type: type('text'), content: richText, lead: fc.boolean() }),
  fc.record({ id, type: type('image'), picture, url: fc.oneof(url, fc.constant('')) }),
  fc.record({ id, type: type('button'), label: typed, url, quiet: fc.boolean() }),
  fc.record({ id, type: type('columns'), left: fc.record(cell), right: fc.record(cell) }),
  fc.record({ id, type: type('course'), kicker: typed, ...cell }),
  fc.record({ id, type: type('quote'), content: line, by: typed }),
  fc.record({ id, type: type('divider') }),
  fc.record({
    id,
    type: type('social'),
    links: fc.array(fc.record({ network: fc.constantFrom(...NETWORKS), url }), { maxLength: 3 }),
  }),
  fc.record({ id, type: type('note'), content: richText }),
);
const condition = fc.oneof(
  fc.record({
    about: fc.constant('language' as const),
    is: fc.constantFrom('sv' as const, 'en' as const),
  }),
  fc.record({ about: fc.constant('kind' as const), is: fc.constantFrom(...KINDS) }),
);
const blocks = fc
  .array(fc.tuple(block, fc.option(condition, { nil: undefined })), { minLength: 1, maxLength: 6 })
  .map((all) => all.map(([one, when], n) => ({ ...one, id: `b${n}`, condition: when }) as Block));

describe('a mail made from blocks', () => {
  it('compiles without an error, whichever they are and however they are put together', async () => {
    await fc.assert(
      fc.asyncProperty(blocks, async (any) => {
        expect(checkBlocks(any)).toEqual([]);
        const { problems } = await compileBlocks(any);
        expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('shows what was typed as it was typed, in both parts', async () => {
    const alone = typed.map((text) => `före ${text} efter`);
    await fc.assert(
      fc.asyncProperty(alone, async (text) => {
        const { html, text: plain } = await shown([textBlock(text)]);
        const words = (from: string) => from.replace(/\s+/g, ' ');
        expect(words(convert(html, { wordwrap: false }))).toContain(words(text));
        expect(words(plain)).toContain(words(text));
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '</mj-text></mj-column></mj-section></mjml>',
    '<mj-raw><script>alert(1)</script></mj-raw>',
    '<!-- body -->',
    '<!--[if mso]><script>alert(1)</script><![endif]-->',
    '<![CDATA[<b>x</b>',
    '" onmouseover="alert(1)',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
  ])('takes %s for words, wherever it is typed', async (payload) => {
    const parts = { picture: null, heading: payload, text: paragraph(payload), link: null };
    const everywhere: Block[] = [
      { id: 'a', type: 'header', picture: null, kicker: payload, title: [{ text: payload }] },
      { id: 'b', type: 'heading', content: [{ text: payload, bold: true, italic: true }] },
      textBlock(payload, 'c'),
      { id: 'd', type: 'button', label: payload, url: 'https://e.example' },
      { id: 'e', type: 'columns', left: parts, right: parts },
      { id: 'f', type: 'course', kicker: payload, ...parts },
      { id: 'g', type: 'quote', content: [{ text: payload }], by: payload },
      {
        id: 'h',
        type: 'image',
        picture: { src: 'https://e.example/a.png', alt: payload },
        url: '',
      },
      { id: 'i', type: 'note', content: paragraph(payload) },
    ];
    expect(checkBlocks(everywhere)).toEqual([]);
    const { html } = await shown(
      everywhere.filter(({ type: kind }) => !/]]/.test(payload) || kind),
    );
    expect(html).not.toMatch(/<script|<img src=x|onmouseover="|<b>x|<mj-/);
    expect(convert(html, { wordwrap: false })).toContain(payload);
  });

  it.each(['{{ 7 | times: 191 }}', '{% assign links = 1 %}', '{{ contact.first_name }}'])(
    'refuses %s where it was typed, and names the block',
    async (payload) => {
      const { content, problems } = await compileBlocks([
        textBlock('Hej', 'first'),
        textBlock(payload, 'second'),
      ]);
      expect(content).toBeNull();
      expect(problems).toContainEqual(
        expect.objectContaining({ code: 'unreplaced_placeholder', block: 'second' }),
      );
      expect(problems.some(({ line: place }) => place !== undefined)).toBe(false);
    },
  );

  it.each(['javascript:alert(1)', 'data:text/html,x', 'http://e.example', '{{ links.view }}', ''])(
    'refuses the link “%s”, and names the block',
    async (target) => {
      const button: Block = { id: 'knapp', type: 'button', label: 'Läs', url: target };
      const { problems } = await compileBlocks([textBlock('Hej'), button]);
      expect(problems).toContainEqual(
        expect.objectContaining({ severity: 'error', block: 'knapp' }),
      );
    },
  );

  it('asks for the alternative text of a picture that says something', async () => {
    const image = (alt: string, decorative: boolean): Block => ({
      id: 'bild',
      type: 'image',
      picture: { src: 'https://e.example/a.png', alt, decorative },
      url: '',
    });
    const problemsOf = async (one: Block) => (await compileBlocks([one])).problems;
    expect(await problemsOf(image('', false))).toEqual([
      expect.objectContaining({ code: 'image_without_alt', block: 'bild' }),
    ]);
    expect(await problemsOf(image('', true))).toEqual([]);
    expect(await problemsOf(image('En kurs', false))).toEqual([]);
  });

  it('shows a block with a condition to those it is for, and to nobody else', async () => {
    const about: Block[] = [
      { ...textBlock('på svenska', 'a'), condition: { about: 'language', is: 'sv' } },
      { ...textBlock('in English', 'b'), condition: { about: 'language', is: 'en' } },
      {
        ...textBlock('till den som läser kurser', 'c'),
        condition: { about: 'kind', is: 'learner' },
      },
    ];
    const learner = await shown(about, { speaks: 'en', kinds: ['learner', 'company_contact'] });
    expect(learner.text).not.toContain('på svenska');
    expect(learner.text).toContain('in English');
    expect(learner.html).toContain('till den som läser kurser');
    const other = await shown(about, { speaks: 'sv', kinds: ['company_contact'] });
    expect(other.text).toContain('på svenska');
    expect(other.html).not.toContain('till den som läser kurser');
  });

  it('fills in a field, or what stands in its place', async () => {
    const content = [{ text: 'Hej ' }, { field: 'contact.first_name' as const, fallback: 'där' }];
    const { html } = await shown([{ id: 'a', type: 'heading', content }]);
    expect(html).toContain('<h2>Hej där</h2>');
  });
});

it('tells a request where in its blocks something is wrong', () => {
  expect(() => writtenFrom({ blocks: [{ id: 'b1', type: 'html' }] })).toThrow(
    expect.objectContaining({
      errors: [expect.objectContaining({ path: 'blocks.0.type', code: 'invalid_value' })],
    }),
  );
});
