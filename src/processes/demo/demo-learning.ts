import { Injectable } from '@nestjs/common';
import type { LearnerEventKind } from '../../domain/learning';
import { Clock } from '../../platform/clock';
import { SYSTEM } from '../../platform/http/actor';
import { Courses } from '../../features/contacts/learning/courses/courses.service';
import { TakeLearnerEvents } from '../../features/contacts/learning/events/take-learner-events';
import { DemoAttributes } from './demo-attributes';
import { companiesIn, DemoCompanies } from './demo-companies';
import { readRows } from './demo-files';

const DAY = 86_400_000;
/** How many days back the courses of the demo begin. */
const LONGEST_AGO = 700;
const MOST = 1000;

/** What people of the demo took in the last two years. */
@Injectable()
export class DemoLearning {
  constructor(
    private readonly courses: Courses,
    private readonly events: TakeLearnerEvents,
    private readonly companies: DemoCompanies,
    private readonly attributes: DemoAttributes,
    private readonly clock: Clock,
  ) {}

  async load(): Promise<void> {
    const now = this.clock.now();
    await this.companies.load();
    const courses = readRows('courses').map(({ external_id, level, ...course }) => ({
      ...course,
      externalId: external_id,
      level: Number(level),
    }));
    await this.courses.putMany(courses, SYSTEM);
    const inMalmo = companiesIn('Malmö');
    const events = readRows('learners').flatMap(({ external_id, employer }, n) => {
      const ladder = inMalmo.has(employer!) ? EXCEL : LADDERS[n % LADDERS.length]!;
      return eventsOf(external_id!, ladder, n, now);
    });
    for (let i = 0; i < events.length; i += MOST)
      await this.events.takeMany(events.slice(i, i + MOST), SYSTEM);
    await this.attributes.load();
  }
}

/** All that they take whose companies are in Malmö: whom an offer of the next course is for. */
const EXCEL = ['excel-1', 'excel-2', 'excel-3'];
/** By whose order somebody begins, and what comes after. */
const LADDERS = [
  EXCEL,
  ['spanska-a1', 'spanska-a2'],
  ['engelska-b1', 'engelska-b2'],
  ['ledarskap-1', 'ledarskap-2'],
  ['gdpr-1'],
];

/** Always the same for the same person: some go on to the next course, some stop on the way. */
function eventsOf(person: string, ladder: readonly string[], n: number, now: Date): object[] {
  const steps = 1 + ((n * 7) % ladder.length);
  const events: object[] = [];
  let ago = 30 + ((n * 53) % (LONGEST_AGO - 30));
  const add = (kind: LearnerEventKind, course: string, daysAgo: number) => {
    if (daysAgo < 0) return;
    events.push({
      eventId: `demo-${person}-${course}-${kind}`,
      contactExternalId: person,
      courseExternalId: course,
      kind,
      occurredAt: new Date(now.getTime() - daysAgo * DAY).toISOString(),
    });
  };
  for (const course of ladder.slice(0, steps)) {
    add('enrolled', course, ago);
    if (n % 6 === 5) break;
    add('started', course, ago - 3);
    if (n % 4 === 3) break;
    const done = ago - 25 - (n % 30);
    add('completed', course, done);
    if (done > 0 && n % 3 > 0) add('certificate', course, done - 1);
    ago = done - 14;
    if (ago < 0) break;
  }
  return events;
}
