import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { Keyring } from '../src/platform/config/keyring';
import { ADDRESS_KEYS, API_KEY } from './processes';

export const TOPIC = '01900000-0000-7000-8000-000000000001';
/** Everyone with this number in twenty said no before anything was sent: 5 %. */
const NO_OF_TWENTY = 7;
const PEOPLE_PER_ORGANISATION = 50;
const ROWS_PER_STATEMENT = 20_000;

export interface Audience {
  people: number;
  /** Addresses that nobody holds any more and that said no; they make the registry larger. */
  strangers?: number;
}

/** Who gets a campaign to everybody. */
export function expected({ people }: Audience): number {
  return people - Math.floor((people + 20 - 1 - NO_OF_TWENTY) / 20);
}

/**
 * People with addresses, grants, gate rows and ledger entries as the product makes them, written set by set.
 * Only the hash chain is not a true one: no bench reads it, and sealing would go on for the whole run.
 */
export async function seed(url: string, { people, strangers = 0 }: Audience): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`);
    await client.query(FEW, [TOPIC, createHash('sha256').update(API_KEY).digest()]);
    await client.query(ORGANISATIONS, [Math.ceil(people / PEOPLE_PER_ORGANISATION)]);
    const keys = new Keyring(ADDRESS_KEYS);
    for (let from = 0; from < people; from += ROWS_PER_STATEMENT) {
      const numbers = range(from, Math.min(people, from + ROWS_PER_STATEMENT));
      const emails = numbers.map(emailOf);
      const hashes = emails.map((email) => keys.sign(`email\0${email}`));
      const no = numbers.map((number) => number % 20 === NO_OF_TWENTY);
      await client.query(PEOPLE, [numbers, emails, hashes, no, TOPIC]);
    }
    for (let from = 0; from < strangers; from += 10 * ROWS_PER_STATEMENT) {
      await client.query(STRANGERS, [
        from,
        Math.min(strangers, from + 10 * ROWS_PER_STATEMENT) - 1,
      ]);
    }
    await client.query(SEQUENCE);
    await client.query('VACUUM (FREEZE, ANALYZE)');
  } finally {
    await client.end();
  }
}

const SURNAMES = ['lindqvist', 'abrahamsson', 'ek', 'nordin', 'hallberg', 'sandstrom', 'wik'];

function emailOf(number: number): string {
  return `kim.${SURNAMES[number % SURNAMES.length]}.${number}@foretag-${number % 4001}.example`;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

const PERMISSIONS = `'{campaigns:read,campaigns:write,campaigns:send,contacts:read,templates:read,registry:read,learning:write}'`;

// Prepared statements hold one command: all rows in one WITH.
const FEW = `
WITH topic AS (
  INSERT INTO topic (id, key, name_sv, name_en, purpose, assessed_at, created_at)
  VALUES ($1, 'kurstips', 'Kurstips', 'Course tips', 'R-05', now(), now()) RETURNING id)
INSERT INTO api_key (id, name, key_hash, prefix, permissions, created_at)
SELECT new_id(), 'bench', $2, 'utk_a-key-fo', ${PERMISSIONS}, now() FROM topic`;

const ORGANISATIONS = `
INSERT INTO organisation (id, name, name_key, city, created_at, updated_at)
SELECT new_id(), 'Exempelföretaget ' || n || ' AB', 'exempelföretaget ' || n || ' ab',
  (ARRAY['Malmö', 'Umeå', 'Örebro', 'Norrköping', 'Stockholm'])[1 + n % 5], now(), now()
FROM generate_series(0, $1::int - 1) AS n`;

/** $1 numbers · $2 emails · $3 keys · $4 said no · $5 topic. seq: a grant has 2n+1, a no 2n+2. */
const PEOPLE = `
WITH person AS MATERIALIZED (
  SELECT p.*, new_id() AS id,
    (ARRAY['Kim', 'Åsa', 'Mohammed', 'Birgitta', 'Örjan', 'Li', 'Fatima'])[1 + p.n % 7] AS first_name,
    (ARRAY['Lindqvist', 'Abrahamsson', 'Ek', 'Nordin', 'Hallberg', 'Sandström', 'Wik'])[1 + p.n % 7] AS last_name
  FROM unnest($1::int[], $2::text[], $3::bytea[], $4::bool[]) AS p(n, email, key, no)
),
contacts AS (
  INSERT INTO contact (id, kinds, first_name, last_name, title, city, language, organisation_id,
                       notice_version, notice_at, sources, created_at, updated_at)
  SELECT p.id, '{company_contact}', p.first_name, p.last_name,
    (ARRAY['HR-chef', 'Utbildningsansvarig', 'Platschef', 'VD'])[1 + p.n % 4],
    (ARRAY['Malmö', 'Umeå', 'Örebro', 'Norrköping', 'Stockholm'])[1 + p.n % 5], 'sv', e.id,
    '2018-04-05', now(), '{"first_name": {"source": "company_contact"}}', now(), now()
  FROM person p JOIN organisation e
    ON e.name_key = 'exempelföretaget ' || p.n / ${PEOPLE_PER_ORGANISATION} || ' ab'
  ORDER BY p.n RETURNING 1
),
addresses AS (
  INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source,
                       source_ref, collected_at)
  SELECT new_id(), id, 'email', email, email, key, 1, 'company_contact', 'bench', now()
  FROM person ORDER BY n RETURNING 1
),
entries AS (
  INSERT INTO ledger_entry (seq, id, at, kind, channel, address_key, key_version, contact_id, scope, topic_id,
                            ground, door, method, actor_type, policy_version, position, prev_hash, hash)
  SELECT 2 * n + 1, new_id(), now() - interval '30 days', 'grant', 'email', key, 1, id, 'topic', $5::uuid,
    'CONSENT', 'import', 'import_attested', 'cli', '2018-04-05', 2 * n + 1, key, key
  FROM person
  UNION ALL
  SELECT 2 * n + 2, new_id(), now() - interval '1 day', 'opt_out', 'email', key, 1, id, 'all', NULL,
    NULL, 'link', NULL, 'recipient', '2018-04-05', 2 * n + 2, key, key
  FROM person WHERE no
  RETURNING 1
)
INSERT INTO gate (address_key, channel, contact_id, allowed, pending, withdrawn, no_topics, no_all, no_by,
                  no_seq, updated_at)
SELECT key, 'email', id, CASE WHEN no THEN '{}'::uuid[] ELSE ARRAY[$5::uuid] END, '{}', '{}', '{}', no,
  CASE WHEN no THEN 'address' END, CASE WHEN no THEN 2 * n + 2 END, now()
FROM person ORDER BY n`;

const STRANGERS = `
INSERT INTO gate (address_key, channel, allowed, pending, withdrawn, no_topics, no_all, no_by, no_seq, updated_at)
SELECT sha256(('stranger ' || n)::bytea), 'email', '{}', '{}', '{}', '{}', true, 'address', n, now()
FROM generate_series($1::int, $2::int) AS n`;

const SEQUENCE = `
SELECT setval(pg_get_serial_sequence('ledger_entry', 'seq'), max(seq)) FROM ledger_entry`;
