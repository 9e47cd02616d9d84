import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { Database, type Sql } from '../../platform/database/database';
import { Conflict, Invalid, invalidField } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { t, type Language } from '../../platform/i18n/i18n';
import { newId } from '../../platform/ids';
import type { AddressRef } from '../registry/ledger/ledger-act';
import {
  OptOuts,
  type OptOutReceipt,
  type OptOutScope,
  type OptOutSource,
} from '../registry/opt-outs';
import { Topics } from '../registry/topics.service';
import type { Told } from './cases/cases.dto';
import { referenceOf, type CaseRow, type Subject } from './cases/cases.queries';
import { Cases } from './cases/cases.service';
import { entryOfCase, otherAddresses } from './record-no.queries';
import type { NoRecorded, RecordNoInput } from './record-no.dto';

/** What somebody says no to, with the topic's name as people know it. */
type What = OptOutScope & { topicName?: string };

/** A no said by phone, in a letter, at the desk: in force when this answers, with a case to refer to (L-12, D-03). */
@Injectable()
export class RecordNo {
  constructor(
    private readonly db: Database,
    private readonly optOuts: OptOuts,
    private readonly topics: Topics,
    private readonly cases: Cases,
  ) {}

  /** Idempotent by `reference`. */
  async run(input: RecordNoInput, actor: Actor, language: Language): Promise<NoRecorded> {
    return this.db.tx(async (tx) => {
      const before = await this.cases.repeated(tx, input.reference, actor);
      if (before) return this.again(tx, before, language);
      const subject = await this.cases.subjectOf(tx, input);
      if (!subject) throw new Invalid('one_target');
      const what = await this.what(tx, input, subject, language);
      return this.about(tx, subject, { ...input, what }, actor, language);
    });
  }

  /** The no of a person that is known already, as part of the caller's transaction. `also`: an address they wrote from. */
  async about(
    tx: Sql,
    subject: Subject,
    said: Pick<Told, 'cameBy' | 'words' | 'reference'> & { what: What; also?: AddressRef },
    actor: Actor,
    language: Language,
  ): Promise<NoRecorded> {
    const id = newId();
    const { topicName: _, ...what } = said.what;
    const source: OptOutSource = { door: 'service_desk', actor, what, evidence: { case: id } };
    const addresses = [subject.address, said.also].flatMap((address) => address ?? []);
    const receipt = await (subject.address
      ? this.optOuts.byKeysIn(tx, addresses, source)
      : this.optOuts.byContactIn(tx, subject.contactId!, source));
    const stoppedBy = receipt.entryId;
    const made = await this.cases.insert(tx, { id, kind: 'stop', subject, stoppedBy }, said, actor);
    return this.answer(tx, made, receipt, said.what, language);
  }

  private async what(
    tx: Sql,
    { scope = 'all', topic, channel }: RecordNoInput,
    { address }: Subject,
    language: Language,
  ): Promise<What> {
    if ((scope === 'topic') !== (topic !== undefined))
      throw invalidField('topic', 'topic_with_its_scope');
    if (scope === 'topic') {
      const found = await this.topics.byKey(topic!, tx);
      if (!found) throw invalidField('topic', 'unknown_topic');
      return {
        scope,
        topicId: found.id,
        topicName: language === 'sv' ? found.nameSv : found.nameEn,
      };
    }
    if (scope === 'all') return { scope };
    const on = address?.channel ?? channel;
    if (!on) throw invalidField('channel', 'missing_channel');
    return { scope, channel: on };
  }

  /** What was answered the first time; nothing is said anew, since the person may have chosen otherwise since. */
  private async again(tx: Sql, row: CaseRow, language: Language): Promise<NoRecorded> {
    const entry = row.ledgerEntryId ? await entryOfCase(tx, row.ledgerEntryId) : undefined;
    // A case of that reference was opened, but no no was recorded with it.
    if (!entry) throw new Conflict('reference_of_another_case');
    const { at, scope, channel, topicId } = entry;
    const receipt = {
      at,
      scope,
      entryId: row.ledgerEntryId!,
      recorded: false,
      handedOver: { last72h: 0, inFlight: 0 },
    };
    const topicName = language === 'sv' ? entry.topicSv : entry.topicEn;
    const what = { scope, channel, topicId, topicName } as What;
    return this.answer(tx, row, receipt, what, language);
  }

  private async answer(
    tx: Sql,
    row: CaseRow,
    { recorded, at, scope, entryId, handedOver }: Omit<OptOutReceipt, 'maskedAddress'>,
    what: What,
    language: Language,
  ): Promise<NoRecorded> {
    const topicId = what.scope === 'topic' ? what.topicId : null;
    const others = await otherAddresses(tx, row.contactId, row.addressKey, topicId);
    return {
      reference: referenceOf(row),
      caseId: row.id,
      recorded,
      holds: holds(what, language),
      at,
      scope,
      entryId,
      handedOver,
      otherAddresses: others,
    };
  }
}

function holds(what: What, language: Language): string {
  const channel = (on: Channel) => t(language, `service-desk:channel.${on}`);
  return t(language, `service-desk:holds.${what.scope}`, {
    channel: what.scope === 'channel' ? channel(what.channel) : '',
    topic: what.topicName ?? '',
  });
}
