import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database';
import type { Language } from '../../../platform/i18n/i18n';
import type { LinkTokenRow } from '../link-tokens';
import type { TopicChoice } from './frame';

export interface Standing {
  /** Topics that this address gets. */
  on: string[];
  /** Since when it gets nothing because of a no to everything. */
  noAllSince: Date | null;
  pausedUntil: Date | null;
  fewer: boolean;
  /** We may see which links the person follows. */
  tracked: boolean;
}

const NOTHING: Standing = {
  on: [],
  noAllSince: null,
  pausedUntil: null,
  fewer: false,
  tracked: false,
};

/** What a person can choose between, and what stands now; read from the gate, as the sender does. */
@Injectable()
export class Choices {
  constructor(private readonly db: Database) {}

  topics(language: Language): Promise<TopicChoice[]> {
    const [name, description] =
      language === 'sv' ? ['name_sv', 'description_sv'] : ['name_en', 'description_en'];
    return this.db.query<TopicChoice>(
      `SELECT id, ${name} AS name, ${description} AS description
       FROM topic WHERE archived_at IS NULL ORDER BY position, key`,
    );
  }

  async standing(link: LinkTokenRow): Promise<Standing> {
    const [row] = await this.db.query<Standing>(
      `SELECT CASE WHEN g.restricted OR g.erased THEN '{}' ELSE g.allowed END AS "on",
         CASE WHEN g.paused_until > clock_timestamp() THEN g.paused_until END AS "pausedUntil", g.fewer,
         CASE WHEN g.no_all AND g.allowed = '{}' THEN e.at END AS "noAllSince",
         EXISTS (SELECT FROM tracking_consent t WHERE t.contact_id = $2) AS tracked
       FROM gate g LEFT JOIN ledger_entry e ON e.seq = g.no_seq
       WHERE g.address_key = $1`,
      [link.addressKey, link.contactId],
    );
    return row ?? NOTHING;
  }
}
