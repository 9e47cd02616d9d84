import type { Offer } from '../../../../domain/offers/offer';
import { prepare, type Sql } from '../../../../platform/database/database';

/**
 * For a WITH: keeps what `offers` (domain/offers) found for the messages of `written` (id, contact_id, reason), of those
 * that may go, and the courses as they stand now. $1 dispatch
 */
export const STORE_OFFERS = `
kept_offers AS (
  INSERT INTO message_offer (message_id, position, contact_id, course_id, rule, because_id, known_at, created_at)
  SELECT w.id, o.position, w.contact_id, o.course_id, o.rule, o.because_id, o.known_at, statement_timestamp()
  FROM written w JOIN offers o ON o.contact_id = w.contact_id
  WHERE w.reason IS NULL
),
kept_courses AS (
  INSERT INTO offered_course (dispatch_id, course_id, name, subject, description, url)
  SELECT $1::uuid, c.id, c.name, c.subject, c.description, c.url
  FROM course c WHERE c.id IN (SELECT course_id FROM offers UNION SELECT because_id FROM offers)
  ORDER BY c.id
  ON CONFLICT DO NOTHING
)`;

/** $1 run · $2 its messages */
export const OFFERS_OF = prepare(
  'offers_of',
  `SELECT o.message_id AS "messageId", c.name, c.subject, c.description, c.url, o.rule, b.name AS because
   FROM unnest($2::uuid[]) AS asked(id) JOIN message_offer o ON o.message_id = asked.id
   JOIN offered_course c ON c.dispatch_id = $1 AND c.course_id = o.course_id
   LEFT JOIN offered_course b ON b.dispatch_id = $1 AND b.course_id = o.because_id
   ORDER BY o.message_id, o.position`,
);

/** What messages of a run recommend, in the order of their cards; of one that is not in the answer it was forgotten. */
export async function offersOf(
  sql: Sql,
  dispatchId: string,
  messageIds: readonly string[],
): Promise<Map<string, Offer[]>> {
  const rows = await sql.query<Offer & { messageId: string } & Record<string, unknown>>(OFFERS_OF, [
    dispatchId,
    [...messageIds],
  ]);
  const offers = new Map<string, Offer[]>();
  for (const { messageId, ...offer } of rows) {
    const known = offers.get(messageId);
    if (known) known.push(offer);
    else offers.set(messageId, [offer]);
  }
  return offers;
}

/** The same for one, by its link. */
export async function offersOfMessage(sql: Sql, messageId: string): Promise<Offer[]> {
  const [run] = await sql.query<{ id: string }>(
    'SELECT dispatch_id AS id FROM message WHERE id = $1',
    [messageId],
  );
  return run ? ((await offersOf(sql, run.id, [messageId])).get(messageId) ?? []) : [];
}
