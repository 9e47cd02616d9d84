import { plainArray, textArray } from '../../../../platform/database/arrays';
import { prepare, type Sql } from '../../../../platform/database/database';
import { barredReason, type BarredReason } from '../may-profile';
import type { EventOutcome, LearnerEventInput } from './learner-events.dto';

export interface EventVerdict {
  n: number;
  /** Null: somebody else stored this id meanwhile. */
  outcome: EventOutcome | null;
  reason: BarredReason | null;
}

// A learner belongs to no company (the policy lets employers hand over names and addresses only): the one that attested is
// whose learning it is, in counts without anybody in them.
const GIVEN = `
  SELECT g.n, g.event_id, g.kind, g.occurred_at, p.id AS contact_id, p.minor,
    COALESCE(p.organisation_id, p.employer_id) AS organisation_id, co.id AS course_id,
    g.course IS NOT NULL AND co.id IS NULL AS no_course
  FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
    AS g(n, event_id, contact, course, kind, occurred_at)
  LEFT JOIN contact named ON named.external_id = g.contact
  LEFT JOIN contact p ON p.id = COALESCE(named.merged_into_id, named.id)
  LEFT JOIN course co ON co.external_id = g.course`;

const SAME = `(e.contact_id, e.course_id, e.kind, e.occurred_at)
  IS NOT DISTINCT FROM (g.contact_id, g.course_id, g.kind, g.occurred_at)`;

const NOBODY = `'00000000-0000-0000-0000-000000000000'::uuid`;

/**
 * $7 now. Takes no lock on people, so that it waits for no import, opt-out or campaign; what is stored while a person
 * says no is removed by the sweep. Events first, in the order of their ids, then months in theirs: two batches with the
 * same events and months never wait for each other in a ring.
 */
const STORE = prepare(
  'store_learner_events',
  `WITH given AS MATERIALIZED (${GIVEN}),
   people AS MATERIALIZED (
     SELECT p.contact_id, ${barredReason('p.contact_id', 'p.minor')} AS barred
     FROM (SELECT DISTINCT contact_id, minor FROM given WHERE contact_id IS NOT NULL) AS p
   ),
   judged AS MATERIALIZED (
     SELECT g.*, p.barred,
       CASE WHEN g.contact_id IS NULL THEN 'unknown_contact' WHEN g.no_course THEN 'unknown_course'
         WHEN e.event_id IS NOT NULL THEN CASE WHEN ${SAME} THEN 'repeated' ELSE 'conflict' END
         WHEN p.barred IS NOT NULL THEN 'not_kept' END AS verdict
     FROM given g LEFT JOIN people p ON p.contact_id = g.contact_id
     LEFT JOIN learner_event e ON e.event_id = g.event_id
   ),
   stored AS (
     INSERT INTO learner_event (event_id, contact_id, course_id, kind, occurred_at, received_at)
     SELECT event_id, contact_id, course_id, kind, occurred_at, $7 FROM judged WHERE verdict IS NULL
     ORDER BY event_id
     ON CONFLICT (event_id) DO NOTHING
     RETURNING event_id
   ),
   counted AS (
     INSERT INTO learning_month (month, course_id, organisation_id, kind, events)
     SELECT date_trunc('month', j.occurred_at AT TIME ZONE 'Europe/Stockholm')::date, COALESCE(j.course_id, ${NOBODY}),
       COALESCE(j.organisation_id, ${NOBODY}), j.kind, count(*)
     FROM stored JOIN judged j USING (event_id)
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
     ON CONFLICT (month, course_id, organisation_id, kind)
       DO UPDATE SET events = learning_month.events + excluded.events
   )
   SELECT j.n, COALESCE(j.verdict, CASE WHEN s.event_id IS NOT NULL THEN 'stored' END) AS outcome,
     CASE j.verdict WHEN 'not_kept' THEN j.barred END AS reason
   FROM judged j LEFT JOIN stored s ON s.event_id = j.event_id`,
);

export interface NumberedEvent {
  n: number;
  event: LearnerEventInput;
  occurredAt: Date;
}

/** Ids must differ within one call. */
export function storeEvents(
  sql: Sql,
  events: readonly NumberedEvent[],
  now: Date,
): Promise<EventVerdict[]> {
  return sql.query<EventVerdict & Record<string, unknown>>(STORE, [...columns(events), now]);
}

/** Of ids that are stored: whether they are these same events. */
export function compareEvents(
  sql: Sql,
  events: readonly NumberedEvent[],
): Promise<{ n: number; same: boolean }[]> {
  return sql.query(
    `SELECT g.n, ${SAME} AS same FROM (${GIVEN}) AS g JOIN learner_event e ON e.event_id = g.event_id`,
    columns(events),
  );
}

function columns(events: readonly NumberedEvent[]): unknown[] {
  return [
    plainArray(events.map(({ n }) => n)),
    textArray(events.map(({ event }) => event.eventId)),
    textArray(events.map(({ event }) => event.contactExternalId)),
    textArray(events.map(({ event }) => event.courseExternalId ?? null)),
    textArray(events.map(({ event }) => event.kind)),
    textArray(events.map(({ occurredAt }) => occurredAt.toISOString())),
  ];
}
