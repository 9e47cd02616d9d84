import { MISSING_THERE } from './mirror.queries';

export interface ListRow {
  list: string;
  since: Date | null;
  begunAt: Date;
  nextOffset: number;
  added: number;
  finishedAt: Date | null;
  wholeAt: Date | null;
  listed: number;
  comparedAt: Date | null;
  missingThere: number;
  allowedHere: number;
}

const COLUMNS = `list, since, begun_at AS "begunAt", next_offset AS "nextOffset", added, finished_at AS "finishedAt",
  whole_at AS "wholeAt", listed, compared_at AS "comparedAt", missing_there AS "missingThere",
  allowed_here AS "allowedHere"`;

export const LISTS = `SELECT ${COLUMNS} FROM provider_list ORDER BY list`;

/** Lists that were not read whole since three o'clock, in Sweden; $1 now · $2 all lists */
export const DUE_THIS_NIGHT = `
SELECT name FROM unnest($2::text[]) AS name LEFT JOIN provider_list l ON l.list = name
WHERE l.whole_at IS NULL OR l.whole_at < (
  date_trunc('day', $1::timestamptz AT TIME ZONE 'Europe/Stockholm' - interval '3 hours') + interval '3 hours')
    AT TIME ZONE 'Europe/Stockholm'`;

/** $1 list · $2 since · $3 now */
export const BEGIN = `
INSERT INTO provider_list (list, since, begun_at) VALUES ($1, $2, $3)
ON CONFLICT (list) DO UPDATE SET since = EXCLUDED.since, begun_at = EXCLUDED.begun_at, next_offset = 0, added = 0,
  finished_at = NULL
RETURNING ${COLUMNS}`;

/** Nothing, if another reading has begun meanwhile. $1 list · $2 beginning · $3 next offset · $4 added */
export const ADVANCE = `
UPDATE provider_list SET next_offset = $3, added = $4 WHERE list = $1 AND begun_at = $2`;

/**
 * What a whole reading has not met is no longer on the list; nothing, if another one has begun meanwhile.
 * $1 list · $2 beginning · $3 now
 */
export const FINISH = `
WITH read AS (
  UPDATE provider_list SET finished_at = $3,
    whole_at = CASE WHEN since IS NULL THEN begun_at ELSE whole_at END,
    listed = CASE WHEN since IS NULL THEN next_offset ELSE listed END
  WHERE list = $1 AND begun_at = $2 RETURNING list, since, begun_at
)
DELETE FROM provider_listed p USING read
WHERE p.list = read.list AND read.since IS NULL AND p.seen_at < read.begun_at`;

/** $1 list · $2 keys · $3 when they were listed · $4 now */
export const SEE = `
INSERT INTO provider_listed (list, address_key, listed_at, seen_at)
SELECT $1, e.key, e.listed_at, $4 FROM unnest($2::bytea[], $3::timestamptz[]) AS e(key, listed_at) ORDER BY e.key
ON CONFLICT (list, address_key) DO UPDATE SET seen_at = EXCLUDED.seen_at,
  listed_at = CASE WHEN provider_listed.ours THEN provider_listed.listed_at ELSE EXCLUDED.listed_at END`;

/**
 * Noes that we do not have. Not those that we put there ourselves, and none that is older than a yes which outweighs
 * it. $1 keys · $2 when they were listed · $3 list · $4 methods of such a yes
 */
export const NEW_NOES = `
SELECT encode(e.key, 'hex') AS key FROM unnest($1::bytea[], $2::timestamptz[]) AS e(key, listed_at)
LEFT JOIN gate g ON g.address_key = e.key
WHERE (g.address_key IS NULL OR NOT g.no_all OR g.allowed <> '{}')
  AND NOT EXISTS (SELECT FROM provider_listed p WHERE p.list = $3 AND p.address_key = e.key AND p.ours)
  AND NOT EXISTS (SELECT FROM ledger_entry y WHERE y.address_key = e.key AND y.kind = 'grant'
    AND y.method = ANY($4::text[]) AND y.at > e.listed_at)`;

/** Dead addresses that we hold for living; not those that were seen alive since. $1 keys · $2 when they were listed */
export const NEW_BOUNCES = `
SELECT encode(e.key, 'hex') AS key FROM unnest($1::bytea[], $2::timestamptz[]) AS e(key, listed_at)
LEFT JOIN gate g ON g.address_key = e.key
WHERE (g.address_key IS NULL OR g.undeliverable_at IS NULL)
  AND NOT EXISTS (SELECT FROM ledger_entry l WHERE l.address_key = e.key AND l.kind = 'deliverable'
    AND l.at > e.listed_at)`;

/** What differs now, kept with each list. $1 now · $2 lists that were not read */
export const CONCLUDE = `
UPDATE provider_list l SET compared_at = $1,
  missing_there = CASE WHEN l.list <> 'unsubscribes' THEN 0
    ELSE (SELECT count(*) FROM gate g WHERE ${MISSING_THERE}) END,
  allowed_here = (SELECT count(*) FROM provider_listed p LEFT JOIN gate g ON g.address_key = p.address_key
    WHERE p.list = l.list AND CASE WHEN l.list = 'bounces' THEN g.undeliverable_at IS NULL
      ELSE g.no_all IS NOT TRUE OR g.allowed <> '{}' END)
WHERE l.list <> ALL($2::text[])
RETURNING ${COLUMNS}`;
