import { KEEPING_PURPOSES, PROFILING } from '../../../domain/policy';
import { bytesArray } from '../../../platform/database/arrays';
import { prepare, type Sql } from '../../../platform/database/database';

/** How many rows each removal took. */
export interface Forgotten {
  events: number;
  values: number;
  offers: number;
}

// What another transaction is moving at the moment is skipped, so that a no waits for nobody: whoever moves it, or the
// sweep, looks again.
const FREE = `FOR UPDATE SKIP LOCKED`;

/** `people` has contact_id and, when nothing at all may stay, erased. */
const forget = (people: string): string => `
  WITH people AS MATERIALIZED (${people}),
  events AS (
    DELETE FROM learner_event WHERE event_id IN (
      SELECT e.event_id FROM learner_event e WHERE e.contact_id IN (SELECT contact_id FROM people) ${FREE})
    RETURNING 1
  ),
  values AS (
    DELETE FROM contact_attribute v USING (
      SELECT old.attribute_id, old.contact_id FROM contact_attribute old
      JOIN people p ON p.contact_id = old.contact_id JOIN attribute a ON a.id = old.attribute_id
      WHERE p.erased OR a.purpose = '${PROFILING.id}'
      FOR UPDATE OF old SKIP LOCKED) AS gone
    WHERE v.attribute_id = gone.attribute_id AND v.contact_id = gone.contact_id
    RETURNING 1
  ),
  offers AS (
    DELETE FROM message_offer WHERE (message_id, position) IN (
      SELECT o.message_id, o.position FROM message_offer o WHERE o.contact_id IN (SELECT contact_id FROM people) ${FREE})
    RETURNING 1
  ),
  -- The clicks go with it.
  tracked AS (DELETE FROM tracking_consent WHERE contact_id IN (SELECT contact_id FROM people))
  SELECT (SELECT count(*)::int FROM events) AS events, (SELECT count(*)::int FROM values) AS values,
    (SELECT count(*)::int FROM offers) AS offers`;

/** Of gate rows `g` that forbid keeping: whose addresses they are. */
const holders = (gates: string): string => `
  SELECT held.contact_id, bool_or(g.erased) AS erased
  FROM (${gates}) AS g CROSS JOIN LATERAL (
    SELECT a.contact_id FROM address a WHERE a.address_key = g.address_key
    UNION ALL SELECT g.contact_id WHERE g.contact_id IS NOT NULL) AS held
  GROUP BY held.contact_id`;

const FORGET_HOLDERS = prepare(
  'forget_holders',
  forget(
    holders(`SELECT address_key, contact_id, erased FROM gate
      WHERE address_key = ANY ($1::bytea[]) AND (no_all OR erased)`),
  ),
);

/**
 * What ends with an objection, of everybody who holds one of these addresses, in the transaction that recorded it: what
 * they did, and what is kept for profiling; after an erasure all (L-10, L-21).
 */
export async function forgetHolders(sql: Sql, keys: readonly string[]): Promise<void> {
  await sql.query(FORGET_HOLDERS, [bytesArray(keys)]);
}

/** The same for these people, by what their gate rows say now. */
export async function forgetPeople(sql: Sql, contactIds: readonly string[]): Promise<void> {
  const gates = `SELECT address_key, contact_id, erased FROM gate
    WHERE (no_all OR erased) AND (contact_id = ANY ($1::uuid[])
      OR address_key IN (SELECT address_key FROM address WHERE contact_id = ANY ($1::uuid[])))`;
  await sql.query(forget(holders(gates)), [[...contactIds]]);
}

/** The same for everybody of whom something came since then: it may have been stored while they said no. */
export function forgetLate(sql: Sql, since: Date): Promise<Forgotten> {
  const gates = `SELECT g.address_key, late.contact_id, g.erased FROM (
      SELECT contact_id FROM learner_event WHERE received_at > $1
      UNION SELECT contact_id FROM contact_attribute WHERE collected_at > $1
      UNION SELECT contact_id FROM message_offer WHERE created_at > $1
      UNION SELECT contact_id FROM tracking_consent WHERE given_at > $1) AS late
    CROSS JOIN LATERAL (
      SELECT address_key FROM address a WHERE a.contact_id = late.contact_id
      UNION SELECT address_key FROM gate own WHERE own.contact_id = late.contact_id) AS held
    JOIN gate g ON g.address_key = held.address_key
    WHERE g.no_all OR g.erased`;
  const people = `SELECT contact_id, bool_or(erased) AS erased FROM (${gates}) AS g GROUP BY contact_id`;
  return forgetAndCount(sql, people, [since]);
}

/** The same for everybody there is. */
export function forgetAll(sql: Sql): Promise<Forgotten> {
  const gates = `SELECT address_key, contact_id, erased FROM gate WHERE no_all OR erased`;
  return forgetAndCount(sql, holders(gates), []);
}

async function forgetAndCount(sql: Sql, people: string, values: unknown[]): Promise<Forgotten> {
  const [counts] = await sql.query<Forgotten & Record<string, unknown>>(forget(people), values);
  return counts!;
}

/** Events and offers that were stored for somebody while they were merged into another, or removed. */
export async function followMerges(sql: Sql, since: Date): Promise<void> {
  await sql.query(
    `UPDATE message_offer o SET contact_id = c.merged_into_id FROM contact c
     WHERE o.created_at > $1 AND c.id = o.contact_id AND c.merged_into_id IS NOT NULL`,
    [since],
  );
  await sql.query(
    `DELETE FROM message_offer o WHERE o.created_at > $1
       AND NOT EXISTS (SELECT FROM contact c WHERE c.id = o.contact_id)`,
    [since],
  );
  await sql.query(
    `UPDATE learner_event e SET contact_id = c.merged_into_id FROM contact c
     WHERE e.received_at > $1 AND c.id = e.contact_id AND c.merged_into_id IS NOT NULL`,
    [since],
  );
  await sql.query(
    `DELETE FROM learner_event e WHERE e.received_at > $1
       AND NOT EXISTS (SELECT FROM contact c WHERE c.id = e.contact_id)`,
    [since],
  );
}

/** At most so many whose time is out; called until it finds none. */
export async function forgetOldEvents(sql: Sql, now: Date, limit: number): Promise<number> {
  const rows = await sql.query(
    `DELETE FROM learner_event WHERE event_id IN (
       SELECT event_id FROM learner_event WHERE received_at < $1::timestamptz - interval '${PROFILING.years} years'
       LIMIT $2 ${FREE})
     RETURNING 1`,
    [now, limit],
  );
  return rows.length;
}

/** What messages said because of them goes with them. */
export async function forgetOldOffers(sql: Sql, now: Date, limit: number): Promise<number> {
  const rows = await sql.query(
    `DELETE FROM message_offer WHERE (message_id, position) IN (
       SELECT message_id, position FROM message_offer
       WHERE known_at < $1::timestamptz - interval '${PROFILING.years} years'
       LIMIT $2 ${FREE})
     RETURNING 1`,
    [now, limit],
  );
  return rows.length;
}

export async function forgetOldClicks(sql: Sql, now: Date, limit: number): Promise<number> {
  const rows = await sql.query(
    `DELETE FROM contact_click WHERE (message_id, code) IN (
       SELECT message_id, code FROM contact_click
       WHERE at < $1::timestamptz - interval '${PROFILING.years} years' LIMIT $2 ${FREE})
     RETURNING 1`,
    [now, limit],
  );
  return rows.length;
}

const YEARS = KEEPING_PURPOSES.map(
  ({ id, years }) => `WHEN '${id}' THEN interval '${years} years'`,
).join(' ');

/** How long a value of the attribute `a` may be kept. */
export const KEPT = `CASE a.purpose ${YEARS} END`;

export async function forgetOldValues(sql: Sql, now: Date, limit: number): Promise<number> {
  const rows = await sql.query(
    `DELETE FROM contact_attribute v USING (
       SELECT old.attribute_id, old.contact_id FROM attribute a JOIN contact_attribute old ON old.attribute_id = a.id
       WHERE old.collected_at < $1::timestamptz - ${KEPT}
       LIMIT $2 FOR UPDATE OF old SKIP LOCKED) AS gone
     WHERE v.attribute_id = gone.attribute_id AND v.contact_id = gone.contact_id
     RETURNING 1`,
    [now, limit],
  );
  return rows.length;
}
