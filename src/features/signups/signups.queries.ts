import type { Sql } from '../../platform/database/database';
import type { Language } from '../../platform/i18n/i18n';
import type { ConfirmationHistory } from './signup-limits';

/** A confirmation link works this long. */
export const VALID_DAYS = 7;

export interface NewSignup {
  id: string;
  /** Null: chosen at the preference page, by someone who had a link of ours. */
  formId: string | null;
  email: string;
  addressKey: Buffer;
  contactId: string | null;
  topicIds: readonly string[];
  tracking: boolean;
  language: Language;
  /** Of no token yet: nothing can confirm a row that has not been settled. */
  tokenHash: Buffer;
  wordingVersion: string;
  policyVersion: string;
}

export interface Signup {
  id: string;
  formId: string | null;
  formKey: string | null;
  email: string | null;
  addressKey: Buffer;
  contactId: string | null;
  topicIds: string[];
  /** They wish to be seen following links, too. */
  tracking: boolean;
  language: Language;
  state: 'RECEIVED' | 'PENDING' | 'CONFIRMED' | 'EXPIRED';
  wordingVersion: string;
  policyVersion: string;
  createdAt: Date;
  expired: boolean;
}

const SIGNUP = `
  s.id, s.form_id AS "formId", (SELECT f.key FROM signup_form f WHERE f.id = s.form_id) AS "formKey",
  s.email, s.address_key AS "addressKey", s.contact_id AS "contactId", s.topic_ids AS "topicIds",
  s.tracking, s.language, s.state, s.wording_version AS "wordingVersion", s.policy_version AS "policyVersion",
  s.created_at AS "createdAt", s.expires_at <= clock_timestamp() AS expired`;

export async function insertSignup(sql: Sql, signup: NewSignup): Promise<void> {
  await sql.query(
    `INSERT INTO signup (id, form_id, email, address_key, contact_id, topic_ids, language, state,
                         token_hash, wording_version, policy_version, tracking, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'RECEIVED', $8, $9, $10, $11,
             clock_timestamp(), clock_timestamp() + make_interval(days => $12))`,
    [
      signup.id,
      signup.formId,
      signup.email,
      signup.addressKey,
      signup.contactId,
      signup.topicIds,
      signup.language,
      signup.tokenHash,
      signup.wordingVersion,
      signup.policyVersion,
      signup.tracking,
      VALID_DAYS,
    ],
  );
}

/** Unanswered sign-ups of the last hour. Found by expires_at, which has an index; all rows live equally long. */
export async function countLastHour(
  sql: Sql,
  domain: string,
): Promise<{ all: number; domain: number }> {
  const [row] = await sql.query<{ all: number; domain: number }>(
    `SELECT count(*) AS "all", count(*) FILTER (WHERE split_part(lower(email), '@', 2) = $1) AS domain
     FROM signup
     WHERE state IN ('RECEIVED', 'PENDING')
       AND expires_at > clock_timestamp() + make_interval(days => $2) - interval '1 hour'`,
    [domain, VALID_DAYS],
  );
  return row!;
}

export async function lockReceived(sql: Sql, id: string): Promise<Signup | null> {
  const rows = await sql.query<Signup>(
    `SELECT ${SIGNUP} FROM signup s WHERE s.id = $1 AND s.state = 'RECEIVED' FOR UPDATE OF s`,
    [id],
  );
  return rows[0] ?? null;
}

/** Sign-ups of one address are settled one at a time; read its history only in a later statement. */
export async function lockAddress(sql: Sql, addressKey: Buffer): Promise<void> {
  await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended('signup:' || $1, 0))`, [
    addressKey.toString('hex'),
  ]);
}

export async function readHistory(
  sql: Sql,
  addressKey: Buffer,
  template: string,
): Promise<ConfirmationHistory> {
  const [row] = await sql.query<ConfirmationHistory>(
    `WITH reply AS (SELECT max(confirmed_at) AS at FROM signup WHERE address_key = $1),
          gate_row AS (
            SELECT no_all OR cardinality(no_topics) > 0 OR erased AS objected,
                   (SELECT at FROM ledger_entry WHERE seq = gate.no_seq) AS at
            FROM gate WHERE address_key = $1)
     SELECT
       count(*) FILTER (WHERE template = $2 AND created_at > clock_timestamp() - interval '24 hours')
         AS "lastDay",
       count(*) FILTER (WHERE created_at > coalesce((SELECT at FROM reply), '-infinity'))
         AS unanswered,
       coalesce((SELECT objected FROM gate_row), false) AS objected,
       count(*) FILTER (WHERE created_at > greatest(clock_timestamp() - interval '30 days',
                                                    (SELECT at FROM gate_row)))
         AS "sinceObjection"
     FROM service_message
     WHERE address_key = $1 AND template IN ('confirm-signup', 'confirm-choice', 'confirm-tracking', 'already-subscribed')`,
    [addressKey, template],
  );
  return row!;
}

export async function markPending(
  sql: Sql,
  id: string,
  settled: { addressKey: Buffer; tokenHash: Buffer },
): Promise<void> {
  await sql.query(
    `UPDATE signup SET state = 'PENDING', address_key = $2, token_hash = $3 WHERE id = $1`,
    [id, settled.addressKey, settled.tokenHash],
  );
}

/** A sign-up that no mail will be sent for leaves nothing behind: it is evidence of nothing. */
export async function deleteSignup(sql: Sql, id: string): Promise<void> {
  await sql.query('DELETE FROM signup WHERE id = $1', [id]);
}

export async function findByToken(
  sql: Sql,
  tokenHash: Buffer,
  lock = false,
): Promise<Signup | null> {
  const rows = await sql.query<Signup>(
    `SELECT ${SIGNUP} FROM signup s
     WHERE s.token_hash = $1 AND s.state <> 'RECEIVED' ${lock ? 'FOR UPDATE OF s' : ''}`,
    [tokenHash],
  );
  return rows[0] ?? null;
}

export async function markConfirmed(sql: Sql, id: string, contactId: string): Promise<void> {
  await sql.query(
    `UPDATE signup SET state = 'CONFIRMED', confirmed_at = clock_timestamp(), contact_id = $2, email = NULL
     WHERE id = $1`,
    [id, contactId],
  );
}

/** What nobody confirmed in time is no longer ours to keep. Returns how many. */
export async function expireSignups(sql: Sql): Promise<number> {
  const rows = await sql.query(
    `UPDATE signup SET state = 'EXPIRED', email = NULL
     WHERE state IN ('RECEIVED', 'PENDING') AND expires_at <= clock_timestamp()
     RETURNING id`,
  );
  return rows.length;
}

/** Sign-ups whose bell was lost, oldest first. */
export async function receivedIds(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM signup WHERE state = 'RECEIVED' AND expires_at > clock_timestamp()
     ORDER BY id LIMIT $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

/** Where mail to the holder of a link goes; null when the person was erased or has another address now. */
export async function emailOfToken(
  sql: Sql,
  addressKey: Buffer,
  contactId: string,
): Promise<string | null> {
  const rows = await sql.query<{ value: string }>(
    `SELECT value FROM address WHERE address_key = $1 AND contact_id = $2 AND channel = 'email'`,
    [addressKey, contactId],
  );
  return rows[0]?.value ?? null;
}

/** Who it is now, if they were merged since. */
export async function survivorOf(sql: Sql, contactId: string): Promise<string | null> {
  const [row] = await sql.query<{ id: string }>(
    `SELECT COALESCE(merged_into_id, id) AS id FROM contact WHERE id = $1`,
    [contactId],
  );
  return row?.id ?? null;
}

/** Of these topics, those that can still be given a consent. */
export async function liveTopicIds(sql: Sql, topicIds: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM topic WHERE id = ANY($1::uuid[]) AND archived_at IS NULL ORDER BY position, id`,
    [topicIds],
  );
  return rows.map(({ id }) => id);
}

export async function topicNames(
  sql: Sql,
  topicIds: readonly string[],
  language: Language,
): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `SELECT CASE WHEN $2 = 'en' THEN name_en ELSE name_sv END AS name
     FROM topic WHERE id = ANY($1::uuid[]) AND archived_at IS NULL ORDER BY position, id`,
    [topicIds, language],
  );
  return rows.map(({ name }) => name);
}

/** Which of these topics the address will really get, and whether something else holds them back for now. */
export interface Standing {
  topicIds: string[];
  hindered: boolean;
  contactId: string | null;
}

export async function readStanding(
  sql: Sql,
  addressKey: Buffer,
  topicIds: readonly string[],
): Promise<Standing> {
  const rows = await sql.query<Standing>(
    `SELECT ARRAY(SELECT unnest(allowed) INTERSECT SELECT unnest($2::uuid[])) AS "topicIds",
            restricted OR erased OR undeliverable_at IS NOT NULL
              OR coalesce(paused_until > clock_timestamp(), false) AS hindered, contact_id AS "contactId"
     FROM gate WHERE address_key = $1`,
    [addressKey, topicIds],
  );
  return rows[0] ?? { topicIds: [], hindered: false, contactId: null };
}

type WaitingSignup = Pick<Signup, 'id' | 'formId' | 'addressKey' | 'topicIds'>;

/** The newest sign-up that waits to be confirmed at one of a contact's addresses. */
export async function pendingOf(sql: Sql, contactId: string): Promise<WaitingSignup | null> {
  const [row] = await sql.query<WaitingSignup & Record<string, unknown>>(
    `SELECT s.id, s.form_id AS "formId", s.address_key AS "addressKey", s.topic_ids AS "topicIds"
     FROM signup s JOIN address a ON a.address_key = s.address_key
     WHERE a.contact_id = $1 AND s.state = 'PENDING' AND s.email IS NOT NULL AND s.expires_at > clock_timestamp()
     ORDER BY s.id DESC LIMIT 1`,
    [contactId],
  );
  return row ?? null;
}

/** The same wish once more, with the words that were seen then. */
export async function copySignup(
  sql: Sql,
  id: string,
  copy: Pick<NewSignup, 'id' | 'tokenHash'>,
): Promise<void> {
  await sql.query(
    `INSERT INTO signup (id, form_id, email, address_key, contact_id, topic_ids, language, state,
                         token_hash, wording_version, policy_version, tracking, created_at, expires_at)
     SELECT $2, form_id, email, address_key, contact_id, topic_ids, language, 'RECEIVED', $3, wording_version,
            policy_version, tracking, clock_timestamp(), clock_timestamp() + make_interval(days => $4)
     FROM signup WHERE id = $1`,
    [id, copy.id, copy.tokenHash, VALID_DAYS],
  );
}
