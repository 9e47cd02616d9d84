import type { Offer } from '../../domain/offers/offer';
import { offersFor } from '../../domain/offers/offers-to-sql';
import type { Sql } from '../../platform/database/database';
import type { FrozenContent } from './compile';

/** Writes a content version, or finds the one with the same hash; either way the words are these. */
export async function insertContentVersion(
  sql: Sql,
  id: string,
  content: FrozenContent,
): Promise<string> {
  const { hash, channel, language, subject, preheader, html, text, nonce, bytes } = content;
  await sql.query(
    `INSERT INTO content_version
       (id, hash, channel, language, subject, preheader, html, text, nonce, bytes, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp())
     ON CONFLICT (hash) DO NOTHING`,
    [id, hash, channel, language, subject, preheader, html, text, nonce, bytes],
  );
  // A statement of its own: only a new snapshot sees the row of whoever was first.
  const [row] = await sql.query<{ id: string }>('SELECT id FROM content_version WHERE hash = $1', [
    hash,
  ]);
  return row!.id;
}

export async function findContentVersion(sql: Sql, id: string): Promise<FrozenContent | undefined> {
  const [row] = await sql.query<FrozenContent>(
    `SELECT hash, channel, language, subject, preheader, html, text, nonce, bytes
     FROM content_version WHERE id = $1`,
    [id],
  );
  return row;
}

export interface PreviewContact {
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  city: string | null;
  speaks: string;
  kinds: string[];
  organisationName: string | null;
  organisationCity: string | null;
}

export async function findPreviewContact(
  sql: Sql,
  contactId: string,
): Promise<PreviewContact | undefined> {
  const [row] = await sql.query<PreviewContact>(
    `SELECT contact.first_name AS "firstName", contact.last_name AS "lastName", contact.title,
            contact.city, contact.language AS speaks, contact.kinds, organisation.name AS "organisationName",
            organisation.city AS "organisationCity"
     FROM contact LEFT JOIN organisation ON organisation.id = contact.organisation_id
     WHERE contact.id = $1`,
    [contactId],
  );
  return row;
}

/** What would be recommended to a person now; none to somebody who may not be profiled. */
export function findPreviewOffers(sql: Sql, contactId: string, most: number): Promise<Offer[]> {
  const person = 'SELECT contact_id, organisation_id FROM reach WHERE contact_id = $1 AND profiled';
  return sql.query<Offer & Record<string, unknown>>(
    `SELECT c.name, c.subject, c.description, c.url, o.rule, b.name AS because
     FROM (${offersFor(person, most)}) AS o
     JOIN course c ON c.id = o.course_id LEFT JOIN course b ON b.id = o.because_id
     ORDER BY o.position`,
    [contactId],
  );
}
