import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database, type Sql } from '../../platform/database/database';
import { Invalid, invalidField, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import type { Door } from './ledger/ledger-act';
import type { OptOutRecorded, RecordOptOut as Input } from './opt-outs.dto';
import { OptOuts, type OptOutReceipt, type OptOutScope, type OptOutSource } from './opt-outs';
import { contactOfExternalId, entryOfReference, lockReference } from './opt-outs.queries';
import { Topics } from './topics.service';

/** A no that staff or another system passes on; never asks for proof of identity (L-12). */
@Injectable()
export class RecordOptOut {
  constructor(
    private readonly db: Database,
    private readonly optOuts: OptOuts,
    private readonly topics: Topics,
    private readonly audit: Audit,
  ) {}

  /** Idempotent by what it says, and by `reference`. */
  async run(input: Input, actor: Actor): Promise<OptOutRecorded> {
    const receipt = await this.db.tx(async (tx) => {
      const repeated = await this.repeated(tx, input, actor);
      if (repeated) return repeated;
      const receipt = await this.record(tx, input, await this.source(tx, input, actor));
      await this.audit.record(
        tx,
        actor,
        'opt_out.recorded',
        { type: 'ledger_entry', id: receipt.entryId },
        { recorded: receipt.recorded, scope: receipt.scope, reference: input.reference },
      );
      return receipt;
    });
    const { maskedAddress, ...rest } = receipt;
    return { ...rest, address: maskedAddress };
  }

  private async source(tx: Sql, input: Input, actor: Actor): Promise<OptOutSource> {
    const { reference } = input;
    return {
      door: input.door ?? defaultDoor(actor),
      actor,
      what: await this.scope(tx, input),
      evidence: reference ? { reference } : {},
    };
  }

  private async scope(tx: Sql, { topic }: Input): Promise<OptOutScope> {
    if (topic === undefined) return { scope: 'all' };
    const found = await this.topics.byKey(topic, tx);
    if (!found) throw invalidField('topic', 'unknown_topic');
    return { scope: 'topic', topicId: found.id };
  }

  private async record(tx: Sql, input: Input, source: OptOutSource): Promise<OptOutReceipt> {
    const { address, contactId, externalId } = input;
    if ([address, contactId, externalId].filter((target) => target !== undefined).length !== 1) {
      throw new Invalid('one_target', {
        detail: 'Give exactly one of address, contactId, externalId.',
      });
    }
    if (address !== undefined) {
      const channel = input.channel ?? (address.includes('@') ? 'email' : 'sms');
      return this.optOuts.byAddressIn(tx, channel, address, source);
    }
    if (contactId !== undefined) return this.optOuts.byContactIn(tx, contactId, source);
    const found = await contactOfExternalId(tx, externalId!);
    if (!found) throw new NotFound('unknown_contact');
    return this.optOuts.byContactIn(tx, found, source);
  }

  /** A retry of an old no must not undo what the person has chosen since. */
  private async repeated(
    tx: Sql,
    { reference }: Input,
    actor: Actor,
  ): Promise<OptOutReceipt | null> {
    if (reference === undefined) return null;
    await lockReference(tx, actor.id, reference);
    const entry = await entryOfReference(tx, actor.id, reference);
    if (!entry) return null;
    return {
      ...entry,
      recorded: false,
      handedOver: { last72h: 0, inFlight: 0 },
      maskedAddress: null,
    };
  }
}

function defaultDoor({ type }: Actor): Door {
  return type === 'staff' || type === 'cli' ? 'service_desk' : 'api';
}
