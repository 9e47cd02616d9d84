import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { Conflict, Invalid } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { newId } from '../../platform/ids';
import type {
  Organisation,
  OrganisationInput,
  OrganisationPage,
  OrganisationQuery,
} from './contacts.dto';
import { beginning } from './contacts.queries';
import { readCursor, writeCursor } from './cursor';
import { nameOrganisation } from './read-contact';

const PAGE = 50;
const UNIQUE_VIOLATION = '23505';
const LONGEST_ID = 200;

/** Customer companies: what contacts belong to, never a tenant. */
@Injectable()
export class Organisations {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async list(query: OrganisationQuery): Promise<OrganisationPage> {
    const limit = query.limit ?? PAGE;
    const items = await this.db.query<Organisation>(
      `SELECT o.id, o.external_id AS "externalId", o.name, o.city,
         (SELECT count(*)::int FROM contact c
          WHERE c.organisation_id = o.id AND c.merged_into_id IS NULL) AS contacts
       FROM organisation o
       WHERE ($1::uuid IS NULL OR o.id < $1)
         AND ($2::text IS NULL OR o.name_key LIKE $2 OR o.external_id = $3)
       ORDER BY o.id DESC LIMIT $4`,
      [
        query.cursor ? readCursor(query.cursor) : null,
        query.q ? beginning(nameOrganisation(query.q.trim()).key) : null,
        query.q ?? null,
        limit + 1,
      ],
    );
    const shown = items.slice(0, limit);
    return { items: shown, next: items.length > limit ? writeCursor(shown.at(-1)!.id) : null };
  }

  /** Creates or changes the organisation with this external id; one of the same name without an id takes it. */
  async put(externalId: string, input: OrganisationInput, actor: Actor): Promise<{ id: string }> {
    const name = input.name.normalize('NFC').replace(/\s+/g, ' ').trim();
    if (name === '' || /\p{Cc}/u.test(name)) throw invalid('name');
    if (externalId.length > LONGEST_ID || /\p{Cc}/u.test(externalId)) throw invalid('externalId');
    const values = [
      externalId,
      name,
      nameOrganisation(name).key,
      input.city ?? null,
      this.clock.now(),
    ];
    return this.db.tx(async (tx) => {
      const id = newId(this.clock.now().getTime());
      const [adopted] = await tx
        .query<{ id: string }>(
          `UPDATE organisation SET external_id = $1, name = $2, name_key = $3, city = COALESCE($4, city), updated_at = $5
         WHERE external_id = $1 OR (external_id IS NULL AND name_key = $3
           AND NOT EXISTS (SELECT FROM organisation WHERE external_id = $1))
         RETURNING id`,
          values,
        )
        .catch(nameTaken);
      const [row] = adopted
        ? [adopted]
        : await tx
            .query<{ id: string }>(
              `INSERT INTO organisation (id, external_id, name, name_key, city, created_at, updated_at)
             VALUES ($6, $1, $2, $3, $4, $5, $5) RETURNING id`,
              [...values, id],
            )
            .catch(nameTaken);
      await this.audit.record(tx, actor, 'organisation.put', { type: 'organisation', id: row!.id });
      return { id: row!.id };
    });
  }
}

function invalid(path: 'name' | 'externalId'): Invalid {
  const code = path === 'name' ? 'invalid_name' : 'invalid_external_id';
  return new Invalid('invalid_fields', {
    errors: [{ path, code, message: `${path} must be 1–200 characters` }],
  });
}

function nameTaken(cause: unknown): never {
  if ((cause as { code?: unknown }).code !== UNIQUE_VIOLATION) throw cause;
  throw new Conflict('organisation_name_taken');
}
