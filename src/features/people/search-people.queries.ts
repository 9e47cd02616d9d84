import type { Sql } from '../../platform/database/database';
import type { AddressKeys } from '../contacts/address-keys';
import { matching } from '../contacts/contacts.queries';
import { readCursor } from '../contacts/cursor';
import { gateReason } from '../delivery/gate-facts';
import { capValues, cappedUntil, type MarketingCap } from '../registry/marketing-cap';
import type { FoundPerson, PeopleSearch } from './search-people.dto';

/** Beyond this many nobody counts on a number; asking the gate about each costs ten times as much as looking them up. */
const COUNTED = 100_000;
const COUNTED_REACHABLE = 10_000;

/** Whether some topic may go to some address `a` of the contact `c` now, by the gate's own rules. $1–$2 the cap. */
const REACHABLE = (channel: string): string => `
  SELECT TRUE FROM address a JOIN gate g ON g.address_key = a.address_key CROSS JOIN topic t
  WHERE a.contact_id = c.id AND a.channel = ${channel} AND t.archived_at IS NULL AND t.id = ANY (g.allowed)
    AND ${gateReason({
      topicId: 't.id',
      channel: 'a.channel',
      alreadySent: 'FALSE',
      capped: `(${cappedUntil('c.id', 1)} IS NOT NULL)`,
      dispatchState: "'running'",
      windowEnd: 'NULL::timestamptz',
    })} IS NULL`;

interface Condition {
  where: string;
  values: unknown[];
}

/** For a page it is asked person by person, until the page is full; to count, of all at once. */
const ONE_BY_ONE = (channel: string): string => `(${REACHABLE(channel)} LIMIT 1)`;
const AT_ONCE = (channel: string): string => `EXISTS (${REACHABLE(channel)})`;

function conditionOf(
  keys: AddressKeys,
  search: PeopleSearch,
  reachable: (channel: string) => string,
  values: unknown[],
): Condition {
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = ['c.merged_into_id IS NULL'];
  const { kind, language, organisationId, reachableBy } = search;
  if (kind) where.push(`${bind(kind)} = ANY (c.kinds)`);
  if (language) where.push(`c.language = ${bind(language)}`);
  if (organisationId) where.push(`c.organisation_id = ${bind(organisationId)}::uuid`);
  const q = search.q?.normalize('NFC').trim();
  if (q) where.push(matching(q, keys, bind));
  if (reachableBy) where.push(reachable(bind(reachableBy)));
  return { where: where.join(' AND '), values };
}

/** Newest first; one more than the limit when there is a next page. */
export function findPeople(
  sql: Sql,
  keys: AddressKeys,
  search: PeopleSearch,
  cap: MarketingCap,
  limit: number,
): Promise<FoundPerson[]> {
  const { where, values } = conditionOf(keys, search, ONE_BY_ONE, capValues(cap));
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
         CASE WHEN ${AT_ONCE("'email'")} THEN 'email' END,
         CASE WHEN ${AT_ONCE("'sms'")} THEN 'sms' END], NULL) AS "reachableBy"
     FROM page c LEFT JOIN organisation o ON o.id = c.organisation_id
     ORDER BY c.id DESC`,
    values,
  );
}

/** How many there are, and whether there may be more: counting ends where the number no longer matters. */
export async function countPeople(
  sql: Sql,
  keys: AddressKeys,
  search: PeopleSearch,
  cap: MarketingCap,
): Promise<{ total: number; atLeast: boolean }> {
  const first = search.reachableBy ? capValues(cap) : [];
  const { where, values } = conditionOf(keys, search, AT_ONCE, first);
  const most = search.reachableBy ? COUNTED_REACHABLE : COUNTED;
  const [row] = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT FROM contact c WHERE ${where} LIMIT ${most}) counted`,
    values,
  );
  return { total: row!.n, atLeast: row!.n === most };
}
