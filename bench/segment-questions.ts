import { courseId, EMPLOYEES, SIZE } from './learners';
import type { Group, LearningKind, TreeNode } from '../src/domain/segment/tree';

export interface Question {
  what: string;
  behaviour: boolean;
  tree: Group;
  /** The same question as a condition on reach, by somebody who knows the tables and asks what has to be asked. */
  byHand: string;
}

const all = (...rules: TreeNode[]): Group => ({ match: 'all', rules });
const any = (...rules: TreeNode[]): Group => ({ match: 'any', rules });
const LEARNERS: TreeNode = { field: 'kind', op: 'one_of', value: ['learner'] };
const AT_COMPANIES: TreeNode = { field: 'kind', op: 'one_of', value: ['company_contact'] };
const IN_MALMO: TreeNode = { field: 'city', op: 'is', value: 'Malmö' };
const did = (event: LearningKind, months: number, more: object = {}): TreeNode => ({
  field: 'learning',
  op: 'did',
  events: [event],
  when: { last: months, unit: 'months' },
  ...more,
});

const COURSES = [1, 6, 11].map(courseId);
const NEXT = [26, 31, 36].map(courseId);
const KEPT = `received_at > now() - interval '3 years'`;
const event = (kind: string, ...more: string[]): string =>
  [
    'SELECT contact_id FROM learner_event WHERE',
    [`kind = '${kind}'`, KEPT, ...more].join(' AND '),
  ].join(' ');
const within = (months: number): string => `occurred_at >= now() - interval '${months} months'`;
const of = (courses: readonly string[]): string =>
  `course_id IN (${courses.map((id) => `'${id}'`).join(', ')})`;
/** Restricted and erased people are in no segment; who may be profiled is neither. */
const NOT_HELD = 'NOT held';
const ENDING = `organisation_id IN (SELECT organisation_id FROM agreement
  GROUP BY 1 HAVING bool_or(starts_on <= current_date AND ends_on >= current_date)
    AND bool_and(ends_on IS NOT NULL AND ends_on <= current_date + 90))`;

export const QUESTIONS: readonly Question[] = [
  {
    what: 'learners in a city',
    behaviour: false,
    tree: all(LEARNERS, IN_MALMO),
    byHand: `kinds & 2 <> 0 AND city_key = 'malmö' AND ${NOT_HELD}`,
  },
  {
    what: 'contacts at companies whose title holds a word, in Swedish',
    behaviour: false,
    tree: all(
      AT_COMPANIES,
      { field: 'title', op: 'contains', value: 'chef' },
      { field: 'language', op: 'one_of', value: ['sv'] },
    ),
    byHand: `kinds & 1 <> 0 AND language = 'sv' AND ${NOT_HELD}
      AND title_key LIKE '%chef%'`,
  },
  {
    what: 'companies in a city whose agreement ends within 90 days',
    behaviour: false,
    tree: all(
      AT_COMPANIES,
      { field: 'organisation_city', op: 'is', value: 'Malmö' },
      { field: 'agreement', op: 'ends_within', value: 90 },
    ),
    byHand: `kinds & 1 <> 0 AND ${ENDING} AND ${NOT_HELD}
      AND organisation_id IN (SELECT id FROM organisation WHERE lower(city) = 'malmö')`,
  },
  {
    what: 'two attributes of the controller’s own',
    behaviour: false,
    tree: all(
      { field: 'attribute:employees', op: 'more_than', value: 500 },
      { field: 'attribute:size', op: 'one_of', value: ['mellan', 'stor'] },
    ),
    byHand: `${NOT_HELD}
      AND contact_id IN (SELECT contact_id FROM contact_attribute
        WHERE attribute_id = '${EMPLOYEES}' AND number > 500 AND collected_at > now() - interval '3 years')
      AND contact_id IN (SELECT contact_id FROM contact_attribute
        WHERE attribute_id = '${SIZE}' AND text IN ('mellan', 'stor') AND collected_at > now() - interval '3 years')`,
  },
  {
    what: 'completed a course of a subject in a year',
    behaviour: true,
    tree: all(LEARNERS, did('completed', 12, { subjects: ['Excel'] })),
    byHand: `profiled AND kinds & 2 <> 0
      AND contact_id IN (${event('completed', within(12), `course_id IN (SELECT id FROM course WHERE lower(subject) = 'excel')`)})`,
  },
  {
    what: 'active three times in a year',
    behaviour: true,
    tree: all({
      field: 'learning',
      op: 'at_least',
      events: ['active'],
      times: 3,
      when: { last: 12, unit: 'months' },
    }),
    byHand: `profiled AND contact_id IN (${event('active', within(12))} GROUP BY 1 HAVING count(*) >= 3)`,
  },
  {
    what: 'learners who never completed anything',
    behaviour: true,
    tree: all(LEARNERS, { field: 'learning', op: 'never', events: ['completed'] }),
    byHand: `profiled AND kinds & 2 <> 0
      AND NOT EXISTS (SELECT FROM (${event('completed')}) e WHERE e.contact_id = reach.contact_id)`,
  },
  {
    what: 'in a city, or started and never completed, or with a certificate and an attribute',
    behaviour: true,
    tree: all(
      { field: 'language', op: 'one_of', value: ['sv'] },
      any(
        all(IN_MALMO, LEARNERS),
        all(did('started', 24), { field: 'learning', op: 'never', events: ['completed'] }),
        all(did('certificate', 24), { field: 'attribute:size', op: 'one_of', value: ['stor'] }),
      ),
    ),
    byHand: `profiled AND language = 'sv' AND contact_id IN (
      SELECT contact_id FROM reach WHERE kinds & 2 <> 0 AND city_key = 'malmö'
      UNION (${event('started', within(24))} EXCEPT ${event('completed')})
      UNION (${event('certificate', within(24))} INTERSECT SELECT contact_id FROM contact_attribute
        WHERE attribute_id = '${SIZE}' AND text = 'stor' AND collected_at > now() - interval '3 years'))`,
  },
  {
    what: 'agreement ends, completed a course and did not start the next',
    behaviour: true,
    tree: all(
      { field: 'agreement', op: 'ends_within', value: 90 },
      did('completed', 24, { courses: COURSES }),
      { field: 'learning', op: 'never', events: ['started'], courses: NEXT },
    ),
    byHand: `profiled AND ${ENDING}
      AND contact_id IN (${event('completed', within(24), of(COURSES))} EXCEPT ${event('started', of(NEXT))})`,
  },
  {
    what: 'active in half a year and sent nothing for a month',
    behaviour: true,
    tree: all(did('active', 6), {
      field: 'campaign',
      op: 'never_sent',
      when: { last: 1, unit: 'months' },
    }),
    byHand: `profiled AND contact_id IN (${event('active', within(6))})
      AND NOT EXISTS (SELECT FROM message_status m WHERE m.contact_id = reach.contact_id
        AND m.permit_at >= now() - interval '1 month'
        AND m.state NOT IN ('PLANNED', 'CLAIMED', 'RETRY_WAIT', 'REJECTED', 'WITHHELD', 'CANCELLED'))`,
  },
];
