import { MARKETING_PURPOSES, POLICY_VERSION } from '../../../domain/policy';
import { fillIn, parsePolicy, readPolicies } from './policy-text';

describe('the text of a policy', () => {
  it('is read into title, headings, paragraphs, lists and tables', () => {
    const text = '# T\n\nA\nB\n\n## H\n\n- x\n- y\n\n| a | b |\n| 1 | 2 |\n';
    expect(parsePolicy(text)).toEqual({
      title: 'T',
      blocks: [
        { kind: 'paragraph', text: 'A B' },
        { kind: 'heading', text: 'H' },
        { kind: 'list', items: ['x', 'y'] },
        { kind: 'table', head: ['a', 'b'], rows: [['1', '2']] },
      ],
    });
    expect(() => parsePolicy('No title')).toThrow('begins with');
  });

  it('names the controller by its settings, and nothing that is not set', () => {
    expect(fillIn('Vi är [[controller]].', { controller: 'A $& B' })).toBe('Vi är A $& B.');
    expect(() => fillIn('[[contoller]]', { controller: 'A' })).toThrow('contoller');
  });
});

describe('the published policies', () => {
  const policies = readPolicies();

  it('hold the version that consents are recorded under', () => {
    expect(policies.map(({ version }) => version)).toContain(POLICY_VERSION);
  });

  it.each(policies)(
    'D-02 $version has the same rows and headings in both languages',
    ({ texts }) => {
      const shape = ({ blocks }: (typeof texts)['sv']) =>
        blocks.map((block) => [
          block.kind,
          block.kind === 'table' ? block.rows.map(([id, ...cells]) => [id, cells.length]) : null,
          block.kind === 'list' ? block.items.length : null,
        ]);
      expect(shape(texts.sv)).toEqual(shape(texts.en));
    },
  );

  it.each(['sv', 'en'] as const)('bind marketing to the rows that topics name (%s)', (language) => {
    const inForce = policies.find(({ version }) => version === POLICY_VERSION)!;
    const rows = inForce.texts[language].blocks.flatMap((block) =>
      block.kind === 'table' ? block.rows : [],
    );
    expect(rows.map(([id]) => id)).toEqual(
      Array.from({ length: 11 }, (_, n) => `R-${String(n + 1).padStart(2, '0')}`),
    );
    for (const { id, ...purpose } of MARKETING_PURPOSES) {
      expect(rows.find(([row]) => row === id)![1]).toBe(purpose[language]);
    }
  });
});
