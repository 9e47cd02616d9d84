import type { Channel } from '../../domain/address';
import type { Sql } from '../../platform/database/database';
import type { DatumSource, StoredAddress } from './contact-data';

/** A row of `contact`, with the columns' own names. */
export interface ContactRow {
  id: string;
  external_id: string | null;
  kinds: string[];
  first_name: string | null;
  last_name: string | null;
  title: string | null;
  city: string | null;
  language: string;
  time_zone: string;
  organisation_id: string | null;
  minor: boolean;
  sources: Record<string, DatumSource>;
  notice_version: string | null;
  notice_at: Date | null;
  attested_at: Date | null;
  attestation_ref: string | null;
  attested_by: string | null;
}

export interface StoredContact extends ContactRow {
  organisation_key: string | null;
  addresses: StoredAddress[];
}

export interface NewAddress extends Omit<StoredAddress, 'key' | 'collectedAt'> {
  contactId: string;
  key: Buffer;
  collectedAt: Date;
}

/** Contacts by external id; a merged contact's id leads to the one that took it in. */
export function matchExternalIds(sql: Sql, externalIds: string[]) {
  return sql.query<{ externalId: string; contactId: string }>(
    `SELECT external_id AS "externalId", COALESCE(merged_into_id, id) AS "contactId"
     FROM contact WHERE external_id = ANY ($1::text[])`,
    [externalIds],
  );
}

/** Contacts by address key, oldest first. */
export function matchKeys(sql: Sql, keys: Buffer[]) {
  return sql.query<{ key: Buffer; contactId: string; externalId: string | null }>(
    `SELECT a.address_key AS key, c.id AS "contactId", c.external_id AS "externalId"
     FROM address a JOIN contact c ON c.id = a.contact_id
     WHERE a.address_key = ANY ($1::bytea[])
     ORDER BY c.id`,
    [keys],
  );
}

/** Those of the keys whose person was erased and has not come back on their own. */
export function findErased(sql: Sql, keys: Buffer[]) {
  return sql.query<{ key: Buffer }>(
    `SELECT address_key AS key FROM gate WHERE address_key = ANY ($1::bytea[]) AND erased`,
    [keys],
  );
}

const NEWCOMERS = 0x75_74_6b_01;

/** Until commit no one else makes a contact of these identities: a look-up after it is final. */
export async function lockNewcomers(sql: Sql, partitions: number[]): Promise<void> {
  await sql.query(
    `SELECT pg_advisory_xact_lock($1, p)
     FROM (SELECT DISTINCT p FROM unnest($2::int[]) AS p ORDER BY p) AS sorted`,
    [NEWCOMERS, partitions],
  );
}

/** In the order of their ids, as everyone locks contacts, so that no two wait for each other. */
export async function lockContacts(sql: Sql, ids: string[]): Promise<void> {
  await sql.query(`SELECT FROM contact WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`, [ids]);
}

/** A statement of its own, after the lock: its snapshot is younger than whatever the lock waited for. */
export function readContacts(sql: Sql, ids: string[]) {
  return sql.query<StoredContact>(
    `SELECT c.id, c.external_id, c.kinds, c.first_name, c.last_name, c.title, c.city, c.language,
            c.time_zone, c.organisation_id, c.minor, c.sources, c.notice_version, c.notice_at,
            c.attested_at, c.attestation_ref, c.attested_by, o.name_key AS organisation_key,
            COALESCE(a.addresses, '[]'::jsonb) AS addresses
     FROM contact c
     LEFT JOIN organisation o ON o.id = c.organisation_id
     LEFT JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object(
         'id', id, 'channel', channel, 'value', value, 'canonical', canonical,
         'key', encode(address_key, 'hex'), 'keyVersion', key_version,
         'source', source, 'sourceRef', source_ref, 'collectedAt', collected_at) ORDER BY id) AS addresses
       FROM address WHERE contact_id = c.id
     ) a ON true
     WHERE c.id = ANY ($1::uuid[])`,
    [ids],
  );
}

// The JSON goes as one value: as elements of an array every quote in it would be escaped twice.
const CONTACT_ROWS = `ROWS FROM (
  unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::uuid[], $11::bool[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::text[], $16::text[]),
  json_array_elements($17::json)
) AS r(id, external_id, kinds, first_name, last_name, title, city, language, time_zone, organisation_id,
       minor, notice_version, notice_at, attested_at, attestation_ref, attested_by, sources)`;

const contactColumns = (rows: ContactRow[]): unknown[] => [
  rows.map((row) => row.id),
  rows.map((row) => row.external_id),
  // unnest flattens arrays of arrays; kinds are our own words and hold no comma.
  rows.map((row) => row.kinds.join(',')),
  rows.map((row) => row.first_name),
  rows.map((row) => row.last_name),
  rows.map((row) => row.title),
  rows.map((row) => row.city),
  rows.map((row) => row.language),
  rows.map((row) => row.time_zone),
  rows.map((row) => row.organisation_id),
  rows.map((row) => row.minor),
  rows.map((row) => row.notice_version),
  rows.map((row) => row.notice_at),
  rows.map((row) => row.attested_at),
  rows.map((row) => row.attestation_ref),
  rows.map((row) => row.attested_by),
  JSON.stringify(rows.map((row) => row.sources)),
];

export async function insertContacts(sql: Sql, rows: ContactRow[], now: Date): Promise<void> {
  await sql.query(
    `INSERT INTO contact (id, external_id, kinds, first_name, last_name, title, city, language, time_zone,
       organisation_id, minor, sources, notice_version, notice_at, attested_at, attestation_ref, attested_by,
       created_at, updated_at)
     SELECT r.id, r.external_id, string_to_array(r.kinds, ','), r.first_name, r.last_name, r.title, r.city,
       r.language, r.time_zone, r.organisation_id, r.minor, r.sources::jsonb, r.notice_version, r.notice_at,
       r.attested_at, r.attestation_ref, r.attested_by, $18, $18
     FROM ${CONTACT_ROWS}`,
    [...contactColumns(rows), now],
  );
}

export async function updateContacts(sql: Sql, rows: ContactRow[], now: Date): Promise<void> {
  await sql.query(
    `UPDATE contact c SET external_id = r.external_id, kinds = string_to_array(r.kinds, ','),
       first_name = r.first_name, last_name = r.last_name, title = r.title, city = r.city,
       language = r.language, time_zone = r.time_zone, organisation_id = r.organisation_id,
       minor = r.minor, sources = r.sources::jsonb, notice_version = r.notice_version, notice_at = r.notice_at,
       attested_at = r.attested_at, attestation_ref = r.attestation_ref,
       attested_by = r.attested_by, updated_at = $18
     FROM ${CONTACT_ROWS} WHERE c.id = r.id`,
    [...contactColumns(rows), now],
  );
}

export async function insertAddresses(sql: Sql, rows: NewAddress[]): Promise<void> {
  await sql.query(
    `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source,
       source_ref, collected_at)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bytea[],
       $7::smallint[], $8::text[], $9::text[], $10::timestamptz[])`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.contactId),
      rows.map((row) => row.channel),
      rows.map((row) => row.value),
      rows.map((row) => row.canonical),
      rows.map((row) => row.key),
      rows.map((row) => row.keyVersion),
      rows.map((row) => row.source),
      rows.map((row) => row.sourceRef),
      rows.map((row) => row.collectedAt),
    ],
  );
}

export async function deleteAddresses(sql: Sql, ids: string[]): Promise<void> {
  await sql.query(`DELETE FROM address WHERE id = ANY ($1::uuid[])`, [ids]);
}

/** A new collection of the same address, for another purpose. */
export async function sourceAddresses(
  sql: Sql,
  ids: string[],
  from: { source: string; sourceRef: string | null; collectedAt: Date },
): Promise<void> {
  await sql.query(
    `UPDATE address SET source = $2, source_ref = $3, collected_at = $4 WHERE id = ANY ($1::uuid[])`,
    [ids, from.source, from.sourceRef, from.collectedAt],
  );
}

/** Ids of organisations by name key; those not there yet are made. */
export async function organisationIds(
  sql: Sql,
  rows: { id: string; name: string; key: string }[],
  now: Date,
): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map();
  const keys = rows.map((row) => row.key);
  const find = () =>
    sql.query<{ id: string; key: string }>(
      `SELECT id, name_key AS key FROM organisation WHERE name_key = ANY ($1::text[])`,
      [keys],
    );
  let found = await find();
  if (found.length < rows.length) {
    await sql.query(
      `INSERT INTO organisation (id, name, name_key, created_at, updated_at)
       SELECT id, name, key, $4, $4 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS r(id, name, key)
       ORDER BY key
       ON CONFLICT (name_key) DO NOTHING`,
      [rows.map((row) => row.id), rows.map((row) => row.name), keys, now],
    );
    found = await find();
  }
  return new Map(found.map(({ id, key }) => [key, id]));
}

export interface ContactRef {
  contactId: string;
  addressId: string;
  channel: Channel;
}

/** Everyone who holds an address: one key may be several persons' (F-51). */
export function findHolders(sql: Sql, keys: Buffer[]) {
  return sql.query<ContactRef>(
    `SELECT contact_id AS "contactId", id AS "addressId", channel
     FROM address WHERE address_key = ANY ($1::bytea[]) ORDER BY contact_id`,
    [keys],
  );
}
