import type { Sql } from '../../../platform/database/database';
import type { SenderDomain, SenderInput, SenderView } from './senders.dto';

const DOMAIN = `json_build_object('domain', d.domain, 'checkedAt', d.checked_at, 'spf', d.spf, 'dkim', d.dkim,
  'dmarc', d.dmarc, 'details', d.details)`;

const VIEW = `SELECT s.id, s.name, s.email, s.reply_to AS "replyTo", s.is_default AS "isDefault",
    s.created_at AS "createdAt", CASE WHEN d.domain IS NOT NULL THEN ${DOMAIN} END AS domain
  FROM sender s LEFT JOIN domain_check d ON d.domain = split_part(s.email, '@', 2)`;

export function listSenders(sql: Sql): Promise<SenderView[]> {
  return sql.query<SenderView>(`${VIEW} ORDER BY s.is_default DESC, s.name, s.id`);
}

export async function findSender(sql: Sql, id: string): Promise<SenderView | undefined> {
  const [sender] = await sql.query<SenderView>(`${VIEW} WHERE s.id = $1`, [id]);
  return sender;
}

export async function lastDomainCheck(sql: Sql, domain: string): Promise<SenderDomain | null> {
  const [check] = await sql.query<SenderDomain>(
    `SELECT domain, checked_at AS "checkedAt", spf, dkim, dmarc, details FROM domain_check WHERE domain = $1`,
    [domain],
  );
  return check ?? null;
}

/** The sender of campaigns that name none; undefined when the settings say who it is. */
export async function defaultSender(
  sql: Sql,
): Promise<Pick<SenderView, 'name' | 'email' | 'replyTo'> | undefined> {
  const [sender] = await sql.query<SenderView>(
    `SELECT name, email, reply_to AS "replyTo" FROM sender WHERE is_default`,
  );
  return sender;
}

/** Waits for whoever else changes senders: there is one default, and it is not to be lost between two people. */
export async function lockSenders(sql: Sql): Promise<number> {
  await sql.query('LOCK TABLE sender IN SHARE ROW EXCLUSIVE MODE');
  const [row] = await sql.query<{ count: number }>('SELECT count(*) AS count FROM sender');
  return row!.count;
}

export async function takeDefaultAway(sql: Sql): Promise<void> {
  await sql.query('UPDATE sender SET is_default = FALSE WHERE is_default');
}

/** False when the same name and address stand already. */
export async function insertSender(
  sql: Sql,
  id: string,
  input: SenderInput,
  at: Date,
): Promise<boolean> {
  const rows = await sql.query(
    `INSERT INTO sender (id, name, email, reply_to, is_default, created_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (email, name) DO NOTHING RETURNING id`,
    [id, input.name, input.email, input.replyTo ?? null, input.isDefault ?? false, at],
  );
  return rows.length === 1;
}

/** False when another has the same name and address. */
export async function updateSender(
  sql: Sql,
  id: string,
  sender: Pick<SenderView, 'name' | 'email' | 'replyTo' | 'isDefault'>,
): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE sender s SET name = $2, email = $3, reply_to = $4, is_default = $5
     WHERE id = $1 AND NOT EXISTS (SELECT FROM sender o WHERE o.id <> $1 AND o.name = $2 AND o.email = $3)
     RETURNING id`,
    [id, sender.name, sender.email, sender.replyTo, sender.isDefault],
  );
  return rows.length === 1;
}

export async function deleteSender(sql: Sql, id: string): Promise<void> {
  await sql.query('DELETE FROM sender WHERE id = $1', [id]);
}
