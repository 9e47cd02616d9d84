import { bytesArray, plainArray } from '../../../platform/database/arrays';
import type { Sql } from '../../../platform/database/database';
import { GENESIS, type ChainEntry, type ChainHead, type ChainLink } from './chain';

interface Row extends Omit<ChainLink, 'at'> {
  at: Date;
}

const COLUMNS = `
  position, seq, id, at, kind, channel, encode(address_key, 'hex') AS "addressKey", key_version AS "keyVersion",
  contact_id AS "contactId", scope, topic_id AS "topicId", ground, door, detail, method,
  actor_type AS "actorType", actor_id AS "actorId", message_id AS "messageId", campaign_id AS "campaignId",
  wording_version AS "wordingVersion", policy_version AS "policyVersion", evidence`;

const LINK_COLUMNS = `${COLUMNS}, encode(prev_hash, 'hex') AS "prevHash", encode(hash, 'hex') AS hash`;

/** False when another process is sealing: it will do the rest. */
export async function takeSealLock(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ taken: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtext('utskick.registry.seal')) AS taken`,
  );
  return row?.taken === true;
}

export async function readHead(sql: Sql): Promise<ChainHead> {
  const [head] = await sql.query<{ position: number; hash: string }>(
    `SELECT position, encode(hash, 'hex') AS hash FROM ledger_entry
     WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1`,
  );
  return head ?? GENESIS;
}

export async function unsealedEntries(sql: Sql, limit: number): Promise<ChainEntry[]> {
  const rows = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM ledger_entry WHERE position IS NULL ORDER BY seq LIMIT $1`,
    [limit],
  );
  return rows.map(toEntry);
}

export async function countUnsealed(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `SELECT count(*) AS count FROM ledger_entry WHERE position IS NULL`,
  );
  return row!.count;
}

export type Seal = Pick<ChainLink, 'seq' | 'position' | 'prevHash' | 'hash'>;

export async function storeSeals(sql: Sql, links: Seal[]): Promise<void> {
  await sql.query(
    `UPDATE ledger_entry SET position = s.position, prev_hash = s.prev_hash, hash = s.hash
     FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[]) AS s (seq, position, prev_hash, hash)
     WHERE ledger_entry.seq = s.seq`,
    [
      plainArray(links.map(({ seq }) => seq)),
      plainArray(links.map(({ position }) => position)),
      bytesArray(links.map(({ prevHash }) => prevHash)),
      bytesArray(links.map(({ hash }) => hash)),
    ],
  );
}

/** Sealed entries after a position, in its order. */
export async function sealedAfter(sql: Sql, position: number, limit: number): Promise<ChainLink[]> {
  const rows = await sql.query<Row>(
    `SELECT ${LINK_COLUMNS} FROM ledger_entry WHERE position > $1 ORDER BY position LIMIT $2`,
    [position, limit],
  );
  return rows.map(toEntry);
}

const toEntry = (row: Row): ChainLink => Object.assign(row, { at: row.at.toISOString() });
