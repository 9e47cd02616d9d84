import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Sql } from '../../platform/database/database';
import type { Language } from '../../platform/i18n/i18n';

export interface Wording {
  version: string;
  kind: string;
  language: Language;
  text: string;
  createdAt: Date;
}

/** The exact words people saw, kept once each, so that a consent can be reconstructed for any day (L-16). */
@Injectable()
export class Wordings {
  /** The version of this text: the same words always give the same one. Stores the text the first time. */
  async version(sql: Sql, kind: string, language: Language, text: string): Promise<string> {
    const hash = createHash('sha256').update(`${kind}\0${language}\0${text}`).digest('hex');
    const version = `${kind}-${language}-${hash.slice(0, 24)}`;
    await sql.query(
      `INSERT INTO wording (version, kind, language, text, created_at)
       VALUES ($1, $2, $3, $4, clock_timestamp()) ON CONFLICT (version) DO NOTHING`,
      [version, kind, language, text],
    );
    return version;
  }

  async text(sql: Sql, version: string): Promise<Wording | null> {
    const [row] = await sql.query<Wording>(
      `SELECT version, kind, language, text, created_at AS "createdAt" FROM wording WHERE version = $1`,
      [version],
    );
    return row ?? null;
  }
}
