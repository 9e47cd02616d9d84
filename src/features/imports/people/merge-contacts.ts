import { Injectable } from '@nestjs/common';
import type { Channel } from '../../../domain/address';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Database, type Sql } from '../../../platform/database/database';
import { NotFound } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import { isUuid } from '../../../platform/ids';
import { Contacts } from '../../contacts/contacts.service';
import { forgetPeople } from '../../contacts/learning/forget.queries';
import type { LedgerAct } from '../../registry/ledger/ledger-act';
import { Registry } from '../../registry/registry.service';

type StandingNo = Pick<LedgerAct, 'kind' | 'scope' | 'channel' | 'topicId' | 'evidence'>;

/**
 * Makes two contacts one. Every no of either holds for the other's addresses too, also where the other has said a
 * newer yes: nobody knew then that they are the same. A yes that the kept one proved after a no of its own stands.
 * So it is with a wish for fewer messages, which the other may have taken back.
 */
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
      const moved = await this.contacts.merge(tx, keepId, dropId, this.clock.now());
      const kept = await standingNoes(tx, keepId);
      const dropped = await standingNoes(tx, dropId);
      const merged = { door: 'service_desk', detail: 'merged', actor } as const;
      const ofPerson = (no: StandingNo, from: string): LedgerAct => ({
        ...no,
        ...merged,
        address: null,
        contactId: keepId,
        evidence: { ...no.evidence, from },
      });
      const acts: LedgerAct[] = [
        ...dropped.map((no) => ofPerson(no, dropId)),
        ...kept.filter(({ kind }) => kind === 'fewer').map((wish) => ofPerson(wish, keepId)),
        // About the address alone: what is kept has had its say. A restriction is the person's and reaches all.
        ...moved.flatMap((address) =>
          kept
            .filter(({ kind, channel }) => kind === 'opt_out' && reaches(channel, address.channel))
            .map((no) => ({
              ...no,
              ...merged,
              address,
              contactId: null,
              evidence: { from: keepId },
            })),
        ),
      ];
      await this.registry.record(tx, acts);
      await this.registry.refresh(tx, [keepId]);
      // A no that the kept one had before reaches what came with the other, too.
      await forgetPeople(tx, [keepId]);
      const details = { from: dropId, noes: acts.length };
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

const reaches = (of: StandingNo['channel'], channel: Channel): boolean =>
  of === null || of === channel;

/** What the person has ever said no to, under this id; a restriction and a wish for fewer only while they hold. */
async function standingNoes(sql: Sql, contactId: string): Promise<StandingNo[]> {
  const noes = await sql.query<StandingNo>(
    `SELECT kind, scope, channel, topic_id AS "topicId",
       CASE kind WHEN 'fewer' THEN jsonb_build_object('days', evidence -> 'days') ELSE '{}' END AS evidence
     FROM (
       SELECT DISTINCT ON (replace(kind, 'un', ''), scope, channel, topic_id) *
       FROM ledger_entry
       WHERE contact_id = $1 AND kind IN ('opt_out', 'fewer', 'restrict', 'unrestrict')
       ORDER BY replace(kind, 'un', ''), scope, channel, topic_id, seq DESC
     ) AS last WHERE kind <> 'unrestrict' AND (kind <> 'fewer' OR evidence ? 'days')`,
    [contactId],
  );
  return noes.map((no) => ({ ...no, topicId: no.topicId ?? undefined }));
}
