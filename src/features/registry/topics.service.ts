import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database, type Sql } from '../../platform/database/database';
import { Conflict, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { isUuid, newId } from '../../platform/ids';
import type { ChangeTopic, CreateTopic, Topic } from './topics.dto';

/** An assessment holds for a year (L-29); in SQL, so that a count and a permit mean the same day. */
export const ASSESSED = `COALESCE(topic.assessed_at > clock_timestamp() - interval '12 months', FALSE)`;

const COLUMNS = `
  id, key, name_sv AS "nameSv", name_en AS "nameEn", description_sv AS "descriptionSv",
  description_en AS "descriptionEn", purpose, soft_opt_in AS "softOptIn", assessed_at AS "assessedAt",
  ${ASSESSED} AS assessed, position, archived_at AS "archivedAt"`;

/** What people choose between. */
@Injectable()
export class Topics {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** In the order recipients see them; archived ones last and only if asked for. */
  list(archived = false, sql: Sql = this.db): Promise<Topic[]> {
    return sql.query<Topic>(
      `SELECT ${COLUMNS} FROM topic WHERE $1 OR archived_at IS NULL
       ORDER BY archived_at IS NOT NULL, position, key`,
      [archived],
    );
  }

  async byKey(key: string, sql: Sql = this.db): Promise<Topic | null> {
    const [topic] = await sql.query<Topic>(`SELECT ${COLUMNS} FROM topic WHERE key = $1`, [key]);
    return topic ?? null;
  }

  /** Throws NotFound `unknown_topic`. */
  async get(id: string, sql: Sql = this.db): Promise<Topic> {
    const [topic] = isUuid(id)
      ? await sql.query<Topic>(`SELECT ${COLUMNS} FROM topic WHERE id = $1`, [id])
      : [];
    if (!topic) throw new NotFound('unknown_topic');
    return topic;
  }

  /** Throws Conflict `topic_key_taken`. */
  async create(input: CreateTopic, actor: Actor): Promise<Topic> {
    const id = newId();
    return this.db.tx(async (tx) => {
      const [made] = await tx.query(
        `INSERT INTO topic (id, key, name_sv, name_en, description_sv, description_en, purpose, soft_opt_in,
           assessed_at, position, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, COALESCE($10, (SELECT COALESCE(max(position), 0) + 1 FROM topic)), $11)
         ON CONFLICT (key) DO NOTHING RETURNING id`,
        [
          id,
          input.key,
          input.nameSv,
          input.nameEn,
          input.descriptionSv ?? '',
          input.descriptionEn ?? '',
          input.purpose,
          input.softOptIn ?? false,
          input.assessedAt ?? null,
          input.position ?? null,
          this.clock.now(),
        ],
      );
      if (!made) throw new Conflict('topic_key_taken');
      await this.audit.record(
        tx,
        actor,
        'topic.created',
        { type: 'topic', id },
        { key: input.key },
      );
      return this.get(id, tx);
    });
  }

  async change(id: string, change: ChangeTopic, actor: Actor): Promise<Topic> {
    return this.db.tx(async (tx) => {
      await this.get(id, tx);
      await tx.query(
        `UPDATE topic SET name_sv = COALESCE($2, name_sv), name_en = COALESCE($3, name_en),
           description_sv = COALESCE($4, description_sv), description_en = COALESCE($5, description_en),
           purpose = COALESCE($6, purpose), soft_opt_in = COALESCE($7, soft_opt_in),
           assessed_at = COALESCE($8::timestamptz, assessed_at), position = COALESCE($9, position),
           archived_at = CASE $10::boolean WHEN TRUE THEN COALESCE(archived_at, $11) WHEN FALSE THEN NULL
             ELSE archived_at END
         WHERE id = $1`,
        [
          id,
          change.nameSv,
          change.nameEn,
          change.descriptionSv,
          change.descriptionEn,
          change.purpose,
          change.softOptIn,
          change.assessedAt,
          change.position,
          change.archived,
          this.clock.now(),
        ],
      );
      const changed = Object.keys(change);
      await this.audit.record(tx, actor, 'topic.changed', { type: 'topic', id }, { changed });
      return this.get(id, tx);
    });
  }
}
