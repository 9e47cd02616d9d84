import type { Channel } from '../../../domain/address';
import { POLICY_VERSION } from '../../../domain/policy';
import type { GateState, LedgerFact } from '../../../domain/registry-state';
import type { Sql } from '../../../platform/database/database';
import { newId } from '../../../platform/ids';
import type { AddressRef, LedgerAct } from './ledger-act';

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
  paused_until AS "pausedUntil", undeliverable_at AS "undeliverableAt", restricted, erased`;

/** In one order everywhere, so that two transactions never wait for each other in a ring. */
export async function lockContacts(sql: Sql, contactIds: string[]): Promise<void> {
  if (contactIds.length === 0) return;
  await sql.query(`SELECT id FROM contact WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`, [
    contactIds,
  ]);
}

/**
 * Makes the missing gate rows of these contacts' addresses and of `addresses`, then locks all of them and
 * those of addresses the contacts once had, sorted by key. Two statements on purpose: the second sees what others committed while the first waited.
 */
export async function lockGates(
  sql: Sql,
  contactIds: string[],
  addresses: (AddressRef & { contactId: string | null })[],
): Promise<GateRow[]> {
  const keys = addresses.map(({ key }) => key);
  await sql.query(
    `INSERT INTO gate (address_key, channel, contact_id, epoch, allowed, pending, withdrawn, no_topics, updated_at)
     SELECT DISTINCT ON (k.address_key)
       k.address_key, k.channel, k.contact_id, 1, '{}', '{}', '{}', '{}', clock_timestamp()
     FROM (
       SELECT address_key, channel, contact_id FROM address WHERE contact_id = ANY($1::uuid[])
       UNION ALL
       SELECT * FROM unnest($2::bytea[], $3::text[], $4::uuid[])
     ) AS k (address_key, channel, contact_id)
     ORDER BY k.address_key, k.contact_id
     ON CONFLICT (address_key) DO NOTHING`,
    [
      contactIds,
      keys,
      addresses.map(({ channel }) => channel),
      addresses.map(({ contactId }) => contactId),
    ],
  );
  return sql.query<GateRow>(
    `SELECT ${GATE} FROM gate
     WHERE address_key = ANY(ARRAY(
       SELECT address_key FROM address WHERE contact_id = ANY($1::uuid[])
       UNION SELECT address_key FROM gate WHERE contact_id = ANY($1::uuid[])
       UNION SELECT unnest($2::bytea[])))
     ORDER BY address_key
     FOR UPDATE`,
    [contactIds, keys],
  );
}

/** Gate rows after a key, in its order; locks nothing. */
export function gatesAfter(sql: Sql, key: string, limit: number): Promise<GateRow[]> {
  return sql.query<GateRow>(
    `SELECT ${GATE} FROM gate WHERE address_key > $1 ORDER BY address_key LIMIT $2`,
    [toKey(key), limit],
  );
}

/** Everyone registered with one of these addresses, now that nobody else can act on them. */
export function holdersOf(sql: Sql, keys: string[]): Promise<Holder[]> {
  return sql.query<Holder>(
    `SELECT DISTINCT encode(address_key, 'hex') AS key, contact_id AS "contactId"
     FROM address WHERE address_key = ANY($1::bytea[])`,
    [keys.map(toKey)],
  );
}

const ENTRY = `
  seq, id, at, kind, channel, encode(address_key, 'hex') AS "addressKey", contact_id AS "contactId", scope,
  topic_id AS "topicId", ground, method, wording_version AS "wordingVersion",
  (evidence ->> 'until')::timestamptz AS until`;

export function entriesAbout(sql: Sql, keys: string[], contactIds: string[]): Promise<Entry[]> {
  return sql.query<Entry>(
    `SELECT ${ENTRY} FROM ledger_entry
     WHERE address_key = ANY($1::bytea[]) OR contact_id = ANY($2::uuid[])
     ORDER BY seq`,
    [keys.map(toKey), contactIds],
  );
}

/** seq follows the order of `acts`, and is drawn under the locks: it is the order the acts took effect in. */
export function insertEntries(sql: Sql, acts: LedgerAct[]): Promise<Entry[]> {
  const rows = acts.map((act) => ({
    id: newId(),
    kind: act.kind,
    channel: act.channel,
    address_key: act.address ? `\\x${act.address.key.toString('hex')}` : null,
    key_version: act.address?.version,
    contact_id: act.contactId,
    scope: act.scope,
    topic_id: act.topicId,
    ground: act.ground,
    door: act.door,
    detail: act.detail,
    method: act.method,
    actor_type: act.actor.type,
    actor_id: act.actor.id,
    message_id: act.messageId,
    campaign_id: act.campaignId,
    wording_version: act.wordingVersion,
    evidence: act.evidence ?? {},
  }));
  return sql.query<Entry>(
    `WITH act AS (
       SELECT * FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (
         id uuid, kind text, channel text, address_key bytea, key_version smallint, contact_id uuid, scope text,
         topic_id uuid, ground text, door text, detail text, method text, actor_type text, actor_id text,
         message_id uuid, campaign_id uuid, wording_version text, evidence jsonb)) WITH ORDINALITY
     ), written AS (
       INSERT INTO ledger_entry (id, kind, channel, address_key, key_version, contact_id, scope, topic_id, ground,
         door, detail, method, actor_type, actor_id, message_id, campaign_id, wording_version, evidence, policy_version)
       SELECT id, kind, channel, address_key, key_version, contact_id, scope, topic_id, ground,
         door, detail, method, actor_type, actor_id, message_id, campaign_id, wording_version, evidence, $2
       FROM act ORDER BY ordinality
       RETURNING *
     )
     SELECT ${ENTRY} FROM written ORDER BY seq`,
    [JSON.stringify(rows), POLICY_VERSION],
  );
}

/** Changed rows only: a new epoch tells a permit's record apart from the ones before. */
export async function updateGates(sql: Sql, rows: GateRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `UPDATE gate SET contact_id = r.contact_id, epoch = gate.epoch + 1, allowed = r.allowed, pending = r.pending,
       withdrawn = r.withdrawn, no_all = r.no_all, no_topics = r.no_topics, no_by = r.no_by, no_seq = r.no_seq,
       paused_until = r.paused_until, undeliverable_at = r.undeliverable_at, restricted = r.restricted,
       erased = r.erased, updated_at = clock_timestamp()
     FROM jsonb_to_recordset($1::jsonb) AS r (
       address_key bytea, contact_id uuid, allowed uuid[], pending uuid[], withdrawn uuid[], no_all boolean,
       no_topics uuid[], no_by text, no_seq bigint, paused_until timestamptz, undeliverable_at timestamptz,
       restricted boolean, erased boolean)
     WHERE gate.address_key = r.address_key`,
    [
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
          undeliverable_at: row.undeliverableAt,
          restricted: row.restricted,
          erased: row.erased,
        })),
      ),
    ],
  );
}

const toKey = (hex: string): Buffer => Buffer.from(hex, 'hex');
