import { type Comparison, dayIn, type Phrases } from './phrases';
import type { When } from './tree';

const have = (wanted: boolean): string => (wanted ? 'have' : 'do not have');
const perfect = (wanted: boolean): string => (wanted ? 'have' : 'have not');
const also = (time: string): string => time && ` ${time}`;

const CHOICES: Readonly<Record<string, string>> = {
  company_contact: 'company contacts',
  learner: 'learners',
  newsletter_subscriber: 'subscribers',
  support_contact: 'support contacts',
  sv: 'Swedish',
  en: 'English',
};

const TEXTS: Readonly<Record<string, string>> = {
  city: 'city',
  title: 'title',
  first_name: 'first name',
  last_name: 'last name',
  time_zone: 'time zone',
  organisation_name: 'company name',
  organisation_city: 'company city',
};

const WAYS = {
  is: '',
  contains: 'something containing ',
  starts: 'something beginning with ',
  less: 'less than ',
  more: 'more than ',
  when: 'a day ',
  filled: 'something',
  yes: 'yes',
  no: 'no',
};

const valueOf = (comparison: Comparison): string => ('value' in comparison ? comparison.value : '');

function when(time: When): string {
  if ('last' in time || 'next' in time) {
    const [amount, way] = 'last' in time ? [time.last, 'last'] : [time.next, 'next'];
    const one = time.unit.slice(0, -1);
    return amount === 1 ? `in the ${way} ${one}` : `in the ${way} ${amount} ${time.unit}`;
  }
  const day = (text: string) => dayIn('en-GB', text);
  if ('on' in time) return `on ${day(time.on)}`;
  if ('before' in time) return `before ${day(time.before)}`;
  if ('after' in time) return `after ${day(time.after)}`;
  return `from ${day(time.from)} to ${day(time.to)}`;
}

export const ENGLISH: Phrases = {
  people: 'People who',
  and: 'and',
  or: 'or',
  gone: 'something that is gone',
  quoted: (text) => `“${text}”`,
  span: (from, to) => `between ${from} and ${to}`,
  number: (value) => value.toLocaleString('en-GB'),
  when,
  course: (subject) => `any course in the subject ${subject}`,
  name: ({ nameEn }) => `“${nameEn}”`,
  choice: (_, value) => CHOICES[value] ?? value,
  kind: (wanted, kinds) =>
    kinds ? `${wanted ? 'are' : 'are not'} ${kinds}` : `${have(wanted)} a role with us`,
  language: (wanted, languages) => `${wanted ? 'read' : 'do not read'} ${languages}`,
  text: (wanted, field, comparison) => {
    const name = TEXTS[field] ?? 'value';
    if (comparison.how === 'filled') return `${have(wanted)} a ${name}`;
    const value = valueOf(comparison);
    if (comparison.how === 'is') return `${have(wanted)} the ${name} ${value}`;
    const way = comparison.how === 'contains' ? 'containing' : 'beginning with';
    return `${have(wanted)} a ${name} ${way} ${value}`;
  },
  attribute: (wanted, name, comparison) =>
    `${have(wanted)} ${WAYS[comparison.how]}${valueOf(comparison)} as ${name}`,
  created: (wanted, time) => `${wanted ? 'came' : 'did not come'} to us ${time}`,
  has: (wanted, what) =>
    `${have(wanted)} ${what === 'email' ? 'an email address' : 'a mobile number'}`,
  organisation: (wanted, names) =>
    `${wanted ? 'belong' : 'do not belong'} to ${names ?? 'any company'}`,
  agreement: (wanted, how) => {
    if (how === 'active') return `${have(wanted)} a company whose agreement is in force`;
    if (how === 'ended') return `${have(wanted)} a company whose agreement has ended`;
    return `${have(wanted)} a company with an agreement`;
  },
  agreementEnds: (wanted, days) =>
    `${have(wanted)} a company whose agreement ends within ${days} ${days === 1 ? 'day' : 'days'}`,
  granted: (wanted, topics, time) => `${perfect(wanted)} said yes to ${topics}${also(time)}`,
  refused: (wanted, topics) => `${perfect(wanted)} ended ${topics}`,
  sent: (wanted, campaigns, time) =>
    `${perfect(wanted)} been sent ${campaigns ?? 'any mailing'}${also(time)}`,
  clicked: (wanted, campaigns, time) =>
    `${perfect(wanted)} clicked in ${campaigns ?? 'any mailing'}${also(time)}`,
  event: (kind) =>
    ({
      enrolled: 'enrolled in',
      started: 'started',
      completed: 'completed',
      certificate: 'got a certificate from',
      active: 'been active in',
    })[kind],
  learned: (wanted, what, courses, { time, times, which }) => {
    const often =
      times &&
      `${times.atLeast ? 'at least' : 'at most'} ${times.count} ${times.count === 1 ? 'time' : 'times'}`;
    const edge = which && `for the ${which} time`;
    const said = [what, courses ?? 'any course', often, edge, time].filter(Boolean).join(' ');
    return `${perfect(wanted)} ${said}`;
  },
  segment: (wanted, names) => `${wanted ? 'are' : 'are not'} in ${names}`,
};
