import type { Sql } from '../../platform/database/database';
import type { AddressKeys } from '../contacts/address-keys';
import { matching } from '../contacts/contacts.queries';
import { readCursor } from '../contacts/cursor';
import { gateReason } from '../delivery/gate-facts';
import type { FoundPerson, PeopleSearch } from './search-people.dto';

/** Beyond this many nobody counts on a number, and counting would cost more than the page. */
export const COUNTED = 100_000;

/** Whether some topic may go to some address `a` of the contact `c` now, by the gate's own rules. */
const REACHABLE = (channel: string): string => `EXISTS (
  SELECT FROM address a JOIN gate g ON g.address_key = a.address_key CROSS JOIN topic t
  WHERE a.contact_id = c.id AND a.channel = ${channel} AND t.archived_at IS NULL AND t.id = ANY (g.allowed)
    AND ${gateReason({
      topicId: 't.id',
      channel: 'a.channel',
      alreadySent: 'FALSE',
      dispatchState: "'running'",
      windowEnd: 'NULL::timestamptz',
    })} IS NULL)`;

interface Condition {
  where: string;
  values: unknown[];
}

function conditionOf(keys: AddressKeys, search: PeopleSearch): Condition {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = ['c.merged_into_id IS NULL'];
  const { kind, language, organisationId, reachableBy } = search;
  if (kind) where.push(`${bind(kind)} = ANY (c.kinds)`);
  if (language) where.push(`c.language = ${bind(language)}`);
  if (organisationId) where.push(`c.organisation_id = ${bind(organisationId)}::uuid`);
  const q = search.q?.normalize('NFC').trim();
  if (q) where.push(matching(q, keys, bind));
  if (reachableBy) where.push(REACHABLE(bind(reachableBy)));
  return { where: where.join(' AND '), values };
}

/** Newest first; one more than the limit when there is a next page. */
export function findPeople(
  sql: Sql,
  keys: AddressKeys,
  search: PeopleSearch,
  limit: number,
): Promise<FoundPerson[]> {
  const { where, values } = conditionOf(keys, search);
  const bind = (value: unknown) => `$${values.push(value)}`;
  const after = search.cursor ? `AND c.id < ${bind(readCursor(search.cursor))}::uuid` : '';
  // The page is cut first: who can be reached is asked of those who are shown.
  return sql.query<FoundPerson & Record<string, unknown>>(
    `WITH page AS (
       SELECT c.* FROM contact c WHERE ${where} ${after} ORDER BY c.id DESC LIMIT ${bind(limit + 1)}
     )
     SELECT c.id, c.external_id AS "externalId", c.kinds, c.first_name AS "firstName",
       c.last_name AS "lastName", c.language, o.name AS organisation,
       (SELECT value FROM address WHERE contact_id = c.id AND channel = 'email' ORDER BY id LIMIT 1) AS email,
       (SELECT value FROM address WHERE contact_id = c.id AND channel = 'sms' ORDER BY id LIMIT 1) AS phone,
       array_remove(ARRAY[
         CASE WHEN ${REACHABLE("'email'")} THEN 'email' END,
         CASE WHEN ${REACHABLE("'sms'")} THEN 'sms' END], NULL) AS "reachableBy"
     FROM page c LEFT JOIN organisation o ON o.id = c.organisation_id
     ORDER BY c.id DESC`,
    values,
  );
}

export async function countPeople(
  sql: Sql,
  keys: AddressKeys,
  search: PeopleSearch,
): Promise<number> {
  const { where, values } = conditionOf(keys, search);
  const [row] = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT FROM contact c WHERE ${where} LIMIT ${COUNTED}) counted`,
    values,
  );
  return row!.n;
}
