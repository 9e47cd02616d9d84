import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Channel } from '../../../src/domain/address';
import { newId } from '../../../src/platform/ids';
import { middayZone } from '../../setup/midday-zone';
import type { RunSql } from './servers';

const PEPPER = randomBytes(32);
const CHUNK = 10_000;

export const ADDRESS_KEYS = `v1:${PEPPER.toString('base64')}`;
/** What the rig calls the API with. */
export const API_KEY = `utk_${randomBytes(32).toString('base64url')}`;

export interface Person {
  channel: Channel;
  /** A mailbox, or a number in E.164. */
  address: string;
  contactId: string;
  /** Keyed hash of the address, in hex: how the registry names it. */
  key: string;
}

export interface Crowd {
  channel: Channel;
  topicId: string;
  people: Person[];
}

/** As the registry makes it. */
export const keyOf = (address: string, channel: Channel = 'email'): Buffer =>
  createHmac('sha256', PEPPER).update(`${channel}\0${address}`).digest();

/** People who agreed to a topic, as an import leaves them, and a key for the API; set by set, so that many are quick. */
export async function seed(sql: RunSql, count: number, channel: Channel = 'email'): Promise<Crowd> {
  const topicId = newId();
  await sql.query(
    `INSERT INTO topic (id, key, name_sv, name_en, purpose, assessed_at, created_at)
     VALUES ($1, $2, 'Nyhetsbrev', 'Newsletter', 'R-05', now(), now())`,
    [topicId, 'nyhetsbrev'],
  );
  await sql.query(
    `INSERT INTO api_key (id, name, key_hash, prefix, permissions, created_at)
     VALUES ($1, 'rig', $2, $3, $4, now()) ON CONFLICT (key_hash) DO NOTHING`,
    [
      newId(),
      createHash('sha256').update(API_KEY).digest(),
      API_KEY.slice(0, 12),
      ['campaigns:read', 'campaigns:write', 'campaigns:send', 'opt-outs:record'],
    ],
  );
  const people: Person[] = Array.from({ length: count }, (_, n) => {
    const address = channel === 'email' ? `person.${n}@example.com` : numberOf(n);
    return { channel, address, contactId: newId(), key: keyOf(address, channel).toString('hex') };
  });
  for (let from = 0; from < count; from += CHUNK)
    await sql.query(SEED, seedValues(people.slice(from, from + CHUNK), topicId, channel));
  await sql.query('ANALYZE');
  return { channel, topicId, people };
}

/** Another address of somebody. */
export async function addAddress(sql: RunSql, person: Person, email: string): Promise<Person> {
  const other = { ...person, address: email, key: keyOf(email).toString('hex') };
  await sql.query(
    `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
     VALUES (new_id(), $1, 'email', $2, $2, decode($3, 'hex'), 1, 'company_contact', now() - interval '1 day')`,
    [person.contactId, email, other.key],
  );
  return other;
}

const seedValues = (people: Person[], topicId: string, channel: Channel): unknown[] => [
  people.map(({ contactId }) => contactId),
  people.map(({ address }) => address),
  people.map(({ key }) => Buffer.from(key, 'hex')),
  topicId,
  channel,
  middayZone(),
];

/** Nobody is ever called by these but the stub. */
const numberOf = (n: number): string => `+46701${String(n).padStart(6, '0')}`;

// One statement per chunk. The gate is what the registry's fold makes of the one grant.
const SEED = `
WITH p AS (SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS p (contact_id, address, key)),
c AS (
  INSERT INTO contact (id, kinds, first_name, time_zone, notice_version, notice_at, created_at, updated_at)
  SELECT contact_id, '{company_contact}', 'Kim', $6, '2018-04-05', now(), now(), now() FROM p RETURNING 1),
a AS (
  INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
  SELECT new_id(), contact_id, $5, address, address, key, 1, 'company_contact', now() FROM p
  WHERE (SELECT count(*) FROM c) > 0 RETURNING 1),
l AS (
  INSERT INTO ledger_entry (id, kind, channel, address_key, key_version, contact_id, scope, topic_id, ground, door,
    method, actor_type, policy_version)
  SELECT new_id(), 'grant', $5, key, 1, contact_id, 'topic', $4::uuid, 'CONSENT', 'import',
    'import_attested', 'system', '2018-04-05' FROM p RETURNING 1)
INSERT INTO gate (address_key, channel, contact_id, epoch, allowed, pending, withdrawn, no_topics, updated_at)
SELECT key, $5, contact_id, 1, ARRAY[$4::uuid], '{}', '{}', '{}', now() FROM p
WHERE (SELECT count(*) FROM a) + (SELECT count(*) FROM l) > 0`;
