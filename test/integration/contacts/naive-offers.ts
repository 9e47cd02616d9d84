import {
  FEWEST_COLLEAGUES,
  MOST_OFFERS,
  OFFER_RULES,
  type OfferRule,
} from '../../../src/domain/offers/offer';

export interface Course {
  id: string;
  subject: string;
  level: number | null;
  archived: boolean;
  url: string | null;
}

export interface Deed {
  course: string | null;
  kind: string;
  /** Days ago. */
  occurred: number;
  received: number;
}

export interface Person {
  id: string;
  organisation: string | null;
  /** By their employer, and of no organisation of their own. */
  toldOf: boolean;
  profiled: boolean;
  deeds: Deed[];
}

export interface Recommended {
  course: string;
  rule: OfferRule;
  because: string | null;
}

interface Named extends Recommended {
  weight: number;
  level: number;
}

const YEAR = 365.25;
const kept = ({ received }: Deed) => received < 3 * YEAR;
const finished = ({ kind }: Deed) => kind === 'completed' || kind === 'certificate';

/** The rules by the plainest means: a loop over one person, the courses and their colleagues. */
export function naiveOffers(person: Person, people: Person[], courses: Course[]): Recommended[] {
  if (!person.profiled) return [];
  const known = person.deeds.filter((deed) => deed.course !== null && kept(deed));
  const taken = new Set(known.map(({ course }) => course));
  const named: Named[] = [];
  for (const course of courses) {
    if (course.archived || !/^https:[^"]+$/.test(course.url ?? '') || taken.has(course.id))
      continue;
    const reason =
      becauseOf(course, known.filter(finished), courses) ?? popular(course, person, people);
    if (reason) named.push(reason);
  }
  named.sort(
    (a, b) =>
      OFFER_RULES.indexOf(a.rule) - OFFER_RULES.indexOf(b.rule) ||
      b.weight - a.weight ||
      a.level - b.level ||
      (a.course < b.course ? -1 : 1),
  );
  return named
    .slice(0, MOST_OFFERS)
    .map(({ course, rule, because }) => ({ course, rule, because }));
}

function becauseOf(course: Course, done: Deed[], courses: Course[]): Named | null {
  if (course.subject === '') return null;
  const inSubject = courses.filter(
    ({ id, subject }) =>
      subject === course.subject && done.some(({ course: finishedId }) => finishedId === id),
  );
  const latest = (id: string) =>
    Math.min(...done.filter(({ course: one }) => one === id).map(({ occurred }) => occurred));
  const [highest] = inSubject.sort(
    (a, b) =>
      (b.level ?? -1) - (a.level ?? -1) || latest(a.id) - latest(b.id) || (a.id < b.id ? -1 : 1),
  );
  if (!highest) return null;
  if (course.level !== null && highest.level !== null && course.level < highest.level) return null;
  const next = course.level !== null && course.level - 1 === highest.level;
  return {
    course: course.id,
    rule: next ? 'next_level' : 'same_subject',
    because: highest.id,
    weight: -latest(highest.id),
    level: course.level ?? Infinity,
  };
}

function popular(course: Course, { organisation }: Person, people: Person[]): Named | null {
  if (organisation === null) return null;
  const colleagues = people.filter(
    (one) =>
      one.organisation === organisation &&
      one.profiled &&
      one.deeds.some((deed) => deed.course === course.id && kept(deed) && deed.occurred < YEAR),
  );
  if (colleagues.length < FEWEST_COLLEAGUES) return null;
  return {
    course: course.id,
    rule: 'popular',
    because: null,
    weight: colleagues.length,
    level: Infinity,
  };
}
