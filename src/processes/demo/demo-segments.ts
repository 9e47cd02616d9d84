import { Injectable } from '@nestjs/common';
import { Courses } from '../../features/contacts/learning/courses/courses.service';
import { Segments } from '../../features/segments/segments.service';
import type { Actor } from '../../platform/http/actor';

export const MALMO_RUN = 'Redo för Excel fortsättning i Malmö';

/** A question that somebody at the company of the demo would ask. */
@Injectable()
export class DemoSegments {
  constructor(
    private readonly segments: Segments,
    private readonly courses: Courses,
  ) {}

  async load(actor: Actor): Promise<void> {
    const made = await this.segments.list();
    if (made.some(({ name }) => name === MALMO_RUN)) return;
    const { items } = await this.courses.list({ q: 'excel' });
    const idOf = (course: string) => items.find(({ externalId }) => externalId === course)!.id;
    const tree = readyForTheNext(idOf('excel-1'), idOf('excel-2'), 'Malmö');
    await this.segments.create({ name: MALMO_RUN, tree }, actor);
  }
}

/** Learners at companies there who completed the one course within a year, and have not begun the next. */
function readyForTheNext(course: string, next: string, city: string): object {
  const learning = { field: 'learning' };
  return {
    match: 'all',
    rules: [
      { field: 'kind', op: 'one_of', value: ['learner'] },
      { field: 'organisation_city', op: 'is', value: city },
      {
        ...learning,
        op: 'did',
        events: ['completed'],
        courses: [course],
        when: { last: 1, unit: 'years' },
      },
      { ...learning, op: 'never', events: ['started', 'completed'], courses: [next] },
    ],
  };
}
