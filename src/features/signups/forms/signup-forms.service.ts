import { Injectable } from '@nestjs/common';
import { Audit } from '../../../platform/audit/audit';
import { Database, type Sql } from '../../../platform/database/database';
import { Conflict, Invalid, NotFound } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import { t, type Language } from '../../../platform/i18n/i18n';
import { isUuid, newId } from '../../../platform/ids';
import { FORM_KEY } from './signup-forms.dto';
import type { SignupForm, SignupFormChange, SignupFormInput } from './signup-forms.dto';
import { liveTopicIds } from '../signups.queries';

/** A form as one person sees it: in one language, with the topics that can be chosen now. */
export interface OpenForm {
  id: string;
  key: string;
  name: string;
  intro: string;
  consent: string;
  topics: FormTopic[];
  asksTracking: boolean;
}

export interface FormTopic {
  id: string;
  name: string;
  description: string;
}

const COLUMNS = `id, key, name_sv AS "nameSv", name_en AS "nameEn", intro_sv AS "introSv", intro_en AS "introEn",
  consent_sv AS "consentSv", consent_en AS "consentEn", topic_ids AS "topicIds", asks_tracking AS "asksTracking", created_at AS "createdAt",
  closed_at AS "closedAt"`;

/** Sign-up forms: which topics, and the words a person agrees to. */
@Injectable()
export class SignupForms {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
  ) {}

  list(): Promise<SignupForm[]> {
    return this.db.query<SignupForm>(`SELECT ${COLUMNS} FROM signup_form ORDER BY created_at, id`);
  }

  async get(id: string): Promise<SignupForm> {
    if (!isUuid(id)) throw new NotFound('no_such_form');
    const [form] = await this.db.query<SignupForm>(
      `SELECT ${COLUMNS} FROM signup_form WHERE id = $1`,
      [id],
    );
    if (!form) throw new NotFound('no_such_form');
    return form;
  }

  async create(input: SignupFormInput, actor: Actor): Promise<SignupForm> {
    return this.db.tx(async (tx) => {
      await requireTopics(tx, input.topicIds);
      const [form] = await tx.query<SignupForm>(
        `INSERT INTO signup_form
           (id, key, name_sv, name_en, intro_sv, intro_en, consent_sv, consent_en, topic_ids, asks_tracking, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp())
         ON CONFLICT (key) DO NOTHING
         RETURNING ${COLUMNS}`,
        [
          newId(),
          input.key,
          input.nameSv,
          input.nameEn,
          input.introSv ?? '',
          input.introEn ?? '',
          input.consentSv ?? t('sv', 'signups:form.standardConsent'),
          input.consentEn ?? t('en', 'signups:form.standardConsent'),
          input.topicIds,
          input.asksTracking ?? false,
        ],
      );
      if (!form) throw new Conflict('form_key_taken');
      await this.audit.record(tx, actor, 'signup_form.created', {
        type: 'signup_form',
        id: form.id,
      });
      return form;
    });
  }

  /** Sign-ups already made keep the words they were made with. */
  async change(id: string, change: SignupFormChange, actor: Actor): Promise<SignupForm> {
    if (!isUuid(id)) throw new NotFound('no_such_form');
    return this.db.tx(async (tx) => {
      if (change.topicIds) await requireTopics(tx, change.topicIds);
      const [form] = await tx.query<SignupForm>(
        `UPDATE signup_form SET
           name_sv = coalesce($2, name_sv), name_en = coalesce($3, name_en),
           intro_sv = coalesce($4, intro_sv), intro_en = coalesce($5, intro_en),
           consent_sv = coalesce($6, consent_sv), consent_en = coalesce($7, consent_en),
           topic_ids = coalesce($8, topic_ids), asks_tracking = coalesce($10, asks_tracking),
           closed_at = CASE WHEN $9::boolean THEN coalesce(closed_at, clock_timestamp())
                            WHEN NOT $9 THEN NULL ELSE closed_at END
         WHERE id = $1
         RETURNING ${COLUMNS}`,
        [
          id,
          change.nameSv,
          change.nameEn,
          change.introSv,
          change.introEn,
          change.consentSv,
          change.consentEn,
          change.topicIds,
          change.closed,
          change.asksTracking,
        ],
      );
      if (!form) throw new NotFound('no_such_form');
      const fields = Object.keys(change).sort();
      await this.audit.record(
        tx,
        actor,
        'signup_form.changed',
        { type: 'signup_form', id },
        { fields },
      );
      return form;
    });
  }

  /** The open form with this key, or null. */
  async open(key: string, language: Language): Promise<OpenForm | null> {
    return FORM_KEY.test(key) ? this.findOpen('key = $1', key, language) : null;
  }

  /** The first form that was made and is open: the one on the front page. Null before there is any. */
  openDefault(language: Language): Promise<OpenForm | null> {
    return this.findOpen('$1::text IS NULL', null, language);
  }

  private async findOpen(
    condition: string,
    value: string | null,
    language: Language,
  ): Promise<OpenForm | null> {
    const [form] = await this.db.query<SignupForm>(
      `SELECT ${COLUMNS} FROM signup_form WHERE ${condition} AND closed_at IS NULL
       ORDER BY created_at, id LIMIT 1`,
      [value],
    );
    if (!form) return null;
    const topics = await this.topics(form.topicIds, language);
    if (topics.length === 0) return null;
    const { id, key, asksTracking } = form;
    const [name, intro, consent] =
      language === 'en'
        ? [form.nameEn, form.introEn, form.consentEn]
        : [form.nameSv, form.introSv, form.consentSv];
    return { id, key, name, intro, consent, topics, asksTracking };
  }

  private topics(ids: readonly string[], language: Language): Promise<FormTopic[]> {
    return this.db.query<FormTopic>(
      `SELECT id, CASE WHEN $2 = 'en' THEN name_en ELSE name_sv END AS name,
              CASE WHEN $2 = 'en' THEN description_en ELSE description_sv END AS description
       FROM topic WHERE id = ANY($1::uuid[]) AND archived_at IS NULL ORDER BY position, id`,
      [ids, language],
    );
  }
}

async function requireTopics(sql: Sql, ids: readonly string[]): Promise<void> {
  const known = new Set(await liveTopicIds(sql, ids));
  const errors = ids.flatMap((id, n) =>
    known.has(id)
      ? []
      : [{ path: `topicIds.${n}`, code: 'unknown_topic', message: 'No such topic, or archived' }],
  );
  if (errors.length > 0) throw new Invalid('invalid_fields', { errors });
}
