import { Injectable } from '@nestjs/common';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import { Database, type Sql } from '../../../platform/database/database';
import { Conflict, NotFound } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import { isUuid, newId } from '../../../platform/ids';
import { CheckDomain } from '../check-domain';
import {
  deleteSender,
  findSender,
  insertSender,
  lastDomainCheck,
  listSenders,
  lockSenders,
  takeDefaultAway,
  updateSender,
} from './sender.queries';
import type {
  SenderChange,
  SenderDomain,
  SenderInput,
  SenderList,
  SenderView,
} from './senders.dto';

/** Whom campaigns may be from. A campaign keeps its own copy: what is changed here is for the next one. */
@Injectable()
export class Senders {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly domains: CheckDomain,
  ) {}

  async list(): Promise<SenderList> {
    const { CONTROLLER_NAME, MARKETING_FROM, CONTROLLER_EMAIL, domainCheckRequired } = this.env;
    return {
      items: await listSenders(this.db),
      fromSettings: {
        name: CONTROLLER_NAME,
        email: MARKETING_FROM,
        replyTo: CONTROLLER_EMAIL,
        domain: await lastDomainCheck(this.db, domainOf(MARKETING_FROM)),
      },
      domainCheckRequired,
    };
  }

  create(input: SenderInput, actor: Actor): Promise<SenderView> {
    const id = newId();
    return this.db.tx(async (tx) => {
      const isDefault = (await lockSenders(tx)) === 0 || input.isDefault === true;
      if (isDefault) await takeDefaultAway(tx);
      const made = await insertSender(tx, id, { ...input, isDefault }, this.clock.now());
      if (!made) throw new Conflict('sender_taken');
      await this.audit.record(tx, actor, 'sender.created', { type: 'sender', id });
      return get(tx, id);
    });
  }

  change(id: string, change: SenderChange, actor: Actor): Promise<SenderView> {
    return this.db.tx(async (tx) => {
      await lockSenders(tx);
      const before = await get(tx, id);
      if (before.isDefault && change.isDefault === false) throw new Conflict('default_sender');
      if (change.isDefault) await takeDefaultAway(tx);
      const changed = await updateSender(tx, id, {
        name: change.name ?? before.name,
        email: change.email ?? before.email,
        replyTo: change.replyTo === undefined ? before.replyTo : change.replyTo,
        isDefault: change.isDefault ?? before.isDefault,
      });
      if (!changed) throw new Conflict('sender_taken');
      const fields = Object.keys(change).sort();
      await this.audit.record(tx, actor, 'sender.changed', { type: 'sender', id }, { fields });
      return get(tx, id);
    });
  }

  /** The default goes last: without it nobody could tell whom the next campaign is from. */
  async remove(id: string, actor: Actor): Promise<void> {
    await this.db.tx(async (tx) => {
      const left = await lockSenders(tx);
      const { isDefault } = await get(tx, id);
      if (isDefault && left > 1) throw new Conflict('default_sender');
      await deleteSender(tx, id);
      await this.audit.record(tx, actor, 'sender.removed', { type: 'sender', id });
    });
  }

  /** Asks DNS now; only about domains that we send from. */
  async check(domain: string): Promise<SenderDomain> {
    const { items, fromSettings } = await this.list();
    const ours = [fromSettings, ...items].map(({ email }) => domainOf(email));
    if (!ours.includes(domain)) throw new NotFound('unknown_sender_domain');
    const { details, ...check } = await this.domains.look(domain);
    const { spf = '', dkim = '', dmarc = '' } = details;
    return { ...check, details: { spf, dkim, dmarc } };
  }
}

/** Throws NotFound `no_such_sender`. */
async function get(sql: Sql, id: string): Promise<SenderView> {
  const sender = isUuid(id) ? await findSender(sql, id) : undefined;
  if (!sender) throw new NotFound('no_such_sender');
  return sender;
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}
