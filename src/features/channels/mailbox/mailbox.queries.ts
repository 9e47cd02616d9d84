import type { Sql } from '../../../platform/database/database';
import type { Header } from '../email/mail-headers';

export interface StoredMail {
  id: string;
  channel: 'email' | 'sms';
  messageId: string;
  campaignId: string | null;
  to: string;
  from: string;
  subject: string;
  headers: readonly Header[];
  text: string;
  html: string | null;
}

export interface MailboxRow extends StoredMail {
  at: Date;
  /** Hand-overs of this message; more than one is a double mail. */
  copies: number;
}

export interface MailboxSearch {
  /** Part of the address or subject. */
  to?: string;
  campaign?: string;
  channel?: string;
  limit: number;
}

/** Stores mails; one that is there already is counted, not stored again. */
export async function storeMails(sql: Sql, mails: readonly StoredMail[]): Promise<void> {
  await sql.query(
    `INSERT INTO mailbox_message
       (id, at, channel, message_id, campaign_id, to_address, from_line, subject, headers, text, html, copies)
     SELECT min(id::text)::uuid, clock_timestamp(), min(channel), message_id, min(campaign_id::text)::uuid,
       min(to_address), min(from_line), min(subject), min(headers::text)::jsonb, min(text), min(html), count(*)
     FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::text[], $10::text[])
       AS mail (id, channel, message_id, campaign_id, to_address, from_line, subject, headers, text, html)
     GROUP BY message_id
     ON CONFLICT (message_id) DO UPDATE SET copies = mailbox_message.copies + excluded.copies`,
    [
      mails.map(({ id }) => id),
      mails.map(({ channel }) => channel),
      mails.map(({ messageId }) => messageId),
      mails.map(({ campaignId }) => campaignId),
      mails.map(({ to }) => to),
      mails.map(({ from }) => from),
      mails.map(({ subject }) => subject),
      mails.map(({ headers }) => JSON.stringify(headers)),
      mails.map(({ text }) => text),
      mails.map(({ html }) => html),
    ],
  );
}

const COLUMNS = `id, at, channel, message_id AS "messageId", campaign_id AS "campaignId", to_address AS "to",
  from_line AS "from", subject, headers, text, html, copies`;

/** The newest mails that match. */
export function findMails(
  sql: Sql,
  { to, campaign, channel, limit }: MailboxSearch,
): Promise<MailboxRow[]> {
  return sql.query<MailboxRow>(
    `SELECT ${COLUMNS} FROM mailbox_message
     WHERE ($1::text IS NULL OR strpos(lower(to_address), lower($1)) > 0 OR strpos(lower(subject), lower($1)) > 0)
       AND ($2::uuid IS NULL OR campaign_id = $2) AND ($3::text IS NULL OR channel = $3)
     ORDER BY at DESC, id DESC LIMIT $4`,
    [to ?? null, campaign ?? null, channel ?? null, limit],
  );
}

/** How many mails there are in all, and how many came more than once. */
export async function countMails(sql: Sql): Promise<{ mails: number; doubled: number }> {
  const [row] = await sql.query<{ mails: number; doubled: number }>(
    `SELECT count(*) AS mails, count(*) FILTER (WHERE copies > 1) AS doubled FROM mailbox_message`,
  );
  return row ?? { mails: 0, doubled: 0 };
}

export async function findMail(sql: Sql, id: string): Promise<MailboxRow | undefined> {
  const [row] = await sql.query<MailboxRow>(
    `SELECT ${COLUMNS} FROM mailbox_message WHERE id = $1`,
    [id],
  );
  return row;
}
