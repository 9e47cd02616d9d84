import type { Group } from '../../../../domain/segment/tree';
import { canBeBuilt, isComplete, moved, replaced, ruleRow, toRows, toTree } from './rows';

const city = (value: string) => ({ field: 'city', op: 'is', value }) as const;
const TREE: Group = {
  match: 'all',
  rules: [city('Malmö'), { match: 'any', rules: [city('Lund'), city('Ystad')] }, city('Kalmar')],
};

describe('the rows of a question', () => {
  it('are the tree again when nothing was changed', () => {
    expect(toTree(toRows(TREE))).toEqual(TREE);
  });

  it('are shown for groups one level below and no deeper, and only for known fields', () => {
    const deeper: Group = { match: 'all', rules: [{ match: 'none', rules: [TREE] }] };
    expect(canBeBuilt(TREE, () => true)).toBe(true);
    expect(canBeBuilt(deeper, () => true)).toBe(false);
    expect(canBeBuilt(TREE, ({ field }) => field !== 'city')).toBe(false);
  });

  it('move among their own and stop at the ends', () => {
    const root = toRows(TREE);
    const [first] = root.rows;
    const cities = (tree: Group) => tree.rules.map((rule) => ('value' in rule ? rule.value : null));
    expect(cities(toTree(moved(root, first!.key, 1)))).toEqual([null, 'Malmö', 'Kalmar']);
    expect(toTree(moved(root, first!.key, -1))).toEqual(TREE);
  });

  it('take a group with them when its last rule goes', () => {
    const root = toRows(TREE);
    const group = root.rows[1] as typeof root;
    const left = group.rows.reduce((rows, { key }) => replaced(rows, key, null), root);
    expect(toTree(left).rules).toEqual([city('Malmö'), city('Kalmar')]);
  });

  it.each([
    [{ field: 'city', op: 'is', value: ' ' }, false],
    [{ field: 'city', op: 'is_empty' }, true],
    [{ field: 'topic', op: 'granted', value: [] }, false],
    [{ field: 'campaign', op: 'sent', value: undefined }, true],
    [{ field: 'created', op: 'within', value: { last: '', unit: 'days' } }, false],
    [{ field: 'created', op: 'within', value: { from: '2026-01-01', to: '' } }, false],
    [{ field: 'agreement', op: 'ends_within', value: 0 }, true],
    [{ field: 'learning', op: 'did', events: ['active'], when: undefined }, true],
  ])('know whether something is left to fill in: %j', (rule, complete) => {
    expect(isComplete(ruleRow(rule))).toBe(complete);
  });
});
