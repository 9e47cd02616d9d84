import type { Channel } from '../../../domain/address';
import type { GateState, LedgerFact } from '../../../domain/registry-state';
import { prepare, type Sql } from '../../../platform/database/database';
import { bytesArray, plainArray, textArray } from '../../../platform/database/arrays';
import { Numbering } from './numbering';

export interface GateRow extends GateState {
  key: string;
  channel: Channel;
  contactId: string | null;
}

export interface Holder {
  key: string;
  contactId: string;
}

export interface Entry extends LedgerFact {
  id: string;
  ground: string | null;
  wordingVersion: string | null;
}

const GATE = `
  encode(address_key, 'hex') AS key, channel, contact_id AS "contactId", allowed, pending, withdrawn,
  no_all AS "noAll", no_topics AS "noTopics", no_by AS "noBy", no_seq AS "noSeq",
  paused_until AS "pausedUntil", fewer, undeliverable_at AS "undeliverableAt", restricted, erased`;

const LOCK_CONTACTS = prepare(
  'lock_contacts',
  `SELECT FROM contact WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
);

/** In one order everywhere, so that two transactions never wait for each other in a ring. */
export async function lockContacts(sql: Sql, contactIds: string[]): Promise<void> {
  if (contactIds.length === 0) return;
  await sql.query(LOCK_CONTACTS, [plainArray(contactIds)]);
}

export interface NamedAddress {
  key: string;
  channel: Channel;
  contactId: string | null;
  /** What its gate row shall allow from the first; null: nothing. */
  allowed: string[] | null;
}

const MAKE_GATES = prepare(
  'make_gates',
  `WITH wanted AS MATERIALIZED (
       SELECT DISTINCT ON (k.address_key) k.address_key, k.channel, k.contact_id, k.list
       FROM (
         SELECT address_key, channel, contact_id, NULL::int FROM address WHERE contact_id = ANY($1::uuid[])
         UNION ALL
         SELECT * FROM unnest($2::bytea[], $3::text[], $4::uuid[], $5::int[])
       ) AS k (address_key, channel, contact_id, list)
       ORDER BY k.address_key, k.list, k.contact_id
     ), lists AS MATERIALIZED (
       SELECT n, ARRAY(SELECT jsonb_array_elements_text(list)::uuid) AS allowed
       FROM jsonb_array_elements($6::jsonb) WITH ORDINALITY AS l (list, n)
     ), made AS (
       INSERT INTO gate (address_key, channel, contact_id, epoch, allowed, pending, withdrawn, no_topics, updated_at)
       SELECT w.address_key, w.channel, w.contact_id, 1, COALESCE(l.allowed, '{}'), '{}', '{}', '{}',
         clock_timestamp()
       FROM wanted w LEFT JOIN lists l ON l.n = w.list + 1
       ORDER BY w.address_key
       ON CONFLICT (address_key) DO NOTHING
       RETURNING address_key
     )
     SELECT encode(w.address_key, 'hex') AS key, w.contact_id AS "contactId" FROM wanted w
     WHERE NOT EXISTS (SELECT FROM made m WHERE m.address_key = w.address_key)`,
);

/**
 * Makes the missing gate rows of these contacts' addresses and of `addresses`, in the order of their keys; those
 * made are ours alone until the transaction ends. Returns the ones that were there already, not yet locked.
 */
export function makeGates(
  sql: Sql,
  contactIds: string[],
  addresses: NamedAddress[],
): Promise<{ key: string; contactId: string | null }[]> {
  const lists = new Numbering<string[]>();
  return sql.query(MAKE_GATES, [
    plainArray(contactIds),
    bytesArray(addresses.map(({ key }) => key)),
    textArray(addresses.map(({ channel }) => channel)),
    plainArray(addresses.map(({ contactId }) => contactId)),
    plainArray(addresses.map(({ allowed }) => allowed && lists.of(allowed.join(), allowed))),
    JSON.stringify(lists.values),
  ]);
}

const LOCK_GATES = prepare(
  'lock_registry_gates',
  `SELECT ${GATE} FROM gate
     WHERE address_key = ANY(ARRAY(
       SELECT address_key FROM address WHERE contact_id = ANY($1::uuid[])
       UNION SELECT address_key FROM gate WHERE contact_id = ANY($1::uuid[])
       UNION SELECT unnest($2::bytea[])))
     ORDER BY address_key
     FOR UPDATE`,
);

/**
 * Locks the gate rows of these contacts' addresses, those they once had, and of `keys`, sorted. A statement of
 * its own after `makeGates`: it sees what others committed while that one waited.
 */
export function lockGates(sql: Sql, contactIds: string[], keys: string[]): Promise<GateRow[]> {
  return sql.query<GateRow>(LOCK_GATES, [plainArray(contactIds), bytesArray(keys)]);
}

/**
 * Of these contacts, the ones of whom, or of whose addresses, something is known already: an entry, a gate row,
 * somebody else who is registered there. Their rows are locked, so nobody can say more of the others.
 */
export async function knownContacts(
  sql: Sql,
  contactIds: string[],
  named: { contactId: string; key: string }[],
): Promise<Set<string>> {
  // LATERAL … LIMIT 1 is a look-up in an index per address; as a join Postgres would read whole tables.
  const rows = await sql.query<{ id: string }>(
    `WITH named AS MATERIALIZED (
       SELECT contact_id, address_key FROM address WHERE contact_id = ANY($1::uuid[])
       UNION SELECT * FROM unnest($2::uuid[], $3::bytea[])
     )
     SELECT contact_id AS id FROM ledger_entry WHERE contact_id = ANY($1::uuid[])
     UNION SELECT contact_id FROM gate WHERE contact_id = ANY($1::uuid[])
     UNION SELECT n.contact_id FROM named n, LATERAL (
       SELECT FROM gate g WHERE g.address_key = n.address_key LIMIT 1) AS there
     UNION SELECT n.contact_id FROM named n, LATERAL (${OTHER_HOLDER}) AS other`,
    [plainArray(contactIds), ...namedColumns(named)],
  );
  return new Set(rows.map(({ id }) => id));
}

const OTHER_HOLDER = `
  SELECT FROM address a WHERE a.address_key = n.address_key AND a.contact_id <> n.contact_id LIMIT 1`;

/**
 * The same for contacts that this transaction has made. Nobody can have said anything of them; and of their
 * addresses `makeGates` finds out.
 */
export async function sharingContacts(
  sql: Sql,
  named: { contactId: string; key: string }[],
): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(
    `SELECT n.contact_id AS id FROM unnest($1::uuid[], $2::bytea[]) AS n (contact_id, address_key),
       LATERAL (${OTHER_HOLDER}) AS other`,
    namedColumns(named),
  );
  return new Set(rows.map(({ id }) => id));
}

const namedColumns = (named: { contactId: string; key: string }[]) => [
  plainArray(named.map(({ contactId }) => contactId)),
  bytesArray(named.map(({ key }) => key)),
];

/** Gate rows after a key, in its order; locks nothing. */
export function gatesAfter(sql: Sql, key: string, limit: number): Promise<GateRow[]> {
  return sql.query<GateRow>(
    `SELECT ${GATE} FROM gate WHERE address_key > $1 ORDER BY address_key LIMIT $2`,
    [toKey(key), limit],
  );
}

const HOLDERS = prepare(
  'holders_of',
  `SELECT DISTINCT encode(address_key, 'hex') AS key, contact_id AS "contactId"
     FROM address WHERE address_key = ANY($1::bytea[])`,
);

/** Everyone registered with one of these addresses, now that nobody else can act on them. */
export function holdersOf(sql: Sql, keys: string[]): Promise<Holder[]> {
  return sql.query<Holder>(HOLDERS, [bytesArray(keys)]);
}

const ENTRY = `
  seq, id, at, kind, channel, encode(address_key, 'hex') AS "addressKey", contact_id AS "contactId", scope,
  topic_id AS "topicId", ground, method, wording_version AS "wordingVersion",
  (evidence ->> 'until')::timestamptz AS until, CASE kind WHEN 'fewer' THEN (evidence ->> 'days')::int END AS days`;

const ENTRIES_ABOUT = prepare(
  'entries_about',
  `SELECT ${ENTRY} FROM ledger_entry
     WHERE address_key = ANY($1::bytea[]) OR contact_id = ANY($2::uuid[])
     ORDER BY seq`,
);

export function entriesAbout(sql: Sql, keys: string[], contactIds: string[]): Promise<Entry[]> {
  return sql.query<Entry>(ENTRIES_ABOUT, [bytesArray(keys), plainArray(contactIds)]);
}

const UPDATE_GATES = prepare(
  'update_gates',
  `UPDATE gate SET contact_id = r.contact_id, epoch = gate.epoch + 1, allowed = r.allowed, pending = r.pending,
       withdrawn = r.withdrawn, no_all = r.no_all, no_topics = r.no_topics, no_by = r.no_by, no_seq = r.no_seq,
       paused_until = r.paused_until, fewer = r.fewer, undeliverable_at = r.undeliverable_at,
       restricted = r.restricted, erased = r.erased, updated_at = clock_timestamp()
     FROM jsonb_to_recordset($1::jsonb) AS r (
       address_key bytea, contact_id uuid, allowed uuid[], pending uuid[], withdrawn uuid[], no_all boolean,
       no_topics uuid[], no_by text, no_seq bigint, paused_until timestamptz, fewer boolean,
       undeliverable_at timestamptz, restricted boolean, erased boolean)
     WHERE gate.address_key = r.address_key`,
);

/** Changed rows only: a new epoch tells a permit's record apart from the ones before. */
export async function updateGates(sql: Sql, rows: GateRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(UPDATE_GATES, [
    JSON.stringify(
      rows.map((row) => ({
        address_key: `\\x${row.key}`,
        contact_id: row.contactId,
        allowed: row.allowed,
        pending: row.pending,
        withdrawn: row.withdrawn,
        no_all: row.noAll,
        no_topics: row.noTopics,
        no_by: row.noBy,
        no_seq: row.noSeq,
        paused_until: row.pausedUntil,
        fewer: row.fewer,
        undeliverable_at: row.undeliverableAt,
        restricted: row.restricted,
        erased: row.erased,
      })),
    ),
  ]);
}

const toKey = (hex: string): Buffer => Buffer.from(hex, 'hex');
