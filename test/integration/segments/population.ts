import fc from 'fast-check';
import { CONTACT_KINDS } from '../../../src/domain/allowed-data';
import type { DeclaredAttribute } from '../../../src/domain/segment/fields';
import { LEARNING_KINDS } from '../../../src/domain/segment/tree';

export const id = (kind: number, n: number): string =>
  `0198c0de-${kind.toString(16).padStart(4, '0')}-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** Moments where calendars and clocks disagree: summer time begins and ends, a leap day, a night without midnight. */
export const NOWS = [
  '2026-03-29T01:00:00.000Z',
  '2026-10-25T00:59:59.999Z',
  '2024-02-29T12:00:00.000Z',
  '2026-09-06T04:00:00.000Z',
  '2026-06-01T22:30:00.000Z',
].map((text) => new Date(text));
export const ZONES = [
  'Europe/Stockholm',
  'UTC',
  'America/Santiago',
  'Asia/Kolkata',
  'Pacific/Kiritimati',
];

/** As people type them, and as programs break them: å in two signs, ß, İ, an emoji, quotes that would end a string. */
export const WORDS = [
  'Åre',
  'A\u030are',
  'are',
  'ÅRE',
  'Straße',
  'STRASSE',
  'İzmir',
  'izmir',
  'Malmö 🦊',
  '🦊',
  "O'Hara; --",
  '100%_\\',
  'ö',
];
export const SUBJECTS = ['Spanska', 'spanska', 'Ma\u030aleri', ''];
export const CHOICES = ['brons', 'silver', 'guld'];

const DAY = 86_400_000;
/** Around every edge that a question can have: now, and midnights, some days, months and years before. */
export const TIMES: Date[] = NOWS.flatMap((now) =>
  [0, 1, 7, 30, 31, 90, 365, 366, 731, 1095, 1096, -1, -30].flatMap((days) => {
    const then = now.getTime() - days * DAY;
    const midnight = Math.floor(then / DAY) * DAY;
    const edges = [then, midnight, midnight - 2 * 3_600_000, midnight + 4 * 3_600_000];
    return edges.flatMap((edge) => [-1, 0, 1].map((ms) => new Date(edge + ms)));
  }),
);
export const DAYS = [...new Set(TIMES.map((time) => time.toISOString().slice(0, 10)))];

export const TOPICS = [1, 2, 3].map((n) => id(1, n));
export const ORGANISATIONS = [1, 2, 3, 4, 5, 6].map((n) => id(2, n));
export const COURSES = [1, 2, 3, 4, 5].map((n) => ({
  id: id(3, n),
  subject: SUBJECTS[(n - 1) % 4]!.normalize('NFC'),
}));
export const CAMPAIGNS = [1, 2, 3].map((n) => id(4, n));

const attribute = (n: number, also: Partial<DeclaredAttribute>): DeclaredAttribute => ({
  id: id(5, n),
  key: `a${n}`,
  type: 'text',
  purpose: 'R-08',
  choices: [],
  nameSv: `egenskap ${n}`,
  nameEn: `attribute ${n}`,
  ...also,
});
export const ATTRIBUTES = [
  attribute(1, { type: 'text', purpose: 'R-10' }),
  attribute(2, { type: 'number', purpose: 'R-08' }),
  attribute(3, { type: 'date', purpose: 'R-09' }),
  attribute(4, { type: 'flag', purpose: 'R-10' }),
  attribute(5, { type: 'choice', purpose: 'R-08', choices: CHOICES }),
];

export interface Organisation {
  id: string;
  name: string;
  city: string | null;
  agreements: { startsOn: string; endsOn: string | null }[];
}

export interface Person {
  kinds: string[];
  language: string;
  city: string | null;
  title: string | null;
  firstName: string | null;
  lastName: string | null;
  timeZone: string;
  createdAt: Date;
  organisation: number | null;
  profiled: boolean;
  hasEmail: boolean;
  hasPhone: boolean;
  addresses: {
    allowed: string[];
    withdrawn: string[];
    noTopics: string[];
    noAll: boolean;
    restricted: boolean;
    erased: boolean;
    grants: { topicId: string; at: Date }[];
  }[];
  attributes: { n: number; value: string | number | boolean; collectedAt: Date }[];
  events: { kind: string; course: number | null; occurredAt: Date; receivedAt: Date }[];
  messages: { campaign: number; state: string; permitAt: Date | null; ofBatch: boolean }[];
  /** null: has not agreed to be seen. */
  clicks: { campaign: number; at: Date }[] | null;
  memberOf: boolean[];
}

/** Those that a batch can have too. */
const STATES = [
  'PLANNED',
  'HANDED_OVER',
  'ACCEPTED',
  'REJECTED',
  'UNKNOWN',
  'WITHHELD',
  'CANCELLED',
];

const time = fc.constantFrom(...TIMES);
const day = fc.constantFrom(...DAYS);
/** As it is stored, however it was typed. */
const stored = WORDS.map((typed) => typed.normalize('NFC'));
const word = fc.option(fc.constantFrom(...stored, ''), { freq: 4 });
const seldom = fc.integer({ min: 0, max: 24 }).map((n) => n === 0);

/** Ending around every moment that is asked from. */
const agreement = fc.record({
  startsOn: fc.constantFrom('2020-01-01', ...DAYS),
  endsOn: fc.option(
    fc
      .tuple(fc.constantFrom(...NOWS), fc.constantFrom(-1, 0, 1, 20, 300))
      .map(([now, days]) => new Date(now.getTime() + days * DAY).toISOString().slice(0, 10)),
    { freq: 9 },
  ),
});

export const organisations = fc.tuple(
  ...ORGANISATIONS.map((own, n) =>
    fc.record<Organisation>({
      id: fc.constant(own),
      name: fc.constant(stored[n]!),
      city: word,
      agreements: fc.array(agreement, { minLength: n % 2, maxLength: n % 4 }),
    }),
  ),
);

const value = (n: number): fc.Arbitrary<string | number | boolean> => {
  const { type } = ATTRIBUTES[n]!;
  if (type === 'number') return fc.constantFrom(-1, 0, 0.1, 1, 2, 1e9);
  if (type === 'date') return day;
  if (type === 'flag') return fc.boolean();
  return type === 'choice' ? fc.constantFrom(...CHOICES) : fc.constantFrom(...stored, '');
};

export const person: fc.Arbitrary<Person> = fc.record({
  kinds: fc.subarray([...CONTACT_KINDS]),
  language: fc.constantFrom('sv', 'en'),
  city: word,
  title: word,
  firstName: word,
  lastName: word,
  timeZone: fc.constantFrom(...ZONES),
  createdAt: time,
  organisation: fc.option(fc.integer({ min: 0, max: ORGANISATIONS.length - 1 })),
  profiled: seldom.map((not) => !not),
  hasEmail: fc.boolean(),
  hasPhone: fc.boolean(),
  addresses: fc.array(
    fc.record({
      allowed: fc.subarray(TOPICS),
      withdrawn: fc.subarray(TOPICS),
      noTopics: fc.subarray(TOPICS),
      noAll: seldom,
      restricted: seldom,
      erased: seldom,
      grants: fc.array(fc.record({ topicId: fc.constantFrom(...TOPICS), at: time }), {
        maxLength: 3,
      }),
    }),
    { maxLength: 2 },
  ),
  attributes: fc
    .subarray([0, 1, 2, 3, 4])
    .chain((those) =>
      fc.tuple(
        ...those.map((n) => fc.record({ n: fc.constant(n), value: value(n), collectedAt: time })),
      ),
    ),
  events: fc.array(
    fc.record({
      kind: fc.constantFrom(...LEARNING_KINDS),
      course: fc.option(fc.integer({ min: 0, max: COURSES.length - 1 }), { freq: 4 }),
      occurredAt: time,
      receivedAt: time,
    }),
    { maxLength: 6 },
  ),
  messages: fc.uniqueArray(
    fc.record({
      campaign: fc.integer({ min: 0, max: CAMPAIGNS.length - 1 }),
      state: fc.constantFrom(...STATES),
      permitAt: fc.option(time, { freq: 5 }),
      ofBatch: fc.boolean(),
    }),
    { maxLength: 2, selector: ({ campaign }) => campaign },
  ),
  clicks: fc.option(
    fc.array(fc.record({ campaign: fc.integer({ min: 0, max: CAMPAIGNS.length - 1 }), at: time }), {
      maxLength: 3,
    }),
    { freq: 2 },
  ),
  memberOf: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
});
