import type { Channel } from '../../domain/address';
import type { LockedFacts } from '../../domain/gate';
import type { Sql } from '../../platform/database/database';
import { lastSent } from './sent-lately';
import { ASSESSED } from './topics.service';

/** An address with all that decides about it; of nobody (`contactId` null) if no contact has it. */
export interface AddressFacts extends LockedFacts {
  key: Buffer;
  channel: Channel;
  contactId: string | null;
  addressId: string | null;
  keyVersion: number | null;
  value: string | null;
  source: string | null;
  kinds: string[] | null;
  minor: boolean | null;
  noticeAt: Date | null;
  attestedAt: Date | null;
  /** When something last left for them, if that is less than thirty days ago; asked only of those who chose fewer. */
  lastSentAt: Date | null;
  noSeq: number | null;
}

export interface TopicFacts {
  id: string;
  key: string;
  nameSv: string;
  nameEn: string;
  assessed: boolean;
}

export interface EntryRow {
  seq: number;
  id: string;
  at: Date;
  kind: string;
  channel: Channel | null;
  key: Buffer | null;
  contactId: string | null;
  scope: string;
  topicId: string | null;
  topicKey: string | null;
  ground: string | null;
  door: string;
  detail: string | null;
  method: string | null;
  actorType: string;
  actorId: string | null;
  campaignId: string | null;
  campaign: string | null;
  wordingVersion: string | null;
  policyVersion: string;
  evidence: Record<string, unknown>;
}

const facts = (contactId: string): string => `
  g.address_key IS NOT NULL AS "hasGateRow", COALESCE(g.allowed, '{}') AS allowed, COALESCE(g.pending, '{}') AS pending,
  COALESCE(g.withdrawn, '{}') AS withdrawn, COALESCE(g.no_all, FALSE) AS "noAll",
  COALESCE(g.no_topics, '{}') AS "noTopics", g.no_by AS "noBy", g.no_seq AS "noSeq",
  g.paused_until AS "pausedUntil", COALESCE(g.fewer, FALSE) AS fewer, g.undeliverable_at AS "undeliverableAt",
  COALESCE(g.restricted, FALSE) AS restricted, COALESCE(g.erased, FALSE) AS erased,
  ${lastSent(contactId)} AS "lastSentAt"`;

const HELD = `
  a.address_key AS key, a.channel, a.id AS "addressId", a.key_version AS "keyVersion", a.value, a.source,
  c.id AS "contactId", c.kinds, c.minor,
  c.notice_at AS "noticeAt", c.attested_at AS "attestedAt"`;

/** On each channel the address that a campaign would choose comes last. */
export function factsOfContact(sql: Sql, contactId: string): Promise<AddressFacts[]> {
  return sql.query<AddressFacts>(
    `SELECT ${HELD}, ${facts('c.id')}
     FROM contact c JOIN address a ON a.contact_id = c.id LEFT JOIN gate g ON g.address_key = a.address_key
     WHERE c.id = $1 ORDER BY a.channel, a.source = 'mina_sidor', a.collected_at, a.id DESC`,
    [contactId],
  );
}

/** One row per holder of the address; one of nobody when only the registry knows it; none when nobody does. */
export function factsOfKeys(sql: Sql, keys: Buffer[]): Promise<AddressFacts[]> {
  return sql.query<AddressFacts>(
    `SELECT ${HELD}, ${facts('c.id')}
     FROM address a JOIN contact c ON c.id = a.contact_id LEFT JOIN gate g ON g.address_key = a.address_key
     WHERE a.address_key = ANY($1::bytea[])
     UNION ALL
     SELECT g.address_key, g.channel, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ${facts('NULL::uuid')}
     FROM gate g
     WHERE g.address_key = ANY($1::bytea[])
       AND NOT EXISTS (SELECT FROM address WHERE address.address_key = g.address_key)`,
    [keys],
  );
}

export function topicFacts(sql: Sql): Promise<TopicFacts[]> {
  return sql.query<TopicFacts>(
    `SELECT id, key, name_sv AS "nameSv", name_en AS "nameEn", ${ASSESSED} AS assessed
     FROM topic WHERE archived_at IS NULL ORDER BY position, key`,
  );
}

/** Newest first. */
export function entriesOf(
  sql: Sql,
  keys: Buffer[],
  contactIds: string[],
  limit: number,
): Promise<EntryRow[]> {
  return sql.query<EntryRow>(
    `SELECT e.seq, e.id, e.at, e.kind, e.channel, e.address_key AS key, e.contact_id AS "contactId", e.scope,
       e.topic_id AS "topicId", topic.key AS "topicKey", e.ground, e.door, e.detail, e.method,
       e.actor_type AS "actorType", e.actor_id AS "actorId", e.campaign_id AS "campaignId", campaign.name AS campaign,
       e.wording_version AS "wordingVersion", e.policy_version AS "policyVersion", e.evidence
     FROM ledger_entry e LEFT JOIN topic ON topic.id = e.topic_id LEFT JOIN campaign ON campaign.id = e.campaign_id
     WHERE e.address_key = ANY($1::bytea[]) OR e.contact_id = ANY($2::uuid[])
     ORDER BY e.seq DESC LIMIT $3`,
    [keys, contactIds, limit],
  );
}
