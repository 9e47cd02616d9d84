import type { Block } from './block';
import { checkBlocks, MOST_BLOCKS } from './check-blocks';

const text = (words: string, id = 'b1'): Block => ({
  id,
  type: 'text',
  content: [{ kind: 'paragraph', content: [{ text: words }] }],
});

describe('blocks', () => {
  it('may be unfinished: a draft is saved while it is written', () => {
    const drafts: Block[] = [
      { id: 'b1', type: 'image', picture: { src: '', alt: '' }, url: '' },
      { id: 'b2', type: 'button', label: '', url: '' },
      { id: 'b3', type: 'header', picture: null, kicker: '', title: [] },
      { id: 'b4', type: 'social', links: [] },
      { id: 'b5', type: 'divider' },
      text('{{ vad som helst }}', 'b6'),
    ];
    expect(checkBlocks(drafts)).toEqual([]);
    expect(checkBlocks([])).toEqual([]);
  });

  it.each([
    ['no list', { 0: text('Hej') }, '', 'not_blocks'],
    ['no block', [null], '0.type', 'invalid_value'],
    ['another kind of block', [{ id: 'b1', type: 'html', html: '<b>' }], '0.type', 'invalid_value'],
    ['an inherited name as its kind', [{ id: 'b1', type: 'toString' }], '0.type', 'invalid_value'],
    ['a field of its own', [{ ...text('Hej'), css: 'x' }], '0.css', 'unknown_field'],
    ['no id', [{ type: 'divider' }], '0.id', 'invalid_value'],
    ['an id that is markup', [{ id: '"><b', type: 'divider' }], '0.id', 'invalid_value'],
    ['the same id twice', [text('Hej'), text('Hej')], '1.id', 'not_unique'],
    ['a NUL', [text('\0')], '0.content.0.content.0.text', 'invalid_value'],
    ['half a sign', [text('\ud800')], '0.content.0.content.0.text', 'invalid_value'],
    ['a turned direction', [text('\u202e')], '0.content.0.content.0.text', 'invalid_value'],
    ['the lint’s own marks', [text('\uE001')], '0.content.0.content.0.text', 'invalid_value'],
    ['endless text', [text('x'.repeat(20_001))], '0.content.0.content.0.text', 'too_long'],
    [
      'two lines in a heading',
      [{ id: 'b1', type: 'heading', content: [{ text: 'a\nb' }] }],
      '0.content.0.text',
      'invalid_value',
    ],
    [
      'a field that nobody may use',
      [{ id: 'b1', type: 'heading', content: [{ field: 'contact.email', fallback: '' }] }],
      '0.content.0.field',
      'invalid_value',
    ],
    [
      'a fallback that ends its quotes',
      [{ id: 'b1', type: 'heading', content: [{ field: 'contact.city', fallback: '" }}' }] }],
      '0.content.0.fallback',
      'invalid_value',
    ],
    [
      'a condition about something else',
      [{ ...text('Hej'), condition: { about: 'city', is: 'Lund' } }],
      '0.condition.about',
      'invalid_value',
    ],
    [
      'a condition that is Liquid',
      [{ ...text('Hej'), condition: { about: 'kind', is: "' %}{% endif %}" } }],
      '0.condition.is',
      'invalid_value',
    ],
  ])('are refused with %s', (_, json, path, code) => {
    expect(checkBlocks(json)).toContainEqual({ path, code });
  });

  it('are not endless', () => {
    const many = Array.from({ length: MOST_BLOCKS + 1 }, (_, n) => text('Hej', `b${n}`));
    expect(checkBlocks(many)).toEqual([{ path: '', code: 'too_many' }]);
    expect(checkBlocks(many.slice(1))).toEqual([]);
  });

  it('cannot reach what objects inherit', () => {
    const sly = JSON.parse('[{"id":"b1","type":"divider","__proto__":{"x":1}}]') as unknown;
    expect(checkBlocks(sly)).toEqual([{ path: '0.__proto__', code: 'unknown_field' }]);
  });
});
