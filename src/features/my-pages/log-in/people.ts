import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '../../../platform/database/database';
import type { Language } from '../../../platform/i18n/i18n';
import { AddressKeys } from '../../contacts/address-keys';

/**
 * Who may be logged in, from a row `known` of contact: the person it was merged into, unless an address they have or
 * had is restricted or erased. GDPR 18(2) leaves nothing but storing, and who was erased is not to be known again;
 * both are matters for a person at the desk, and a no needs no log-in.
 */
export const WHO_MAY_ENTER = `
  JOIN contact c ON c.id = COALESCE(known.merged_into_id, known.id) AND c.merged_into_id IS NULL
    AND NOT EXISTS (SELECT FROM gate g WHERE g.contact_id = c.id AND (g.restricted OR g.erased))
    AND NOT EXISTS (SELECT FROM address a JOIN gate g ON g.address_key = a.address_key
                    WHERE a.contact_id = c.id AND (g.restricted OR g.erased))`;

export interface MailHolder {
  contactId: string;
  language: Language;
  /** As it is stored, never as it was typed. */
  email: string;
  addressKey: Buffer;
}

/** Whom a log-in may be about: those who are known, and may enter. */
@Injectable()
export class People {
  constructor(
    private readonly db: Database,
    private readonly keys: AddressKeys,
  ) {}

  /** By the id that the portal, and its OpenID provider, know them by. */
  async byExternalId(externalId: string): Promise<string | null> {
    const [row] = await this.db.query<{ id: string }>(
      `SELECT c.id FROM contact known ${WHO_MAY_ENTER} WHERE known.external_id = $1`,
      [externalId],
    );
    return row?.id ?? null;
  }

  /** Who this contact is by now, if they may still enter. */
  async byContact(contactId: string): Promise<string | null> {
    const [row] = await this.db.query<{ id: string }>(
      `SELECT c.id FROM contact known ${WHO_MAY_ENTER} WHERE known.id = $1`,
      [contactId],
    );
    return row?.id ?? null;
  }

  /** Everybody at a mailbox (canonical, as domain/address.ts has it): learners first, then whom we have known longest. */
  byMailbox(canonical: string, sql: Sql = this.db): Promise<MailHolder[]> {
    return sql.query<MailHolder & Record<string, unknown>>(
      `SELECT c.id AS "contactId", c.language, box.value AS email, box.address_key AS "addressKey"
       FROM address box JOIN contact known ON known.id = box.contact_id ${WHO_MAY_ENTER}
       WHERE box.address_key = ANY ($1::bytea[]) AND box.channel = 'email'
       ORDER BY 'learner' = ANY (c.kinds) DESC, c.created_at, c.id`,
      [this.keys.keysOf('email', canonical).map(({ key }) => key)],
    );
  }
}
