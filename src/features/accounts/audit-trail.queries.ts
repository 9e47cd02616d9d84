import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import type { AuditPage, AuditQuery, AuditRow } from './accounts.dto';

/** Who did what, newest first. */
@Injectable()
export class AuditTrail {
  constructor(private readonly db: Database) {}

  async page(query: AuditQuery): Promise<AuditPage> {
    const limit = query.limit ?? 50;
    const rows = await this.db.query<AuditRow>(
      `SELECT entry.id, entry.at, entry.actor_type AS "actorType", entry.actor_id AS "actorId",
              COALESCE(staff.name, api_key.name) AS "actorName", entry.action,
              entry.subject_type AS "subjectType", entry.subject_id AS "subjectId", entry.details
       FROM audit_entry entry
       LEFT JOIN staff ON entry.actor_type = 'staff' AND staff.id::text = entry.actor_id
       LEFT JOIN api_key ON entry.actor_type = 'api_key' AND api_key.id::text = entry.actor_id
       WHERE ($1::bigint IS NULL OR entry.id < $1)
         AND ($2::text IS NULL OR entry.subject_type = $2)
         AND ($3::text IS NULL OR entry.subject_id = $3)
         AND ($4::text IS NULL OR entry.actor_id = $4)
         AND ($5::text IS NULL OR entry.action = $5)
       ORDER BY entry.id DESC LIMIT $6`,
      [
        query.cursor ?? null,
        query.subjectType ?? null,
        query.subjectId ?? null,
        query.actorId ?? null,
        query.action ?? null,
        limit + 1,
      ],
    );
    const items = rows.slice(0, limit);
    return { items, next: rows.length > limit ? String(items.at(-1)!.id) : null };
  }
}
