import { normaliseEmail, normalisePhone } from '../../domain/address';
import type { Sql } from '../../platform/database/database';
import type { AddressKeys } from './address-keys';
import type { Contact } from './contacts.dto';
import { agreementsOf } from './learning/agreements/agreements.queries';

export async function findContact(sql: Sql, id: string): Promise<Contact | null> {
  const [contact] = await sql.query<Contact>(
    `SELECT c.id, c.external_id AS "externalId", c.kinds, c.first_name AS "firstName",
       c.last_name AS "lastName", c.title, c.city, c.language, c.time_zone AS "timeZone", c.minor,
       CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('id', o.id, 'name', o.name) END AS organisation,
       CASE WHEN e.id IS NOT NULL THEN jsonb_build_object('id', e.id, 'name', e.name) END AS employer,
       ${agreementsOf('COALESCE(c.organisation_id, c.employer_id)')} AS agreements,
       COALESCE((
         SELECT jsonb_agg(jsonb_build_object('id', a.id, 'channel', a.channel, 'value', a.value,
           'source', a.source, 'sourceRef', a.source_ref, 'collectedAt', a.collected_at) ORDER BY a.channel, a.id)
         FROM address a WHERE a.contact_id = c.id), '[]') AS addresses,
       c.sources, c.notice_version AS "noticeVersion", c.notice_at AS "noticeAt",
       c.attested_at AS "attestedAt", c.attestation_ref AS "attestationRef",
       c.created_at AS "createdAt", c.updated_at AS "updatedAt"
     FROM contact c LEFT JOIN organisation o ON o.id = c.organisation_id
     LEFT JOIN organisation e ON e.id = c.employer_id
     WHERE c.id = COALESCE((SELECT merged_into_id FROM contact WHERE id = $1), $1)`,
    [id],
  );
  return contact ?? null;
}

/** Condition over `c`, with its values bound by `bind`. */
export function matching(q: string, keys: AddressKeys, bind: (value: unknown) => string): string {
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
    return `(lower(c.first_name) ${begins} OR lower(c.last_name) ${begins} OR ${organisationThat(begins)})`;
  });
  const organisation = organisationThat(`LIKE ${bind(beginning(q.toLowerCase()))}`);
  return `(c.external_id = ${bind(q)} OR ${organisation} OR (${named.join(' AND ')}))`;
}

// Looked up first, as an array: so the indexes of names and organisations can be read together.
const organisationThat = (begins: string): string =>
  `c.organisation_id = ANY (ARRAY(SELECT id FROM organisation WHERE name_key ${begins}))`;

/** The word as a LIKE pattern; its own % and _ mean themselves. */
export function beginning(word: string): string {
  return `${word.replace(/[\\%_]/g, '\\$&')}%`;
}
