import { NEVER_SENT } from '../message-state';
import { type Asked, type Condition, exists } from './condition';
import { YEARS } from './fields';
import type { CampaignRule, LearningRule, TopicRule, When } from './tree';
import { toInstants, yearsAgo } from './when';

/** By the gate's facts: what they may get for having said so, at any of their addresses. */
export function topicCondition(rule: TopicRule, asked: Asked): Condition {
  const topics = asked.bound.bind(rule.value, 'uuid[]');
  const gates = ['a.contact_id = r.contact_id'];
  const from = 'address a JOIN gate g ON g.address_key = a.address_key';
  if (rule.op === 'refused') {
    return exists(
      `${from} CROSS JOIN unnest(${topics}) AS t (id)`,
      ...gates,
      '(g.no_all OR t.id = ANY (g.no_topics) OR t.id = ANY (g.withdrawn))',
      'NOT t.id = ANY (g.allowed)',
    );
  }
  if (rule.op === 'not_granted') return { not: exists(from, ...gates, `g.allowed && ${topics}`) };
  if (!rule.when) return exists(from, ...gates, `g.allowed && ${topics}`);
  return exists(
    `${from} JOIN ledger_entry l ON l.address_key = a.address_key AND l.channel = a.channel`,
    ...gates,
    `l.kind = 'grant'`,
    `l.topic_id = ANY (${topics})`,
    'l.topic_id = ANY (g.allowed)',
    ...inside('l.at', rule.when, asked),
  );
}

/** What was handed over to the person, or may have been. */
export function campaignCondition(rule: CampaignRule, asked: Asked): Condition {
  const campaigns = rule.value && asked.bound.bind(rule.value, 'uuid[]');
  const sent = exists(
    campaigns ? 'message_status m JOIN dispatch d ON d.id = m.dispatch_id' : 'message_status m',
    'm.contact_id = r.contact_id',
    ...(campaigns ? [`d.campaign_id = ANY (${campaigns})`] : []),
    `m.permit_at > ${oldest(asked)}`,
    `m.state NOT IN (${NEVER_SENT.map((state) => `'${state}'`).join(', ')})`,
    ...(rule.when ? inside('m.permit_at', rule.when, asked) : []),
  );
  return rule.op === 'sent' ? sent : { not: sent };
}

/**
 * The people are grouped inside, so that a count over everybody is one pass over the events, and a question about one
 * person still goes by their index.
 */
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
  const grouped = (having: string) =>
    exists(
      `(SELECT e.contact_id FROM learner_event e WHERE ${where.join(' AND ')} GROUP BY e.contact_id HAVING ${having}) x`,
      'x.contact_id = r.contact_id',
    );
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
  const did = exists('learner_event e', 'e.contact_id = r.contact_id', ...where);
  return rule.op === 'did' ? did : { not: did };
}

const inSubjects = (subjects: string): string =>
  `e.course_id IN (SELECT k.id FROM course k
    WHERE lower(normalize(k.subject)) IN (SELECT lower(s) FROM unnest(${subjects}) s))`;

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
