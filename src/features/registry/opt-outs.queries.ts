import { prepare, type Sql } from '../../platform/database/database';

export interface HandedOver {
  /** Left us in the last 72 hours and may still arrive. */
  last72h: number;
  /** Of these, those whose hand-over to the provider has not been answered yet. */
  inFlight: number;
}

/** Whom a no is about, and the message that must have arrived, or there were no click. */
export interface Bound {
  addressKeys: readonly Buffer[];
  contactIds: readonly string[];
  seen: string | null;
}

/** $1 the message seen, per no · $2 the number of a no (from 1), $3 one of its keys · $4 again, $5 one of its people. */
const HANDED_OVER = prepare(
  'handed_over_to',
  `SELECT h.* FROM generate_series(1, cardinality($1::uuid[])) AS no(n)
     CROSS JOIN LATERAL (
       SELECT count(*) AS "last72h", count(*) FILTER (WHERE m.state IN ('HANDED_OVER', 'UNKNOWN')) AS "inFlight"
       FROM message_status m
       WHERE m.address_key = ANY(ARRAY(
           SELECT k.key FROM unnest($2::int[], $3::bytea[]) AS k(n, key) WHERE k.n = no.n
           UNION
           SELECT a.address_key FROM unnest($4::int[], $5::uuid[]) AS p(n, contact_id)
           JOIN address a ON a.contact_id = p.contact_id WHERE p.n = no.n))
         AND m.state IN ('HANDED_OVER', 'ACCEPTED', 'UNKNOWN')
         AND m.id IS DISTINCT FROM ($1::uuid[])[no.n]
         AND m.permit_at > clock_timestamp() - interval '72 hours') h
     ORDER BY no.n`,
);

/** Counted for every address of the people, because a no binds them all. One answer per no, in their order. */
export function handedOverTo(sql: Sql, noes: readonly Bound[]): Promise<HandedOver[]> {
  const keys = noes.flatMap(({ addressKeys }, at) =>
    addressKeys.map((key) => ({ n: at + 1, key })),
  );
  const people = noes.flatMap(({ contactIds }, at) => contactIds.map((id) => ({ n: at + 1, id })));
  return sql.query<HandedOver>(HANDED_OVER, [
    noes.map(({ seen }) => seen),
    keys.map(({ n }) => n),
    keys.map(({ key }) => key),
    people.map(({ n }) => n),
    people.map(({ id }) => id),
  ]);
}

const HOLDERS_OF_KEY = prepare(
  'holders_of_key',
  `SELECT DISTINCT contact_id AS "contactId" FROM address WHERE address_key = $1 ORDER BY 1`,
);

export async function holdersOfKey(sql: Sql, key: Buffer): Promise<string[]> {
  const rows = await sql.query<{ contactId: string }>(HOLDERS_OF_KEY, [key]);
  return rows.map(({ contactId }) => contactId);
}

/** The person behind an id: the survivor, if they were merged. */
export async function contactOfId(sql: Sql, id: string): Promise<string | null> {
  const [row] = await sql.query<{ id: string }>(
    `SELECT COALESCE(merged_into_id, id) AS id FROM contact WHERE id = $1`,
    [id],
  );
  return row?.id ?? null;
}

export async function contactOfExternalId(sql: Sql, externalId: string): Promise<string | null> {
  const [row] = await sql.query<{ id: string }>(
    `SELECT COALESCE(merged_into_id, id) AS id FROM contact WHERE external_id = $1`,
    [externalId],
  );
  return row?.id ?? null;
}

/** Two calls with one reference wait for each other: the second then sees the first's entry. */
export async function lockReference(
  sql: Sql,
  actorId: string | null,
  reference: string,
): Promise<void> {
  await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `utskick.opt-out:${actorId ?? ''}:${reference}`,
  ]);
}

export async function entryOfReference(
  sql: Sql,
  actorId: string | null,
  reference: string,
): Promise<{ entryId: string; at: Date; scope: 'all' | 'channel' | 'topic' } | null> {
  const [entry] = await sql.query<{
    entryId: string;
    at: Date;
    scope: 'all' | 'channel' | 'topic';
  }>(
    `SELECT id AS "entryId", at, scope FROM ledger_entry
     WHERE evidence ? 'reference' AND evidence ->> 'reference' = $2 AND kind = 'opt_out'
       AND actor_id IS NOT DISTINCT FROM $1
     ORDER BY seq LIMIT 1`,
    [actorId, reference],
  );
  return entry ?? null;
}
