import type { Sql } from '../../../platform/database/database';
import type { AddressRef } from '../../registry/ledger/ledger-act';
import { mask } from '../../registry/link-tokens';
import type { CameBy, CaseKind, CaseState, CaseView, ClosedAs } from './cases.dto';

/** Whom a case is about. */
export interface Subject {
  contactId: string | null;
  address: AddressRef | null;
}

export interface NewCase {
  id: string;
  kind: CaseKind;
  cameBy: CameBy;
  subject: Subject;
  words: string | null;
  outsideReference: string | null;
  openedBy: string;
  openedAt: Date;
  /** Of a case that is closed as it is made. */
  stoppedBy: string | null;
}

export interface CaseRow extends Omit<CaseView, 'reference' | 'address'> {
  number: number;
  addressKey: Buffer | null;
  keyVersion: number | null;
  value: string | null;
}

const COLUMNS = `c.id, c.number, c.kind, c.state, c.came_by AS "cameBy",
  COALESCE(p.merged_into_id, c.contact_id) AS "contactId", c.channel, c.address_key AS "addressKey",
  c.key_version AS "keyVersion", c.words, c.note, c.opened_at AS "openedAt", c.opened_by AS "openedBy",
  c.closed_as AS "closedAs", c.closed_at AS "closedAt", c.closed_by AS "closedBy",
  c.ledger_entry_id AS "ledgerEntryId",
  (SELECT value FROM address a WHERE a.address_key = c.address_key LIMIT 1) AS value`;

const FROM = `FROM service_case c LEFT JOIN contact p ON p.id = c.contact_id`;

const read = (sql: Sql, where: string, values: unknown[]): Promise<CaseRow[]> =>
  sql.query<CaseRow & Record<string, unknown>>(`SELECT ${COLUMNS} ${FROM} ${where}`, values);

export async function insertCase(tx: Sql, made: NewCase): Promise<void> {
  const { subject, stoppedBy } = made;
  await tx.query(
    `INSERT INTO service_case (id, kind, came_by, contact_id, channel, address_key, key_version, words,
       outside_reference, opened_by, opened_at, ledger_entry_id, state, closed_as, closed_by, closed_at)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::uuid,
       CASE WHEN $12::uuid IS NULL THEN 'open' ELSE 'closed' END,
       CASE WHEN $12::uuid IS NOT NULL THEN 'stopped' END,
       CASE WHEN $12::uuid IS NOT NULL THEN $10 END,
       CASE WHEN $12::uuid IS NOT NULL THEN $11::timestamptz END`,
    [
      made.id,
      made.kind,
      made.cameBy,
      subject.contactId,
      subject.address?.channel ?? null,
      subject.address?.key ?? null,
      subject.address?.version ?? null,
      made.words,
      made.outsideReference,
      made.openedBy,
      made.openedAt,
      stoppedBy,
    ],
  );
}

export async function findCase(sql: Sql, id: string): Promise<CaseRow | undefined> {
  return (await read(sql, 'WHERE c.id = $1', [id]))[0];
}

export async function lockCase(tx: Sql, id: string): Promise<CaseRow | undefined> {
  return (await read(tx, 'WHERE c.id = $1 FOR UPDATE OF c', [id]))[0];
}

export async function caseOfOutsideReference(
  sql: Sql,
  openedBy: string,
  reference: string,
): Promise<CaseRow | undefined> {
  return (
    await read(sql, 'WHERE c.opened_by = $1 AND c.outside_reference = $2', [openedBy, reference])
  )[0];
}

export async function caseOfReference(sql: Sql, reference: string): Promise<CaseRow | undefined> {
  const [, number] = /^A-\d{4}-(\d{6,9})$/i.exec(reference) ?? [];
  if (number === undefined) return undefined;
  const [found] = await read(sql, 'WHERE c.number = $1', [Number(number)]);
  return found && referenceOf(found) === reference.toUpperCase() ? found : undefined;
}

/** The newest first. */
export function casesAbout(
  sql: Sql,
  contactIds: string[],
  keys: Buffer[],
  limit: number,
): Promise<CaseRow[]> {
  return read(
    sql,
    `WHERE c.contact_id = ANY($1::uuid[] || ARRAY(SELECT id FROM contact WHERE merged_into_id = ANY($1::uuid[])))
       OR c.address_key = ANY($2::bytea[])
     ORDER BY c.id DESC LIMIT $3`,
    [contactIds, keys, limit],
  );
}

export function listCases(
  sql: Sql,
  filter: { state?: CaseState; kind?: CaseKind; before: string | null; limit: number },
): Promise<CaseRow[]> {
  return read(
    sql,
    `WHERE ($1::text IS NULL OR c.state = $1) AND ($2::text IS NULL OR c.kind = $2) AND ($3::uuid IS NULL OR c.id < $3)
     ORDER BY c.id DESC LIMIT $4`,
    [filter.state ?? null, filter.kind ?? null, filter.before, filter.limit],
  );
}

export async function closeCase(
  tx: Sql,
  id: string,
  closing: {
    as: ClosedAs;
    ledgerEntryId: string | null;
    note: string | null;
    by: string;
    at: Date;
  },
): Promise<void> {
  await tx.query(
    `UPDATE service_case SET state = 'closed', closed_as = $2, ledger_entry_id = $3, note = $4, closed_by = $5, closed_at = $6
     WHERE id = $1`,
    [id, closing.as, closing.ledgerEntryId, closing.note, closing.by, closing.at],
  );
}

/**
 * Whether this entry stops what the case asks to be stopped: it is a no to everything, of the case's address or of a
 * person it is about, and it stands for all addresses concerned. A yes to a topic given after the case was opened is
 * what they chose since; one given before it is among what they now ask to be stopped. $1 entry · $2 the case's
 * contact · $3 its address · $4 when it was opened
 */
const STOPS = `
WITH people AS (
  SELECT $2::uuid AS id WHERE $2::uuid IS NOT NULL
  UNION SELECT contact_id FROM address WHERE address_key = $3::bytea
), addresses AS (
  SELECT $3::bytea AS key WHERE $3::bytea IS NOT NULL
  UNION SELECT address_key FROM address WHERE $3::bytea IS NULL AND contact_id = $2::uuid
)
SELECT FROM ledger_entry e LEFT JOIN contact p ON p.id = e.contact_id
WHERE e.id = $1 AND e.kind = 'opt_out' AND e.scope = 'all'
  AND (COALESCE(p.merged_into_id, e.contact_id) IN (SELECT id FROM people)
    OR e.address_key IN (SELECT key FROM addresses))
  AND NOT EXISTS (
    SELECT FROM addresses a JOIN gate g ON g.address_key = a.key
    WHERE NOT g.no_all OR EXISTS (
      SELECT FROM ledger_entry y WHERE y.address_key = a.key AND y.kind = 'grant'
        AND y.topic_id = ANY(g.allowed) AND y.seq > e.seq AND y.at <= $4))`;

export async function stops(tx: Sql, entryId: string, about: CaseRow): Promise<boolean> {
  const { contactId, addressKey, openedAt } = about;
  return (await tx.query(STOPS, [entryId, contactId, addressKey, openedAt])).length === 1;
}

/** a year by the calendar after it was closed, in Swedish time. */
export async function forgetCases(sql: Sql, now: Date): Promise<void> {
  await sql.query(
    `UPDATE service_case SET words = NULL, note = NULL, contact_id = NULL
     WHERE closed_at < ($1::timestamptz AT TIME ZONE 'Europe/Stockholm' - interval '1 year') AT TIME ZONE 'Europe/Stockholm'
       AND (words IS NOT NULL OR note IS NOT NULL OR contact_id IS NOT NULL)`,
    [now],
  );
}

/** The year it was opened in, and a number that is never used again. */
export function referenceOf({ number, openedAt }: Pick<CaseRow, 'number' | 'openedAt'>): string {
  const year = openedAt.toLocaleDateString('sv-SE', { timeZone: 'Europe/Stockholm' }).slice(0, 4);
  return `A-${year}-${String(number).padStart(6, '0')}`;
}

export function toView(row: CaseRow): CaseView {
  const { number: _number, addressKey: _key, keyVersion: _version, value, ...view } = row;
  const address = value && row.channel ? mask(row.channel, value) : null;
  return { ...view, reference: referenceOf(row), address };
}
