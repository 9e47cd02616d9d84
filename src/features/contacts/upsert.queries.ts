import type { Channel } from '../../domain/address';
import { bytesArray, plainArray, textArray } from '../../platform/database/arrays';
import type { Sql } from '../../platform/database/database';
import { send } from '../../platform/database/write-behind';
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
  employer_id: string | null;
}

export interface StoredContact extends ContactRow {
  organisation_key: string | null;
  addresses: StoredAddress[];
}

export interface NewAddress extends Omit<StoredAddress, 'collectedAt'> {
  contactId: string;
  collectedAt: Date;
}

/** Contacts by external id; a merged contact's id leads to the one that took it in. */
export function matchExternalIds(sql: Sql, externalIds: string[]) {
  return sql.query<{ externalId: string; contactId: string }>(
    `SELECT external_id AS "externalId", COALESCE(merged_into_id, id) AS "contactId"
     FROM contact WHERE external_id = ANY ($1::text[])`,
    [textArray(externalIds)],
  );
}

/** Contacts by address key, oldest first. */
export function matchKeys(sql: Sql, keys: string[]) {
  return sql.query<{ key: string; contactId: string; externalId: string | null }>(
    `SELECT encode(a.address_key, 'hex') AS key, c.id AS "contactId", c.external_id AS "externalId"
     FROM address a JOIN contact c ON c.id = a.contact_id
     WHERE a.address_key = ANY ($1::bytea[])
     ORDER BY c.id`,
    [bytesArray(keys)],
  );
}

/** Those of the keys whose person was erased and has not come back on their own. */
export function findErased(sql: Sql, keys: string[]) {
  return sql.query<{ key: string }>(
    `SELECT encode(address_key, 'hex') AS key FROM gate WHERE address_key = ANY ($1::bytea[]) AND erased`,
    [bytesArray(keys)],
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
  await sql.query(`SELECT FROM contact WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`, [
    plainArray(ids),
  ]);
}

/** Statements of their own, after the lock: their snapshots are younger than whatever the lock waited for. */
export async function readContacts(sql: Sql, ids: string[]): Promise<StoredContact[]> {
  const contacts = await sql.query<StoredContact>(
    `SELECT c.id, c.external_id, c.kinds, c.first_name, c.last_name, c.title, c.city, c.language,
            c.time_zone, c.organisation_id, c.minor, c.sources, c.notice_version, c.notice_at,
            c.attested_at, c.attestation_ref, c.attested_by, c.employer_id, o.name_key AS organisation_key
     FROM contact c LEFT JOIN organisation o ON o.id = c.organisation_id
     WHERE c.id = ANY ($1::uuid[])`,
    [plainArray(ids)],
  );
  const addresses = await sql.query<StoredAddress & { contactId: string; at: Date }>(
    `SELECT contact_id AS "contactId", id, channel, value, canonical, encode(address_key, 'hex') AS key,
       key_version AS "keyVersion", source, source_ref AS "sourceRef", collected_at AS at
     FROM address WHERE contact_id = ANY ($1::uuid[]) ORDER BY id`,
    [plainArray(ids)],
  );
  const byId = new Map<string, StoredContact>();
  for (const contact of contacts) byId.set(contact.id, Object.assign(contact, { addresses: [] }));
  for (const { contactId, at, ...address } of addresses) {
    byId.get(contactId)?.addresses.push({ ...address, collectedAt: at.toISOString() });
  }
  return contacts;
}

/** The sources, alike for nearly all rows of an import, go and are parsed once each: `r.sources` numbers them. */
const CONTACT_ROWS = `unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::uuid[], $11::bool[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::text[],
    $16::text[], $17::uuid[], $18::int[]) AS r(id, external_id, kinds, first_name, last_name, title, city, language,
    time_zone, organisation_id, minor, notice_version, notice_at, attested_at, attestation_ref, attested_by,
    employer_id, sources)
  JOIN jsonb_array_elements($19::jsonb) WITH ORDINALITY AS s(sources, n) ON s.n = r.sources + 1`;

function contactColumns(rows: ContactRow[]): unknown[] {
  const sources = new DifferentSources();
  const at = (time: Date | null) => time && time.toISOString();
  return [
    plainArray(rows.map((row) => row.id)),
    textArray(rows.map((row) => row.external_id)),
    // unnest flattens arrays of arrays; kinds are our own words and hold no comma.
    textArray(rows.map((row) => row.kinds.join(','))),
    textArray(rows.map((row) => row.first_name)),
    textArray(rows.map((row) => row.last_name)),
    textArray(rows.map((row) => row.title)),
    textArray(rows.map((row) => row.city)),
    textArray(rows.map((row) => row.language)),
    textArray(rows.map((row) => row.time_zone)),
    plainArray(rows.map((row) => row.organisation_id)),
    plainArray(rows.map((row) => row.minor)),
    textArray(rows.map((row) => row.notice_version)),
    textArray(rows.map((row) => at(row.notice_at))),
    textArray(rows.map((row) => at(row.attested_at))),
    textArray(rows.map((row) => row.attestation_ref)),
    textArray(rows.map((row) => row.attested_by)),
    plainArray(rows.map((row) => row.employer_id)),
    plainArray(rows.map((row) => sources.numberOf(row.sources))),
    sources.json(),
  ];
}

/** Numbers what is different among the sources of many contacts. */
class DifferentSources {
  private readonly values: ContactRow['sources'][] = [];
  private readonly numbers = new Map<string, number>();
  private readonly origins = new Map<DatumSource | undefined, number>();

  numberOf(sources: ContactRow['sources']): number {
    // By which origin each datum has: those of one import are one and the same.
    let name = '';
    for (const datum in sources) name += `${datum} ${this.originOf(sources[datum])} `;
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.values.push(sources) - 1;
      this.numbers.set(name, number);
    }
    return number;
  }

  json(): string {
    return JSON.stringify(this.values);
  }

  private originOf(origin: DatumSource | undefined): number {
    let number = this.origins.get(origin);
    if (number === undefined) {
      number = this.origins.size;
      this.origins.set(origin, number);
    }
    return number;
  }
}

export async function insertContacts(sql: Sql, rows: ContactRow[], now: Date): Promise<void> {
  await send(
    sql,
    `INSERT INTO contact (id, external_id, kinds, first_name, last_name, title, city, language, time_zone,
       organisation_id, minor, sources, notice_version, notice_at, attested_at, attestation_ref, attested_by,
       employer_id, created_at, updated_at)
     SELECT r.id, r.external_id, string_to_array(r.kinds, ','), r.first_name, r.last_name, r.title, r.city,
       r.language, r.time_zone, r.organisation_id, r.minor, s.sources, r.notice_version, r.notice_at,
       r.attested_at, r.attestation_ref, r.attested_by, r.employer_id, $20, $20
     FROM ${CONTACT_ROWS}`,
    [...contactColumns(rows), now],
  );
}

export async function updateContacts(sql: Sql, rows: ContactRow[], now: Date): Promise<void> {
  await send(
    sql,
    `UPDATE contact c SET external_id = r.external_id, kinds = string_to_array(r.kinds, ','),
       first_name = r.first_name, last_name = r.last_name, title = r.title, city = r.city,
       language = r.language, time_zone = r.time_zone, organisation_id = r.organisation_id,
       minor = r.minor, sources = s.sources, notice_version = r.notice_version, notice_at = r.notice_at,
       attested_at = r.attested_at, attestation_ref = r.attestation_ref,
       attested_by = r.attested_by, employer_id = r.employer_id, updated_at = $20
     FROM ${CONTACT_ROWS} WHERE c.id = r.id`,
    [...contactColumns(rows), now],
  );
}

export async function insertAddresses(sql: Sql, rows: NewAddress[]): Promise<void> {
  await send(
    sql,
    `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source,
       source_ref, collected_at)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bytea[],
       $7::smallint[], $8::text[], $9::text[], $10::timestamptz[])`,
    [
      plainArray(rows.map((row) => row.id)),
      plainArray(rows.map((row) => row.contactId)),
      textArray(rows.map((row) => row.channel)),
      textArray(rows.map((row) => row.value)),
      textArray(rows.map((row) => row.canonical)),
      bytesArray(rows.map((row) => row.key)),
      plainArray(rows.map((row) => row.keyVersion)),
      textArray(rows.map((row) => row.source)),
      textArray(rows.map((row) => row.sourceRef)),
      textArray(rows.map((row) => row.collectedAt.toISOString())),
    ],
  );
}

export async function deleteAddresses(sql: Sql, ids: string[]): Promise<void> {
  await send(sql, `DELETE FROM address WHERE id = ANY ($1::uuid[])`, [ids]);
}

/** A new collection of the same address, for another purpose. */
export async function sourceAddresses(
  sql: Sql,
  ids: string[],
  from: { source: string; sourceRef: string | null; collectedAt: Date },
): Promise<void> {
  await send(
    sql,
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
