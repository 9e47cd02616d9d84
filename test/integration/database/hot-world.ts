import type { Database } from '../../../src/platform/database/database';

export const TOPIC = '01890000-0000-7000-8000-00000000a001';
const RUNS = 25;
const BATCHES = 4;
/** Of runs so old that their month is gone. */
const OLD_BATCHES = 396;
const PEOPLE = 50_000;

/**
 * Enough of everything that a plan which reads it all is seen: people with addresses, gate rows, grants and
 * messages, strangers in the registry, runs that are over, and one that runs (number 1) with its first batch claimed.
 */
export async function fill(db: Database, keyOf: (n: number) => Buffer): Promise<void> {
  const keys = Array.from({ length: PEOPLE }, (_, n) => keyOf(n));
  await db.query(
    `INSERT INTO topic (id, key, name_sv, name_en, purpose, assessed_at, created_at)
     VALUES ($1, 'tips', 'Tips', 'Tips', 'R-05', now(), now())`,
    [TOPIC],
  );
  await db.query(PEOPLE_SQL, [keys, TOPIC]);
  for (const text of [STRANGERS, RUNS_SQL, BATCHES_SQL, MESSAGES, LINKS, EVENTS, AUDIT])
    await db.query(text.replaceAll('$topic', `'${TOPIC}'`));
  await db.query(
    `SELECT setval(pg_get_serial_sequence('ledger_entry', 'seq'), max(seq)) FROM ledger_entry`,
  );
  await db.query('VACUUM ANALYZE');
}

/** $1 keys · $2 topic */
const PEOPLE_SQL = `
WITH person AS MATERIALIZED (
  SELECT new_id() AS id, key, n FROM unnest($1::bytea[]) WITH ORDINALITY AS p(key, n)
),
organisations AS (
  INSERT INTO organisation (id, name, name_key, created_at, updated_at)
  SELECT new_id(), 'Bolaget ' || n, 'bolaget ' || n, now(), now() FROM generate_series(1, 6000) AS n
),
contacts AS (
  INSERT INTO contact (id, kinds, external_id, first_name, last_name, notice_at, created_at, updated_at)
  SELECT id, '{company_contact}', 'e' || n, 'Kim' || n % 997, 'Nordin' || n % 991, now(), now(), now() FROM person
),
addresses AS (
  INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
  SELECT new_id(), id, 'email', 'kim' || n || '@exempel.example', 'kim' || n || '@exempel.example', key, 1,
    'company_contact', now() FROM person
),
entries AS (
  INSERT INTO ledger_entry (seq, id, kind, channel, address_key, key_version, contact_id, scope, topic_id, ground,
    door, method, actor_type, policy_version, position, prev_hash, hash)
  SELECT n, new_id(), 'grant', 'email', key, 1, id, 'topic', $2::uuid, 'CONSENT', 'import', 'import_attested', 'cli',
    '2018-04-05', n, key, key FROM person
)
INSERT INTO gate (address_key, channel, contact_id, allowed, pending, withdrawn, no_topics, updated_at)
SELECT key, 'email', id, ARRAY[$2::uuid], '{}', '{}', '{}', now() FROM person`;

const STRANGERS = `
WITH gates AS (
  INSERT INTO gate (address_key, channel, allowed, pending, withdrawn, no_topics, no_all, no_by, no_seq, updated_at)
  SELECT sha256(('stranger ' || n)::bytea), 'email', '{}', '{}', '{}', '{}', true, 'address', ${PEOPLE} + n, now()
  FROM generate_series(1, ${PEOPLE}) AS n
)
INSERT INTO ledger_entry (seq, id, kind, address_key, key_version, scope, door, actor_type, policy_version, position,
  prev_hash, hash)
SELECT ${PEOPLE} + n, new_id(), 'opt_out', sha256(('stranger ' || n)::bytea), 1, 'all', 'link', 'recipient',
  '2018-04-05', ${PEOPLE} + n, '\\x00', '\\x00' FROM generate_series(1, ${PEOPLE}) AS n`;

const RUNS_SQL = `
INSERT INTO dispatch (id, campaign_id, channel, state, topic_id, content_version_id, sender, policy_version,
  batch_size, materialised_at, audience, created_at, finished_at)
SELECT new_id(), new_id(), 'email', CASE WHEN n = 1 THEN 'running' ELSE 'finished' END, $topic, new_id(), '{}',
  '2018-04-05', 500, now(), ${PEOPLE / RUNS}, now() - make_interval(hours => n),
  CASE WHEN n > 1 THEN now() - make_interval(hours => n - 1) END
FROM generate_series(1, ${RUNS}) AS n`;

const BATCHES_SQL = `
INSERT INTO batch (id, dispatch_id, number, state, message_state, permit_token, permit_at, outcome_at)
SELECT new_id(), d.id, n, CASE d.state WHEN 'running' THEN 'PLANNED' ELSE 'DONE' END,
  CASE d.state WHEN 'running' THEN 'PLANNED' ELSE 'ACCEPTED' END, new_id(), d.finished_at, d.finished_at
FROM dispatch d, generate_series(0, ${BATCHES + OLD_BATCHES - 1}) AS n
WHERE d.state <> 'running' OR n < ${BATCHES}`;

const MESSAGES = `
INSERT INTO message (id, dispatch_id, batch_id, contact_id, address_id, address_key, epoch, decided_at)
SELECT new_id(), b.dispatch_id, b.id, a.contact_id, a.id, a.address_key, 1, now()
FROM (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM address) a
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM batch WHERE number < ${BATCHES}) b
  ON b.place = a.place / ${PEOPLE / RUNS / BATCHES}`;

const LINKS = `
INSERT INTO link_token (hash, class, channel, address_key, contact_id, message_id, topic_id, created_at)
SELECT sha256(uuid_send(id)), 'message', 'email', address_key, contact_id, id, $topic, now() FROM message`;

/** Most of them long ago; nothing of them waits. */
const EVENTS = `
INSERT INTO provider_event (provider, provider_event_id, type, received_at, message_id, slice_id)
SELECT 'sendgrid', 'event-' || row_number() OVER (), CASE WHEN random() < 0.001 THEN 'spamreport' ELSE 'delivered' END,
  now() - make_interval(secs => random() * 60 * 86400), m.id, new_id()
FROM message m, generate_series(1, 2)`;

const AUDIT = `
INSERT INTO audit_entry (at, actor_type, action, subject_type, subject_id)
SELECT now(), 'system', 'contact.changed', 'contact', 'c' || n FROM generate_series(1, 20000) AS n`;
