import type { Channel } from '../../../domain/address';
import type { SmsMeaning } from '../../../domain/sms-keywords';
import type { Sql } from '../../../platform/database/database';
import type { AddressRef } from '../../registry/ledger/ledger-act';

export type ReplyOutcome = 'opted_out' | 'not_a_no' | 'auto_reply' | 'answered' | 'expired';

export interface NewReply {
  id: string;
  at: Date;
  channel: Channel;
  provider: string;
  /** The provider's own id: a reply that comes twice is one. */
  providerId: string;
  /** Whom it is about, as far as that is known. */
  address: Omit<AddressRef, 'channel'> | null;
  sender: string;
  body: string;
  meaning: SmsMeaning;
  /** Somebody has to read it; else its words are not kept at all. */
  open: boolean;
}

const LONGEST_SENDER = 320;
const LONGEST_BODY = 2_000;

/** False: we have it already. */
export async function storeReply(tx: Sql, reply: NewReply): Promise<boolean> {
  const { address, open } = reply;
  const rows = await tx.query(
    `INSERT INTO reply (id, at, channel, provider, provider_id, address_key, key_version, sender, body, meaning, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (provider, provider_id) DO NOTHING RETURNING id`,
    [
      reply.id,
      reply.at,
      reply.channel,
      reply.provider,
      reply.providerId,
      address?.key ?? null,
      address?.version ?? null,
      open ? storable(reply.sender, LONGEST_SENDER) : null,
      open ? storable(reply.body, LONGEST_BODY) : null,
      reply.meaning,
      open ? 'open' : 'done',
    ],
  );
  return rows.length === 1;
}

// Postgres holds no NUL.
const storable = (text: string, longest: number): string =>
  text.replaceAll('\0', '').slice(0, longest);

export interface Reply {
  id: string;
  at: Date;
  channel: Channel;
  /** Of whoever it is about: of the link they answered by, else of the sender. */
  addressKey: Buffer | null;
  keyVersion: number | null;
  /** Until it is settled. */
  sender: string | null;
  body: string | null;
  meaning: SmsMeaning;
  state: 'open' | 'done';
  handledBy: string | null;
  handledAt: Date | null;
  outcome: ReplyOutcome | null;
  ledgerEntryId: string | null;
}

const COLUMNS = `id, at, channel, address_key AS "addressKey", key_version AS "keyVersion", sender, body, meaning, state,
  handled_by AS "handledBy", handled_at AS "handledAt", outcome, ledger_entry_id AS "ledgerEntryId"`;

/** Those that wait, the oldest first; or those that a person has settled, the newest first. */
export function listReplies(sql: Sql, state: Reply['state'], limit: number): Promise<Reply[]> {
  const rest =
    state === 'open' ? `ORDER BY at, id` : `AND handled_at IS NOT NULL ORDER BY at DESC, id`;
  return sql.query<Reply & Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM reply WHERE state = $1 ${rest} LIMIT $2`,
    [state, limit],
  );
}

/** Whoever settles the same one at the same time waits. */
export async function lockReply(tx: Sql, id: string): Promise<Reply | undefined> {
  const [reply] = await tx.query<Reply & Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM reply WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return reply;
}
