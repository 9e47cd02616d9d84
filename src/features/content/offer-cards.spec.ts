import type { Block } from '../../domain/blocks/block';
import { blocksToMjml } from '../../domain/blocks/blocks-to-mjml';
import { checkBlocks } from '../../domain/blocks/check-blocks';
import { type Offer, offersIn } from '../../domain/offers/offer';
import { readLayout } from './bundled-templates';
import { compileEmail, type Sender } from './compile';
import { compileSms } from './compile-sms';
import { openContent } from './content-renderer';
import { onBlocks } from './from-blocks';
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

const cards = (most: number): Block => ({
  id: 'kort',
  type: 'course',
  kicker: 'För dig',
  picture: null,
  heading: 'Det som skrevs förut',
  text: [],
  link: { label: 'Till kursen', url: '' },
  source: { from: 'recommended', most },
});

const offer = (name: string, more: Partial<Offer> = {}): Offer => ({
  name,
  subject: 'Excel',
  description: `Om ${name}.`,
  url: `https://kurser.example/${name}?a=1&b=2`,
  rule: 'next_level',
  because: 'Excel grund',
  ...more,
});

const THREE = [
  offer('e2'),
  offer('e3', { rule: 'same_subject' }),
  offer('m', { rule: 'popular', because: null }),
];

async function compile(blocks: Block[]) {
  const { body } = blocksToMjml(blocks);
  const lines = { language: 'sv' as const, subject: 'Hej', preheader: 'Hej' };
  const compiled = await compileEmail({ ...lines, body }, sender, readLayout('marketing'));
  return { ...compiled, problems: onBlocks(compiled.problems, blocks) };
}

async function shown(most: number, offers: Offer[], speaks = 'sv') {
  const { content, problems } = await compile([cards(most)]);
  expect(problems).toEqual([]);
  const sample = sampleScope('sv', { publicUrl: sender.publicUrl, senderName: sender.name }, false);
  const scope = toScope({
    language: 'sv',
    speaks,
    campaignName: '',
    topicName: '',
    senderName: sender.name,
    links: sample.links,
    reason: sample.reason,
    offers,
  });
  const open = openContent(content!);
  const holes = open.renderFor(scope);
  return { html: open.html(holes.htmlHoles), text: open.text(holes.textHoles), holes };
}

describe('course cards for each reader', () => {
  it('are a block that asks for as many courses as it has cards', () => {
    for (const most of [1, 2, 3]) {
      expect(checkBlocks([cards(most)])).toEqual([]);
      expect(offersIn(blocksToMjml([cards(most)]).body)).toBe(most);
    }
    for (const most of [0, 4, '2']) {
      const faults = checkBlocks([{ ...cards(1), source: { from: 'recommended', most } }]);
      expect(faults).toEqual([{ path: '0.source.most', code: 'invalid_value' }]);
    }
    const odd = checkBlocks([{ ...cards(1), source: { from: 'elsewhere' } }]);
    expect(odd).toContainEqual({ path: '0.source.from', code: 'invalid_value' });
  });

  it('are as many as there are courses for the reader, each with its reason, in HTML and text', async () => {
    const one = await shown(3, THREE.slice(0, 1));
    expect(one.html.match(/Till kursen/g)).toHaveLength(1);
    expect(one.html).not.toContain('Det som skrevs förut');
    const { html, text } = await shown(3, THREE);
    for (const part of [html, text]) {
      expect(part).toContain('Eftersom du har slutfört Excel grund.');
      expect(part).toContain('Eftersom du har gått Excel grund, i samma ämne.');
      expect(part).toContain('Eftersom flera på ditt företag har valt den det senaste året.');
    }
    expect(html.match(/Till kursen/g)).toHaveLength(3);
    expect(html).toContain('href="https://kurser.example/e3?a=1&amp;b=2"');
    expect(text).toContain('Till kursen: https://kurser.example/e3?a=1&b=2');
  });

  it('give their reason in the language of the reader', async () => {
    const { text } = await shown(1, THREE, 'en');
    expect(text).toContain('Because you have completed Excel grund.');
    expect(text).not.toContain('Eftersom');
  });

  it('say to nobody in particular what would stand there', async () => {
    const { html, text } = await shown(3, []);
    expect(html.match(/Till kursen/g)).toHaveLength(1);
    expect(text).toContain('Kurser för dig');
    expect(text).not.toContain('Eftersom');
  });

  it('keep whatever a course is called as text', async () => {
    const evil = '</h2><script>alert(1)</script>{{ links.unsubscribe }}$t(content:offer.nobodys)';
    const { html, text } = await shown(1, [
      offer(evil, { because: evil, description: evil, url: 'https://kurser.example/x' }),
    ]);
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
    expect(text).toContain(`Eftersom du har slutfört ${evil}.`);
    expect(html.match(/exempel-exempel-exempe/g)!.length).toBe(
      (await shown(1, THREE)).html.match(/exempel-exempel-exempe/g)!.length,
    );
  });

  it('travel with many readers in one request to the provider', async () => {
    const long = THREE.map((one) => ({ ...one, description: 'Så här lång är den. '.repeat(40) }));
    const { holes } = await shown(3, long);
    const bytes = Buffer.byteLength([...holes.htmlHoles, ...holes.textHoles].join(''));
    // SendGrid takes 10 000, with the names of the holes.
    expect(bytes).toBeLessThan(9_000);
  });

  it('are not for text messages', () => {
    const source = { channel: 'sms' as const, language: 'sv' as const, subject: '', preheader: '' };
    const { problems } = compileSms(
      { ...source, body: 'Prova {{ first_offer.name }}' },
      { name: 'Lärkraft', shortUrl: 'https://l.example' },
    );
    expect(problems.map(({ code }) => code)).toContain('unknown_field');
  });

  it('need words on their button as any other', async () => {
    const block = { ...cards(1), link: null } as Block;
    const { problems } = await compile([block]);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe('a card with a course of the catalogue', () => {
  it('has a fault where its course leads nowhere', async () => {
    const block: Block = {
      ...(cards(1) as Extract<Block, { type: 'course' }>),
      source: { from: 'catalogue', course: 'excel-1' },
    };
    expect(checkBlocks([block])).toEqual([]);
    const { content, problems } = await compile([block]);
    expect(content).toBeNull();
    expect(problems).toMatchObject([{ code: 'link_missing', block: 'kort', severity: 'error' }]);
  });
});
