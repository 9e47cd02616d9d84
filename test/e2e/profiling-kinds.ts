/** What the trees below name: courses, an attribute for profiling, a campaign that was sent, and other segments. */
export interface Named {
  basic: string;
  further: string;
  campaign: string;
  dynamic: string;
  frozen: string;
  /** Whoever has completed the further course. */
  others: string;
}

export const LEARNT = (course: string) => ({
  field: 'learning',
  op: 'did',
  events: ['completed'],
  courses: [course],
});

const all = (...rules: object[]) => ({ match: 'all', rules });
const none = (...rules: object[]) => ({ match: 'none', rules });
const LONG = { last: 10, unit: 'years' };

/**
 * Every way to ask by profiling, each true of somebody who has completed the basic course and not begun the further one,
 * is interested in Excel, and was sent the campaign. `presence`
 * needs something to be known; `absence` holds also of whoever nothing is known of.
 */
export const kindsOf = (
  named: Named,
): Record<string, { tree: object; asks: 'presence' | 'absence' }> => {
  const { basic, further, campaign, dynamic, frozen } = named;
  const segment = (op: 'one_of' | 'none_of', value: string) => ({
    field: 'segment',
    op,
    value: [value],
  });
  const counted = (op: 'at_least' | 'at_most', times: number) => ({ ...LEARNT(basic), op, times });
  const edge = (which: 'first' | 'last') => ({ ...LEARNT(basic), when: LONG, which });
  const presence = (tree: object) => ({ tree, asks: 'presence' as const });
  const absence = (tree: object) => ({ tree, asks: 'absence' as const });
  return {
    'has done': presence(all(LEARNT(basic))),
    'has done in a subject': presence(
      all({ field: 'learning', op: 'did', events: ['completed'], subjects: ['excel'] }),
    ),
    'has done lately': presence(all({ ...LEARNT(basic), when: LONG })),
    'has done at first': presence(all(edge('first'))),
    'has done at last': presence(all(edge('last'))),
    'has done at least once': presence(all(counted('at_least', 1))),
    'has done at most twice': absence(all(counted('at_most', 2))),
    'has never done': absence(all({ ...LEARNT(further), op: 'never' })),
    'has done none of': absence(none(LEARNT(further))),
    'has done one and not the other': presence(all(LEARNT(basic), none(LEARNT(further)))),
    'has a value': presence(all({ field: 'attribute:interest', op: 'one_of', value: ['Excel'] })),
    'has another value': absence(
      all({ field: 'attribute:interest', op: 'none_of', value: ['Word'] }),
    ),
    'has no other value': absence(all({ field: 'attribute:guess', op: 'is_empty' })),
    'was sent': presence(all({ field: 'campaign', op: 'sent', value: [campaign] })),
    'was never sent another': absence(
      all({ field: 'campaign', op: 'never_sent', when: { before: '2020-01-01' } }),
    ),
    'lives there or has done': presence({
      match: 'any',
      rules: [{ field: 'city', op: 'is', value: 'Nowhere' }, all(LEARNT(basic))],
    }),
    'is in a segment that profiles': presence(all(segment('one_of', dynamic))),
    'is in a frozen copy': presence(all(segment('one_of', frozen))),
    'is not in a segment of others': absence(all(none(segment('one_of', named.others)))),
  };
};
