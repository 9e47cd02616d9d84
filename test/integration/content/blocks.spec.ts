import type { Block } from '../../../src/domain/blocks/block';
import { startContentApp, type ContentApp } from './content-app';

let content: ContentApp;

beforeAll(async () => {
  content = await startContentApp();
});
afterAll(() => content.close());

const TEMPLATES = '/api/v1/templates';
const words = { nameSv: 'Med block', nameEn: 'With blocks', subject: 'Hej', preheader: 'Hej' };
const heading: Block = { id: 'rubrik', type: 'heading', content: [{ text: 'Höstens kurser' }] };
const button: Block = { id: 'knapp', type: 'button', label: 'Läs mer', url: '' };
const author = () => content.as('templates:read', 'templates:write');

describe('a template of blocks', () => {
  it('keeps them beside the body they became, until somebody writes the source instead', async () => {
    const blocks = [heading, { ...button, url: 'https://larkraft.example/kurser' }];
    const saved = await author()
      .put(`${TEMPLATES}/av-block`, { ...words, blocks })
      .expect(200);
    expect(saved.body.blocks).toEqual(blocks);
    expect(saved.body.body).toContain('<h2>Höstens kurser</h2>');
    const { body: source } = saved.body;
    const own = await author()
      .put(`${TEMPLATES}/av-block`, { ...words, body: source })
      .expect(200);
    expect(own.body).toMatchObject({ blocks: null, body: source, version: 2 });
  });

  it('is refused with the block that is not finished, or the place of what is no block', async () => {
    const unfinished = { ...words, blocks: [heading, button] };
    const refused = await author().put(`${TEMPLATES}/trasig`, unfinished).expect(422);
    expect(refused.body.errors).toEqual([
      { path: 'blocks.knapp', code: 'link_missing', message: 'Länken saknar adress.' },
    ]);
    const strange = { ...words, blocks: [{ ...heading, html: '<b>' }] };
    const { body } = await author().put(`${TEMPLATES}/trasig`, strange).expect(422);
    expect(body.errors).toEqual([
      expect.objectContaining({ path: 'blocks.0.html', code: 'unknown_field' }),
    ]);
    await author().put(`${TEMPLATES}/trasig`, words).expect(422);
  });

  it('is shown without what is not finished, which the problems name', async () => {
    const request = { subject: '', blocks: [heading, button] };
    const { body } = await author().post(`${TEMPLATES}/preview`, request).expect(200);
    expect(body.html).toContain('Höstens kurser');
    expect(body.html).not.toContain('Läs mer');
    expect(body.problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'subject_empty', path: 'subject' }),
        expect.objectContaining({ code: 'link_missing', block: 'knapp' }),
      ]),
    );
  });
});

describe('blocks to use again', () => {
  const SNIPPETS = '/api/v1/snippets';

  it('are saved, listed by name and deleted', async () => {
    const { body } = await author().post(SNIPPETS, { name: 'Slutet', blocks: [heading] });
    await author()
      .post(SNIPPETS, { name: 'Början', blocks: [heading] })
      .expect(201);
    const list = await author().get(SNIPPETS).expect(200);
    expect(list.body.map(({ name }: { name: string }) => name)).toEqual(['Början', 'Slutet']);
    expect(list.body[1].blocks).toEqual([heading]);
    await author().delete(`${SNIPPETS}/${body.id}`).expect(204);
    await author().delete(`${SNIPPETS}/${body.id}`).expect(404);
  });

  it('are blocks, and at least one', async () => {
    await author().post(SNIPPETS, { name: 'Tom', blocks: [] }).expect(422);
    await author()
      .post(SNIPPETS, { name: 'Fel', blocks: ['<b>'] })
      .expect(422);
    await content.as('templates:read').post(SNIPPETS, { name: 'Nej', blocks: [] }).expect(403);
  });
});
