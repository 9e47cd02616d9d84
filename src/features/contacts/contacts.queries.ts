import { normaliseEmail, normalisePhone } from '../../domain/address';
import type { Sql } from '../../platform/database/database';
import type { AddressKeys } from './address-keys';
import type { Contact, ContactItem, ContactPage, ContactQuery } from './contacts.dto';
import { readCursor, writeCursor } from './cursor';

const PAGE = 50;

export async function findContact(sql: Sql, id: string): Promise<Contact | null> {
  const [contact] = await sql.query<Contact>(
    `SELECT c.id, c.external_id AS "externalId", c.kinds, c.first_name AS "firstName",
       c.last_name AS "lastName", c.title, c.city, c.language, c.time_zone AS "timeZone", c.minor,
       CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('id', o.id, 'name', o.name) END AS organisation,
       COALESCE((
         SELECT jsonb_agg(jsonb_build_object('id', a.id, 'channel', a.channel, 'value', a.value,
           'source', a.source, 'sourceRef', a.source_ref, 'collectedAt', a.collected_at) ORDER BY a.channel, a.id)
         FROM address a WHERE a.contact_id = c.id), '[]') AS addresses,
       c.sources, c.notice_version AS "noticeVersion", c.notice_at AS "noticeAt",
       c.attested_at AS "attestedAt", c.attestation_ref AS "attestationRef",
       c.created_at AS "createdAt", c.updated_at AS "updatedAt"
     FROM contact c LEFT JOIN organisation o ON o.id = c.organisation_id
     WHERE c.id = COALESCE((SELECT merged_into_id FROM contact WHERE id = $1), $1)`,
    [id],
  );
  return contact ?? null;
}

/** Keyset paging by id, newest first: ids are time-ordered, and a page costs the same however far in it is. */
export async function searchContacts(
  sql: Sql,
  keys: AddressKeys,
  search: ContactQuery,
): Promise<ContactPage> {
  const limit = search.limit ?? PAGE;
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = ['c.merged_into_id IS NULL'];
  if (search.cursor) where.push(`c.id < ${bind(readCursor(search.cursor))}::uuid`);
  if (search.kind) where.push(`${bind(search.kind)} = ANY (c.kinds)`);
  if (search.organisationId) where.push(`c.organisation_id = ${bind(search.organisationId)}::uuid`);
  const q = search.q?.normalize('NFC').trim();
  if (q) where.push(matching(q, keys, bind));
  const items = await sql.query<ContactItem>(
    `SELECT c.id, c.external_id AS "externalId", c.kinds, c.first_name AS "firstName",
       c.last_name AS "lastName", c.language, o.name AS organisation,
       (SELECT value FROM address WHERE contact_id = c.id AND channel = 'email' ORDER BY id LIMIT 1) AS email,
       (SELECT value FROM address WHERE contact_id = c.id AND channel = 'sms' ORDER BY id LIMIT 1) AS phone
     FROM contact c LEFT JOIN organisation o ON o.id = c.organisation_id
     WHERE ${where.join(' AND ')}
     ORDER BY c.id DESC LIMIT ${bind(limit + 1)}`,
    values,
  );
  const shown = items.slice(0, limit);
  return { items: shown, next: items.length > limit ? writeCursor(shown.at(-1)!.id) : null };
}

function matching(q: string, keys: AddressKeys, bind: (value: unknown) => string): string {
  const email = normaliseEmail(q);
  const phone = normalisePhone(q);
  const candidates = [
    ...(email.ok ? keys.keysOf('email', email.canonical) : []),
    ...(phone.ok ? keys.keysOf('sms', phone.canonical) : []),
  ].map(({ key }) => key);
  if (candidates.length > 0) {
    return `c.id IN (SELECT contact_id FROM address WHERE address_key = ANY (${bind(candidates)}::bytea[]))`;
  }
  const words = q.toLowerCase().split(/\s+/).slice(0, 5).map(beginning);
  const named = words.map((word) => {
    const begins = `LIKE ${bind(word)}`;
    return `(lower(c.first_name) ${begins} OR lower(c.last_name) ${begins} OR c.organisation_id IN (
      SELECT id FROM organisation WHERE name_key ${begins}))`;
  });
  const organisation = `c.organisation_id IN (
    SELECT id FROM organisation WHERE name_key LIKE ${bind(beginning(q.toLowerCase()))})`;
  return `(c.external_id = ${bind(q)} OR ${organisation} OR (${named.join(' AND ')}))`;
}

/** The word as a LIKE pattern; its own % and _ mean themselves. */
export function beginning(word: string): string {
  return `${word.replace(/[\\%_]/g, '\\$&')}%`;
}
