import { Injectable } from '@nestjs/common';
import { normaliseAddress } from '../../../domain/address';
import { Database, type Sql } from '../../../platform/database/database';
import { Invalid } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import type { Language } from '../../../platform/i18n/i18n';
import type { Reply } from '../../feedback/replies/reply.queries';
import { SettleReply } from '../../feedback/replies/settle-reply';
import type { AddressRef } from '../../registry/ledger/ledger-act';
import { LONGEST_WORDS } from '../cases/cases.dto';
import type { Subject } from '../cases/cases.queries';
import { Cases } from '../cases/cases.service';
import { RecordNo } from '../record-no';
import type { NoRecorded } from '../record-no.dto';
import type { DismissReply, ReplyOptOut } from './replies.dto';

/** What a person makes of a reply that no machine could understand (P-14, P-53). */
@Injectable()
export class AnswerReply {
  constructor(
    private readonly db: Database,
    private readonly settling: SettleReply,
    private readonly cases: Cases,
    private readonly noes: RecordNo,
  ) {}

  /** It was a no. Its words go on in the case. */
  async optOut(
    id: string,
    { words }: ReplyOptOut,
    actor: Actor,
    language: Language,
  ): Promise<NoRecorded> {
    return this.db.tx(async (tx) => {
      const reply = await this.settling.take(tx, id);
      const { subject, also } = await this.meant(tx, reply);
      const said = {
        what: { scope: 'all' as const },
        cameBy: reply.channel,
        words: words ?? reply.body?.slice(0, LONGEST_WORDS),
        also,
      };
      const recorded = await this.noes.about(tx, subject, said, actor, language);
      const ledgerEntryId = recorded.entryId;
      await this.settling.settle(tx, reply, { outcome: 'opted_out', ledgerEntryId }, actor);
      return recorded;
    });
  }

  async dismiss(id: string, { as }: DismissReply, actor: Actor): Promise<void> {
    await this.db.tx(async (tx) => {
      const reply = await this.settling.take(tx, id);
      await this.settling.settle(tx, reply, { outcome: as }, actor);
    });
  }

  /** Whoever had the link that was answered, and the sender, who may write from another address (F-97). */
  private async meant(
    tx: Sql,
    { channel, sender, addressKey, keyVersion }: Reply,
  ): Promise<{ subject: Subject; also?: AddressRef }> {
    const readable = sender !== null && normaliseAddress(channel, sender).ok;
    const bySender = readable ? await this.cases.subjectOf(tx, { channel, address: sender }) : null;
    if (bySender && (addressKey === null || bySender.address!.key.equals(addressKey)))
      return { subject: bySender };
    if (addressKey === null) throw new Invalid('reply_without_address');
    const subject = await this.cases.subjectOfKey(tx, {
      channel,
      key: addressKey,
      version: keyVersion!,
    });
    return { subject, ...(bySender && { also: bySender.address! }) };
  }
}
