import type { Sql } from '../../../platform/database/database';

/** A code works this long. */
export const VALID_MINUTES = 10;
const MOST_TRIES = 5;
const MOST_A_DAY = 3;
const SECONDS_APART = 60;

export interface PhoneCode {
  id: string;
  codeHash: Buffer;
}

/** Codes for one person, and codes to one number, are made one after the other until commit. */
export async function lockCodes(sql: Sql, contactId: string, addressKey: Buffer): Promise<void> {
  for (const subject of [contactId, addressKey.toString('hex')]) {
    await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended('phone-code:' || $1, 0))`, [
      subject,
    ]);
  }
}

/** Seconds until the next code may be sent for this person and to this number, whoever asks; 0: now. */
export async function secondsToWait(
  sql: Sql,
  contactId: string,
  addressKey: Buffer,
): Promise<number> {
  const [row] = await sql.query<{ seconds: number }>(
    `WITH sent AS (
       SELECT 'contact' AS by, created_at FROM phone_code
       WHERE contact_id = $1 AND created_at > clock_timestamp() - interval '24 hours'
       UNION ALL
       SELECT 'number', created_at FROM phone_code
       WHERE address_key = $2 AND created_at > clock_timestamp() - interval '24 hours'
     ), counted AS (
       SELECT CASE WHEN count(*) >= $3
           THEN (array_agg(created_at ORDER BY created_at DESC))[$3] + interval '24 hours'
           ELSE max(created_at) + make_interval(secs => $4) END AS next_at
       FROM sent GROUP BY by
     )
     SELECT COALESCE(ceil(extract(epoch FROM max(next_at) - clock_timestamp())), 0)::int AS seconds FROM counted`,
    [contactId, addressKey, MOST_A_DAY, SECONDS_APART],
  );
  return Math.max(0, row!.seconds);
}

export async function insertCode(
  sql: Sql,
  code: PhoneCode & { contactId: string; addressKey: Buffer },
): Promise<void> {
  await sql.query(
    `INSERT INTO phone_code (id, contact_id, address_key, code_hash, created_at, expires_at)
     VALUES ($1, $2, $3, $4, clock_timestamp(), clock_timestamp() + make_interval(mins => $5))`,
    [code.id, code.contactId, code.addressKey, code.codeHash, VALID_MINUTES],
  );
}

/** The one code that can still be entered, counted as tried: of several only the last was meant. */
export async function tryCode(
  sql: Sql,
  contactId: string,
  addressKey: Buffer,
): Promise<PhoneCode | null> {
  const [code] = await sql.query<PhoneCode>(
    `UPDATE phone_code SET tries = tries + 1
     WHERE id = (SELECT id FROM phone_code WHERE contact_id = $1 AND address_key = $2
                 ORDER BY created_at DESC, id DESC LIMIT 1)
       AND used_at IS NULL AND tries < $3 AND expires_at > clock_timestamp()
     RETURNING id, code_hash AS "codeHash"`,
    [contactId, addressKey, MOST_TRIES],
  );
  return code ?? null;
}

export async function useCode(sql: Sql, id: string): Promise<void> {
  await sql.query('UPDATE phone_code SET used_at = clock_timestamp() WHERE id = $1', [id]);
}

/** What no limit counts any longer. Returns how many. */
export async function removeOldCodes(sql: Sql): Promise<number> {
  const rows = await sql.query(
    `DELETE FROM phone_code WHERE created_at < clock_timestamp() - interval '24 hours' RETURNING id`,
  );
  return rows.length;
}
