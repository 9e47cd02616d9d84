import { plainArray, textArray } from '../../../../platform/database/arrays';
import type { Sql } from '../../../../platform/database/database';
import { newId } from '../../../../platform/ids';
import type { PutRow } from '../batch.dto';
import type { AgreementItem, OrganisationDetail } from './agreements.dto';

/** Those of the external ids that are an organisation's. */
export async function knownOrganisations(
  sql: Sql,
  externalIds: readonly string[],
): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(
    `SELECT external_id AS id FROM organisation WHERE external_id = ANY ($1::text[])`,
    [textArray([...externalIds])],
  );
  return new Set(rows.map(({ id }) => id));
}

/** In the order of the external ids, so that two batches never wait for each other in a ring. */
export async function putAgreements(
  sql: Sql,
  agreements: readonly AgreementItem[],
  now: Date,
): Promise<PutRow[]> {
  const externalIds = textArray(agreements.map(({ externalId }) => externalId));
  const written = await sql.query<PutRow>(
    `INSERT INTO agreement (id, external_id, organisation_id, starts_on, ends_on, final_payment_on, created_at, updated_at)
     SELECT r.id, r.external_id, o.id, r.starts_on, r.ends_on, r.final_payment_on, $7, $7
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::date[], $6::date[])
       AS r(id, external_id, organisation, starts_on, ends_on, final_payment_on)
     JOIN organisation o ON o.external_id = r.organisation
     ORDER BY r.external_id
     ON CONFLICT (external_id) DO UPDATE SET organisation_id = excluded.organisation_id,
       starts_on = excluded.starts_on, ends_on = excluded.ends_on,
       final_payment_on = excluded.final_payment_on, updated_at = excluded.updated_at
     WHERE (agreement.organisation_id, agreement.starts_on, agreement.ends_on, agreement.final_payment_on)
       IS DISTINCT FROM (excluded.organisation_id, excluded.starts_on, excluded.ends_on, excluded.final_payment_on)
     RETURNING external_id AS "externalId", id, id = ANY ($1::uuid[]) AS created, TRUE AS changed`,
    [
      plainArray(agreements.map(() => newId(now.getTime()))),
      externalIds,
      textArray(agreements.map(({ organisation }) => organisation)),
      plainArray(agreements.map(({ startsOn }) => startsOn)),
      plainArray(agreements.map(({ endsOn }) => endsOn ?? null)),
      plainArray(agreements.map(({ finalPaymentOn }) => finalPaymentOn ?? null)),
      now,
    ],
  );
  const found = await sql.query<PutRow>(
    `SELECT external_id AS "externalId", id, FALSE AS created, FALSE AS changed
     FROM agreement WHERE external_id = ANY ($1::text[])`,
    [externalIds],
  );
  return [...found, ...written];
}

/** Those of a company as a JSON list, the latest first; [] for none. */
export const agreementsOf = (organisationId: string): string => `
  COALESCE((
    SELECT jsonb_agg(jsonb_build_object('externalId', a.external_id, 'startsOn', a.starts_on,
      'endsOn', a.ends_on, 'finalPaymentOn', a.final_payment_on) ORDER BY a.starts_on DESC, a.id DESC)
    FROM agreement a WHERE a.organisation_id = ${organisationId}), '[]')`;

export async function findOrganisation(
  sql: Sql,
  externalId: string,
): Promise<OrganisationDetail | undefined> {
  const [organisation] = await sql.query<OrganisationDetail & Record<string, unknown>>(
    `SELECT o.id, o.external_id AS "externalId", o.name, o.city,
       (SELECT count(*)::int FROM contact c WHERE c.organisation_id = o.id AND c.merged_into_id IS NULL) AS contacts,
       ${agreementsOf('o.id')} AS agreements
     FROM organisation o WHERE o.external_id = $1`,
    [externalId],
  );
  return organisation;
}
