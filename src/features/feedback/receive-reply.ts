import { Injectable } from '@nestjs/common';
import { type Channel, normaliseAddress } from '../../domain/address';
import { meaningOf, type SmsMeaning } from '../../domain/sms-keywords';
import { Clock } from '../../platform/clock';
import { Env } from '../../platform/config/env';
import { Database, type Sql } from '../../platform/database/database';
import { RECIPIENT } from '../../platform/http/actor';
import { t } from '../../platform/i18n/i18n';
import { newId } from '../../platform/ids';
import { AddressKeys } from '../contacts/address-keys';
import { OptOuts } from '../registry/opt-outs';
import { storeReply } from './replies/reply.queries';

export interface IncomingReply {
  channel: Channel;
  provider: string;
  /** The provider's own id: a reply that comes twice is one. */
  providerId: string;
  from: string;
  body: string;
  /** What the provider has taken it for: STOP, START or HELP. */
  understoodAs?: string;
}

/**
 * What people write back. A plain no holds at once for everybody who has the number (P-53, P-55); whatever is unclear, and
 * whatever would be a yes (P-56), waits for a person to read it.
 */
@Injectable()
export class ReceiveReply {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly keys: AddressKeys,
    private readonly optOuts: OptOuts,
    private readonly clock: Clock,
  ) {}

  /** What to answer, or null: a no is confirmed once a day. */
  async run(reply: IncomingReply): Promise<string | null> {
    const number = normaliseAddress(reply.channel, reply.from);
    const meaning = number.ok ? understood(reply) : 'unclear';
    return this.db.tx(async (tx) => {
      const key = number.ok
        ? (await this.keys.resolve(tx, reply.channel, [number.canonical])).get(number.canonical)!
        : null;
      const id = newId();
      const isNew = await storeReply(tx, {
        ...reply,
        id,
        at: this.clock.now(),
        address: key,
        sender: reply.from,
        meaning,
        open: meaning !== 'stop',
      });
      if (!isNew || meaning !== 'stop') return null;
      const address = { channel: reply.channel, ...key! };
      await this.optOuts.byKeysIn(tx, [address], {
        door: 'sms_keyword',
        actor: RECIPIENT,
        evidence: { reply: id },
      });
      return (await this.confirms(tx, id, address.key)) ? this.confirmation() : null;
    });
  }

  /** The first no of a day from a number is confirmed; its gate row, locked by the no, keeps two from being the first. */
  private async confirms(tx: Sql, id: string, key: Buffer): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE reply SET confirmed_at = $3 WHERE id = $1 AND NOT EXISTS (
         SELECT FROM reply r WHERE r.address_key = $2 AND r.confirmed_at > $3::timestamptz - interval '24 hours')
       RETURNING id`,
      [id, key, this.clock.now()],
    );
    return rows.length === 1;
  }

  private confirmation(): string {
    return t('sv', 'feedback:sms.stopped', {
      controller: this.env.CONTROLLER_NAME,
      phone: this.env.CONTROLLER_PHONE,
    });
  }
}

function understood({ body, understoodAs }: IncomingReply): SmsMeaning {
  return understoodAs?.toUpperCase() === 'STOP' ? 'stop' : meaningOf(body);
}
