import { NEVER_SENT } from '../message-state';
import { type Asked, type Condition, peopleIn } from './condition';
import { YEARS } from './fields';
import type { CampaignRule, LearningRule, TopicRule, When } from './tree';
import { toInstants, yearsAgo } from './when';

/** By the gate's facts: what they may get for having said so, at any of their addresses. */
export function topicCondition(rule: TopicRule, asked: Asked): Condition {
  const topics = asked.bound.bind(rule.value, 'uuid[]');
  const from = 'address a JOIN gate g ON g.address_key = a.address_key';
  if (rule.op === 'refused') {
    return peopleIn(
      'a.contact_id',
      `${from} CROSS JOIN unnest(${topics}) AS t (id)`,
      '(g.no_all OR t.id = ANY (g.no_topics) OR t.id = ANY (g.withdrawn))',
      'NOT t.id = ANY (g.allowed)',
    );
  }
  const granted = peopleIn('a.contact_id', from, `g.allowed && ${topics}`);
  if (rule.op === 'not_granted') return { not: granted };
  if (!rule.when) return granted;
  return peopleIn(
    'a.contact_id',
    `${from} JOIN ledger_entry l ON l.address_key = a.address_key AND l.channel = a.channel`,
    `l.kind = 'grant'`,
    `l.topic_id = ANY (${topics})`,
    'l.topic_id = ANY (g.allowed)',
    ...inside('l.at', rule.when, asked),
  );
}

/** What was handed over to the person, or may have been. */
export function campaignCondition(rule: CampaignRule, asked: Asked): Condition {
  const campaigns = rule.value && asked.bound.bind(rule.value, 'uuid[]');
  const sent = peopleIn(
    'm.contact_id',
    campaigns ? 'message_status m JOIN dispatch d ON d.id = m.dispatch_id' : 'message_status m',
    ...(campaigns ? [`d.campaign_id = ANY (${campaigns})`] : []),
    `m.permit_at > ${oldest(asked)}`,
    `m.state NOT IN (${NEVER_SENT.map((state) => `'${state}'`).join(', ')})`,
    ...(rule.when ? inside('m.permit_at', rule.when, asked) : []),
  );
  return rule.op === 'sent' ? sent : { not: sent };
}

export function learningCondition(rule: LearningRule, asked: Asked): Condition {
  const { bound } = asked;
  const where = [
    `e.received_at > ${oldest(asked)}`,
    `e.kind = ANY (${bound.bind(rule.events, 'text[]')})`,
  ];
  const courses = [
    ...(rule.courses ? [`e.course_id = ANY (${bound.bind(rule.courses, 'uuid[]')})`] : []),
    ...(rule.subjects ? [inSubjects(bound.bind(rule.subjects, 'text[]'))] : []),
  ];
  if (courses.length > 0) where.push(`(${courses.join(' OR ')})`);
  const grouped = (having: string): Condition => {
    const { people } = peopleIn('e.contact_id', 'learner_event e', ...where);
    return { people: `${people} GROUP BY e.contact_id HAVING ${having}` };
  };
  if (rule.which && rule.when) {
    const edge = rule.which === 'first' ? 'min' : 'max';
    return grouped(inside(`${edge}(e.occurred_at)`, rule.when, asked).join(' AND '));
  }
  if (rule.when) where.push(...inside('e.occurred_at', rule.when, asked));
  if (rule.op === 'at_least' || rule.op === 'at_most') {
    const more = rule.op === 'at_least' ? (rule.times ?? 1) : (rule.times ?? 1) + 1;
    const often = grouped(`count(*) >= ${bound.bind(more, 'int')}`);
    return rule.op === 'at_least' ? often : { not: often };
  }
  const did = peopleIn('e.contact_id', 'learner_event e', ...where);
  return rule.op === 'did' ? did : { not: did };
}

const inSubjects = (subjects: string): string =>
  `e.course_id IN (SELECT k.id FROM course k
    WHERE lower(k.subject) IN (SELECT lower(s) FROM unnest(${subjects}) s))`;

/** R-10: three years after it came to us, and not a day more. */
export const oldest = ({ bound, ...moment }: Asked): string =>
  bound.bind(yearsAgo(YEARS['R-10']!, moment), 'timestamptz');

export function inside(column: string, when: When, { bound, ...moment }: Asked): string[] {
  const { from, until } = toInstants(when, moment);
  return [
    ...(from ? [`${column} >= ${bound.bind(from, 'timestamptz')}`] : []),
    ...(until ? [`${column} < ${bound.bind(until, 'timestamptz')}`] : []),
  ];
}
