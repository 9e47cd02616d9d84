import { NEVER_SENT } from '../../domain/message-state';
import type { Env } from '../../platform/config/env';
import { constants } from '../../platform/database/arrays';
import type { Sql } from '../../platform/database/database';
import { RUN_DAYS } from './sent-lately';

/** The most that one person gets in so many days, of all campaigns on all channels together; 0 = no such limit. */
export type MarketingCap = Pick<Env, 'MARKETING_CAP' | 'MARKETING_CAP_DAYS'>;

/** For questions whose answer does not depend on it. */
export const NO_CAP: MarketingCap = { MARKETING_CAP: 0, MARKETING_CAP_DAYS: 1 };

/** For the two parameters, from number `first`, of what follows. */
export const capValues = ({ MARKETING_CAP, MARKETING_CAP_DAYS }: MarketingCap): number[] => [
  MARKETING_CAP,
  MARKETING_CAP_DAYS,
];

/** There is a cap, and in the days it speaks of were so many runs that somebody can have reached it. */
const canBeReached = (first: number): string => `($${first}::int > 0 AND $${first}::int <= (
  SELECT count(*) FROM dispatch run
  WHERE run.created_at > statement_timestamp() - make_interval(days => $${first + 1}::int + ${RUN_DAYS})))`;

/** What has or may have left in those days, over the alias `sent`. */
const counts = (first: number): string => `
  sent.id >= (SELECT months.first_id((statement_timestamp() - make_interval(days => $${first + 1}::int + ${RUN_DAYS}))::date))
  AND sent.permit_at > statement_timestamp() - make_interval(days => $${first + 1}::int)
  AND sent.state NOT IN (${constants(NEVER_SENT)})`;

/**
 * When the next may go to a person who has reached the cap; NULL: now. `contactId` is an expression of our own, never
 * input. For few people: each is looked up by an index.
 */
export const cappedUntil = (
  contactId: string,
  first: number,
): string => `(CASE WHEN ${canBeReached(first)} THEN (
  SELECT sent.permit_at + make_interval(days => $${first + 1}::int) FROM message_status sent
  WHERE sent.contact_id = ANY(ARRAY(
      SELECT ${contactId} UNION ALL SELECT id FROM contact WHERE merged_into_id = ${contactId}))
    AND ${counts(first)}
  ORDER BY sent.permit_at DESC OFFSET $${first}::int - 1 LIMIT 1) END)`;

/** Everybody who has reached the cap, read once for a statement about everybody. Never holds NULL. */
export const cappedContacts = (first: number): string => `(
  SELECT COALESCE(gone.merged_into_id, sent.contact_id) AS contact_id FROM message_status sent
  LEFT JOIN contact gone ON gone.id = sent.contact_id AND gone.merged_into_id IS NOT NULL
  WHERE ${canBeReached(first)} AND sent.contact_id IS NOT NULL AND ${counts(first)}
  GROUP BY 1 HAVING count(*) >= $${first}::int)`;

/** Who of these has reached the cap, and when each may get the next. */
export async function whoIsCapped(
  sql: Sql,
  cap: MarketingCap,
  contactIds: readonly string[],
): Promise<Map<string, Date>> {
  if (cap.MARKETING_CAP === 0) return new Map();
  const rows = await sql.query<{ id: string; until: Date | null }>(
    `SELECT person.id, ${cappedUntil('person.id', 2)} AS until FROM unnest($1::uuid[]) AS person(id)`,
    [contactIds, ...capValues(cap)],
  );
  return new Map(rows.flatMap(({ id, until }) => (until ? [[id, until] as const] : [])));
}
