import { ForgetLearning } from '../../../src/features/contacts/learning/forget-learning';
import type { LearnerEventItemResult } from '../../../src/features/contacts/learning/events/learner-events.dto';
import type { Learning } from '../../../src/features/contacts/learning/known/known-learning.dto';
import { asActor } from '../../setup/app';
import { openImports } from '../imports/imports-world';

/** People, courses and what learners did, behind HTTP on a database of their own. */
export async function openLearning() {
  const world = await openImports();
  const actor = asActor('contacts:read', 'contacts:write', 'learning:write', 'topics:write');
  const { http, db } = world;
  let number = 0;

  const learning = {
    ...world,
    actor,
    get: (path: string) => http().get(`/api/v1/${path}`).set(actor),
    put: (path: string, body: object) => http().put(`/api/v1/${path}`).set(actor).send(body),
    post: (path: string, body: object) => http().post(`/api/v1/${path}`).set(actor).send(body),
    patch: (path: string, body: object) => http().patch(`/api/v1/${path}`).set(actor).send(body),

    /** A learner with an address of their own, and their id. */
    async learner(externalId: string, more: object = {}): Promise<string> {
      const body = { kind: 'learner', email: `${externalId}@exempel.example`, ...more };
      const { body: made } = await learning.put(`contacts/${externalId}`, body).expect(200);
      return made.id as string;
    },

    async course(externalId: string, more: object = {}): Promise<void> {
      await learning
        .put(`courses/${externalId}`, { name: `Kurs ${externalId}`, ...more })
        .expect(200);
    },

    event: (contactExternalId: string, more: object = {}) => ({
      eventId: `e-${++number}`,
      contactExternalId,
      courseExternalId: 'excel-1',
      kind: 'started',
      occurredAt: '2026-03-01T09:30:00+01:00',
      ...more,
    }),

    async sent(...items: object[]): Promise<LearnerEventItemResult[]> {
      const { body } = await learning.post('learner-events/batch', { items }).expect(200);
      return body.items as LearnerEventItemResult[];
    },

    outcomes: async (...items: object[]) =>
      (await learning.sent(...items)).map(({ outcome, reason }) =>
        reason ? `${outcome}: ${reason}` : outcome,
      ),

    events: (contactId: string) =>
      db.query<{ kind: string; event_id: string }>(
        'SELECT * FROM learner_event WHERE contact_id = $1 ORDER BY event_id',
        [contactId],
      ),

    months: () =>
      db.query<{ kind: string; events: number; month: Date }>(
        `SELECT to_char(month, 'YYYY-MM') AS month, kind, events FROM learning_month ORDER BY 1, 2`,
      ),

    known: async (contactId: string, lang = 'sv') =>
      (await learning.get(`contacts/${contactId}/learning?lang=${lang}`).expect(200))
        .body as Learning,

    attribute: (key: string, more: object = {}) =>
      learning.post('attributes', {
        key,
        type: 'text',
        nameSv: `Svenska ${key}`,
        nameEn: `English ${key}`,
        purpose: 'R-08',
        ...more,
      }),

    forget: world.app.get(ForgetLearning),
  };
  return learning;
}

export type LearningWorld = Awaited<ReturnType<typeof openLearning>>;
