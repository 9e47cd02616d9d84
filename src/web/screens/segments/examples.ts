import type { Group } from '../../../domain/segment/tree';

export type ExampleName = 'learnt' | 'ending' | 'next' | 'quiet' | 'new';

const lately = (last: number) => ({ last, unit: 'months' as const });

/** Questions that many houses ask. What only the house itself can fill in is left open. */
export const EXAMPLES: Readonly<Record<ExampleName | 'blank', Group>> = {
  blank: { match: 'all', rules: [{ field: 'city', op: 'is', value: '' }] },
  learnt: {
    match: 'all',
    rules: [{ field: 'learning', op: 'did', events: ['completed'], when: lately(12) }],
  },
  ending: {
    match: 'all',
    rules: [
      { field: 'kind', op: 'one_of', value: ['company_contact'] },
      { field: 'agreement', op: 'ends_within', value: 90 },
    ],
  },
  next: {
    match: 'all',
    rules: [
      { field: 'learning', op: 'did', events: ['completed'], courses: [] },
      { field: 'learning', op: 'never', events: ['enrolled', 'started'], courses: [] },
    ],
  },
  quiet: {
    match: 'all',
    rules: [
      { field: 'kind', op: 'one_of', value: ['learner'] },
      {
        field: 'learning',
        op: 'never',
        events: ['started', 'completed', 'active'],
        when: lately(6),
      },
    ],
  },
  new: {
    match: 'all',
    rules: [
      { field: 'created', op: 'within', value: lately(3) },
      { field: 'organisation_city', op: 'is', value: '' },
    ],
  },
};
