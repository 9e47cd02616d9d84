import { Injectable } from '@nestjs/common';
import type { Sql } from '../database/database';
import type { Actor } from '../http/actor';

export interface AuditSubject {
  type: string;
  id: string | null;
}

export interface AuditRecord {
  action: string;
  subject: AuditSubject;
  /** Ids, codes and counts only: never a name, an address or a token. */
  details?: Record<string, unknown>;
}

/** Who did, or read, what: append-only, written in the caller's own transaction. */
@Injectable()
export class Audit {
  record(
    sql: Sql,
    actor: Actor,
    action: string,
    subject: AuditSubject,
    details: Record<string, unknown> = {},
  ): Promise<void> {
    return this.recordMany(sql, actor, [{ action, subject, details }]);
  }

  async recordMany(sql: Sql, actor: Actor, records: AuditRecord[]): Promise<void> {
    if (records.length === 0) return;
    await sql.query(
      `INSERT INTO audit_entry (actor_type, actor_id, action, subject_type, subject_id, details)
       SELECT $1, $2, r.action, r.subject_type, r.subject_id, r.details
       FROM unnest($3::text[], $4::text[], $5::text[], $6::jsonb[])
         WITH ORDINALITY AS r(action, subject_type, subject_id, details, n)
       ORDER BY r.n`,
      [
        actor.type,
        actor.id,
        records.map((record) => record.action),
        records.map((record) => record.subject.type),
        records.map((record) => record.subject.id),
        records.map((record) => JSON.stringify(record.details ?? {})),
      ],
    );
  }
}
