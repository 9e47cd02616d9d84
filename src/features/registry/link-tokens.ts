import { hash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { maskEmail, maskPhone, type Channel } from '../../domain/address';
import { Secrets } from '../../platform/config/secrets';
import { Database, prepare, type Sql } from '../../platform/database/database';
import type { Language } from '../../platform/i18n/i18n';

export type LinkClass = 'message' | 'test' | 'confirm';

export interface NewLinkToken {
  hash: Buffer;
  class: LinkClass;
  channel: Channel;
  addressKey: Buffer;
  contactId?: string | null;
  messageId?: string | null;
  campaignId?: string | null;
  topicId?: string | null;
}

export interface LinkTokenRow {
  class: LinkClass;
  channel: Channel;
  addressKey: Buffer;
  keyVersion: number;
  /** Who it is now: the survivor, if the person was merged since. */
  contactId: string | null;
  messageId: string | null;
  campaignId: string | null;
  topicId: string | null;
  createdAt: Date;
  /** `a•••@e•••.com`; null once the address is erased. */
  maskedAddress: string | null;
  language: Language | null;
}

/**
 * The statement that stores the links of messages, to stand in the transaction (or statement) that permits them.
 * `source` is SQL of our own giving hash, channel, address_key, contact_id, id, campaign_id and topic_id.
 */
export const storeMessageLinks = (source: string): string => `
INSERT INTO link_token (hash, class, channel, address_key, contact_id, message_id, campaign_id, topic_id, created_at)
SELECT hash, 'message', channel, address_key, contact_id, id, campaign_id, topic_id, clock_timestamp()
FROM (${source}) permitted ON CONFLICT (hash) DO NOTHING`;

const FIND_LINK = prepare(
  'find_link',
  `SELECT t.class, t.channel, t.address_key AS "addressKey", t.message_id AS "messageId",
         t.campaign_id AS "campaignId", t.topic_id AS "topicId", t.created_at AS "createdAt",
         COALESCE(c.merged_into_id, c.id) AS "contactId", c.language, a.value AS address,
         COALESCE(a.key_version, (
           SELECT e.key_version FROM ledger_entry e WHERE e.address_key = t.address_key LIMIT 1), 1) AS "keyVersion"
       FROM link_token t
       LEFT JOIN contact c ON c.id = t.contact_id
       LEFT JOIN LATERAL (
         SELECT value, key_version FROM address
         WHERE address.address_key = t.address_key
         ORDER BY (address.contact_id = c.id) DESC NULLS LAST LIMIT 1) a ON TRUE
       WHERE t.hash = $1 AND t.class = ANY($2)`,
);

/** 128 bits as base64url, or 95 in a text message: what a link of ours can look like. Anything else is unknown without asking. */
const TOKEN = /^(?:[A-Za-z0-9_-]{22}|[A-Za-z0-9]{16})$/;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The opaque words in links. They never expire, and only their SHA-256 is stored: no dump of the database
 * can make a link, and no rotation of LINK_KEYS breaks one that has been sent (P-70, P-71, P-74).
 */
@Injectable()
export class LinkTokens {
  constructor(
    private readonly secrets: Secrets,
    private readonly db: Database,
  ) {}

  /** The token of a message; the same each time under one version of LINK_KEYS. */
  tokenFor(messageId: string, channel: Channel = 'email'): string {
    const bytes = this.secrets.linkKeys.sign(`link:${messageId}`);
    return channel === 'sms' ? shortToken(bytes) : bytes.subarray(0, 16).toString('base64url');
  }

  /** One that stands for no message of a run. */
  random(channel: Channel = 'email'): string {
    const bytes = randomBytes(32);
    return channel === 'sms' ? shortToken(bytes) : bytes.subarray(0, 16).toString('base64url');
  }

  hash(token: string): Buffer {
    return hash('sha256', token, 'buffer');
  }

  /** Idempotent: a batch that is rendered again stores the same rows. */
  async store(sql: Sql, rows: readonly NewLinkToken[]): Promise<void> {
    if (rows.length === 0) return;
    const column = <K extends keyof NewLinkToken>(name: K) => rows.map((row) => row[name] ?? null);
    await sql.query(
      `INSERT INTO link_token (hash, class, channel, address_key, contact_id, message_id, campaign_id, topic_id, created_at)
       SELECT t.*, clock_timestamp()
       FROM unnest($1::bytea[], $2::text[], $3::text[], $4::bytea[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[]) AS t
       ON CONFLICT (hash) DO NOTHING`,
      [
        column('hash'),
        column('class'),
        column('channel'),
        column('addressKey'),
        column('contactId'),
        column('messageId'),
        column('campaignId'),
        column('topicId'),
      ],
    );
  }

  /** What a token stands for, or null. Reads only. Confirm tokens are of no use here unless asked for. */
  async find(
    token: string,
    classes: readonly LinkClass[] = ['message', 'test'],
  ): Promise<LinkTokenRow | null> {
    if (!TOKEN.test(token)) return null;
    const [row] = await this.db.query<LinkTokenRow & { address: string | null }>(FIND_LINK, [
      this.hash(token),
      classes,
    ]);
    if (!row) return null;
    const { address, ...found } = row;
    return {
      ...found,
      maskedAddress: address && mask(row.channel, address),
      language: row.language === 'en' ? 'en' : row.language && 'sv',
    };
  }
}

/** P-60: sixteen characters of base62, 95 bits, from the first 160 bits of a keyed hash. */
function shortToken(bytes: Buffer): string {
  let number = BigInt(`0x${bytes.subarray(0, 20).toString('hex')}`);
  let token = '';
  for (let at = 0; at < 16; at += 1) {
    token += BASE62[Number(number % 62n)];
    number /= 62n;
  }
  return token;
}

export function mask(channel: Channel, address: string): string {
  return channel === 'email' ? maskEmail(address) : maskPhone(address);
}
