import { Injectable } from '@nestjs/common';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Database, type Sql } from '../../../platform/database/database';
import { NotFound } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import { isUuid } from '../../../platform/ids';
import { Contacts } from '../../contacts/contacts.service';
import type { LedgerAct } from '../../registry/ledger/ledger-act';
import { Registry } from '../../registry/registry.service';

interface StandingNo {
  kind: 'opt_out' | 'restrict';
  scope: 'all' | 'channel' | 'topic';
  channel: 'email' | 'sms' | null;
  topicId: string | null;
}

/** Makes two contacts one. Every no of either holds for both afterwards. */
@Injectable()
export class MergeContacts {
  constructor(
    private readonly db: Database,
    private readonly contacts: Contacts,
    private readonly registry: Registry,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async run(keepId: string, dropId: string, actor: Actor): Promise<void> {
    if (!isUuid(keepId)) throw new NotFound('contact_not_found');
    await this.db.tx(async (tx) => {
      // Locks both contacts, so a no that is being recorded for either is either seen here or comes after.
      await this.contacts.merge(tx, keepId, dropId, this.clock.now());
      const noes = await standingNoes(tx, dropId);
      await this.registry.record(
        tx,
        noes.map(({ topicId, ...no }): LedgerAct => ({
          ...no,
          ...(topicId && { topicId }),
          address: null,
          contactId: keepId,
          door: 'service_desk',
          detail: 'merged',
          actor,
          evidence: { from: dropId },
        })),
      );
      await this.registry.refresh(tx, [keepId]);
      const details = { from: dropId, noes: noes.length };
      await this.audit.record(
        tx,
        actor,
        'contact.merged',
        { type: 'contact', id: keepId },
        details,
      );
    });
  }
}

/** What the person has ever said no to, under this id; a restriction only while it holds. */
function standingNoes(sql: Sql, contactId: string): Promise<StandingNo[]> {
  return sql.query<StandingNo>(
    `SELECT DISTINCT kind, scope, channel, topic_id AS "topicId" FROM (
       SELECT DISTINCT ON (kind LIKE '%restrict', scope, channel, topic_id) kind, scope, channel, topic_id
       FROM ledger_entry
       WHERE contact_id = $1 AND kind IN ('opt_out', 'restrict', 'unrestrict')
       ORDER BY kind LIKE '%restrict', scope, channel, topic_id, seq DESC
     ) AS last WHERE kind <> 'unrestrict'`,
    [contactId],
  );
}
