import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import type { ChangesQuery, RegistryChange, RegistryChanges as Page } from './opt-outs.dto';

const USUAL = 500;

/**
 * What other systems must obey, in the sealed order: positions have no gaps and never change, so a reader that
 * goes on from `next` misses nothing and sees nothing twice.
 */
@Injectable()
export class RegistryChanges {
  constructor(private readonly db: Database) {}

  async after({ after = 0, limit = USUAL }: ChangesQuery): Promise<Page> {
    const items = await this.db.query<RegistryChange>(
      `SELECT e.position, e.at, e.kind, e.scope, e.channel, topic.key AS topic,
         encode(e.address_key, 'hex') AS "addressKey", e.key_version AS "keyVersion",
         e.contact_id AS "contactId", c.external_id AS "externalId", e.door, e.evidence ->> 'until' AS until
       FROM ledger_entry e
       LEFT JOIN topic ON topic.id = e.topic_id
       LEFT JOIN contact c ON c.id = e.contact_id
       WHERE e.position > $1 AND e.kind <> 'grant_pending'
       ORDER BY e.position LIMIT $2`,
      [after, limit],
    );
    return { items, next: items.at(-1)?.position ?? after };
  }
}
