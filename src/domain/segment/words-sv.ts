import { type Comparison, dayIn, type Phrases } from './phrases';
import type { When } from './tree';

const not = (wanted: boolean, words: string): string => (wanted ? words : `inte ${words}`);
const also = (time: string): string => time && ` ${time}`;

const CHOICES: Readonly<Record<string, string>> = {
  company_contact: 'företagskontakter',
  learner: 'kursdeltagare',
  newsletter_subscriber: 'prenumeranter',
  support_contact: 'supportkontakter',
  sv: 'svenska',
  en: 'engelska',
};

/** With its article, before and after. */
const TEXTS: Readonly<Record<string, readonly [string, string]>> = {
  city: ['orten', 'en ort'],
  title: ['titeln', 'en titel'],
  first_name: ['förnamnet', 'ett förnamn'],
  last_name: ['efternamnet', 'ett efternamn'],
  time_zone: ['tidszonen', 'en tidszon'],
  organisation_name: ['företagsnamnet', 'ett företagsnamn'],
  organisation_city: ['företagsorten', 'en företagsort'],
};

const UNITS = {
  days: ['den', 'dagen', 'dagarna'],
  months: ['den', 'månaden', 'månaderna'],
  years: ['det', 'året', 'åren'],
} as const;

const WAYS = {
  is: '',
  contains: 'något som innehåller ',
  starts: 'något som börjar med ',
  less: 'mindre än ',
  more: 'mer än ',
  when: 'en dag ',
  filled: 'något',
  yes: 'ja',
  no: 'nej',
};

const valueOf = (comparison: Comparison): string => ('value' in comparison ? comparison.value : '');

function when(time: When): string {
  if ('last' in time || 'next' in time) {
    const [amount, way] = 'last' in time ? [time.last, 'senaste'] : [time.next, 'kommande'];
    const [article, one, many] = UNITS[time.unit];
    return amount === 1 ? `${article} ${way} ${one}` : `de ${way} ${amount} ${many}`;
  }
  const day = (text: string) => `den ${dayIn('sv-SE', text)}`;
  if ('on' in time) return day(time.on);
  if ('before' in time) return `före ${day(time.before)}`;
  if ('after' in time) return `efter ${day(time.after)}`;
  return `från ${day(time.from)} till och med ${day(time.to)}`;
}

export const SWEDISH: Phrases = {
  people: 'Personer som',
  and: 'och',
  or: 'eller',
  gone: 'något som inte finns kvar',
  quoted: (text) => `”${text}”`,
  span: (from, to) => `mellan ${from} och ${to}`,
  number: (value) => value.toLocaleString('sv-SE'),
  when,
  course: (subject) => `någon kurs i ämnet ${subject}`,
  name: ({ nameSv }) => `”${nameSv}”`,
  choice: (_, value) => CHOICES[value] ?? value,
  kind: (wanted, kinds) =>
    kinds ? not(wanted, `är ${kinds}`) : not(wanted, 'har en roll hos oss'),
  language: (wanted, languages) => not(wanted, `läser på ${languages}`),
  text: (wanted, field, comparison) => {
    const [definite, indefinite] = TEXTS[field] ?? ['uppgiften', 'en uppgift'];
    if (comparison.how === 'filled') return not(wanted, `har ${indefinite}`);
    const value = valueOf(comparison);
    if (comparison.how === 'is') return not(wanted, `har ${definite} ${value}`);
    const way = comparison.how === 'contains' ? 'innehåller' : 'börjar med';
    return not(wanted, `har ${indefinite} som ${way} ${value}`);
  },
  attribute: (wanted, name, comparison) =>
    not(wanted, `har ${WAYS[comparison.how]}${valueOf(comparison)} under ${name}`),
  created: (wanted, time) => not(wanted, `kom till oss ${time}`),
  has: (wanted, what) =>
    `${wanted ? 'har' : 'saknar'} ${what === 'email' ? 'e-postadress' : 'mobilnummer'}`,
  organisation: (wanted, names) => not(wanted, `hör till ${names ?? 'något företag'}`),
  agreement: (wanted, how) => {
    if (how === 'active') return `${not(wanted, 'har')} ett företag vars avtal gäller`;
    if (how === 'ended') return `${not(wanted, 'har')} ett företag vars avtal har upphört`;
    return `${not(wanted, 'har')} ett företag med avtal`;
  },
  agreementEnds: (wanted, days) =>
    `${not(wanted, 'har')} ett företag vars avtal upphör inom ${days} ${days === 1 ? 'dag' : 'dagar'}`,
  granted: (wanted, topics, time) => `${not(wanted, 'har sagt ja till')} ${topics}${also(time)}`,
  refused: (wanted, topics) => not(wanted, `har avslutat ${topics}`),
  sent: (wanted, campaigns, time) =>
    `${not(wanted, 'har fått')} ${campaigns ?? 'något utskick'}${also(time)}`,
  clicked: (wanted, campaigns, time) =>
    `${not(wanted, 'har klickat i')} ${campaigns ?? 'något utskick'}${also(time)}`,
  event: (kind) =>
    ({
      enrolled: 'anmält sig till',
      started: 'påbörjat',
      completed: 'gått klart',
      certificate: 'fått intyg från',
      active: 'varit aktiva i',
    })[kind],
  learned: (wanted, what, courses, { time, times, which }) => {
    const often =
      times &&
      `${times.atLeast ? 'minst' : 'högst'} ${times.count} ${times.count === 1 ? 'gång' : 'gånger'}`;
    const edge = which && (which === 'first' ? 'för första gången' : 'för sista gången');
    const said = [what, courses ?? 'någon kurs', often, edge, time].filter(Boolean).join(' ');
    return not(wanted, `har ${said}`);
  },
  segment: (wanted, names) => not(wanted, `är med i ${names}`),
};
