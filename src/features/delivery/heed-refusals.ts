import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { SYSTEM } from '../../platform/http/actor';
import type { Channel } from '../../domain/address';
import type { Outcome } from '../channels/hand-over';
import type { LedgerAct } from '../registry/ledger/ledger-act';
import { Registry } from '../registry/registry.service';

type Says = Pick<LedgerAct, 'kind' | 'scope' | 'door' | 'detail'>;

const dead = (detail: string): Says => ({
  kind: 'undeliverable',
  scope: 'all',
  door: 'bounce',
  detail,
});

/** Refusals that say something of the person or the number, and not of the message alone (P-51). */
const SAYS: Readonly<Record<string, Says>> = {
  twilio_21610: { kind: 'opt_out', scope: 'all', door: 'provider_block', detail: '21610' },
  twilio_21211: dead('21211'),
  twilio_21614: dead('21614'),
};

interface Origin {
  id: string;
  channel: Channel;
  addressKey: Buffer;
  keyVersion: number;
  contactId: string | null;
  campaignId: string;
}

/** Takes into the registry what a provider's refusal tells of a number: it holds a STOP of theirs, or nobody is there. */
@Injectable()
export class HeedRefusals {
  private readonly log = new Logger('delivery');

  constructor(
    private readonly db: Database,
    private readonly registry: Registry,
  ) {}

  /** Never rejects: the messages are REJECTED already, and the next one would be told the same. */
  async run(outcomes: readonly Outcome[]): Promise<void> {
    const says = new Map<string, Says>();
    for (const outcome of outcomes) {
      const said = outcome.kind === 'refused' ? SAYS[outcome.code] : undefined;
      if (said) says.set(outcome.messageId, said);
    }
    if (says.size === 0) return;
    try {
      await this.record(says);
    } catch (error) {
      this.log.error(`what a provider refused is not in the registry: ${(error as Error).message}`);
    }
  }

  private async record(says: ReadonlyMap<string, Says>): Promise<void> {
    const origins = await this.db.query<Origin & Record<string, unknown>>(ORIGINS, [
      [...says.keys()],
    ]);
    const acts = origins.map((origin): LedgerAct => {
      const { id, channel, addressKey, keyVersion, contactId, campaignId } = origin;
      const said = says.get(id)!;
      return {
        ...said,
        channel: null,
        address: { channel, key: addressKey, version: keyVersion },
        contactId: said.kind === 'opt_out' ? contactId : null,
        actor: SYSTEM,
        messageId: id,
        campaignId,
      };
    });
    await this.db.tx((tx) => this.registry.record(tx, acts));
  }
}

/** $1 messages */
const ORIGINS = `
SELECT m.id, d.channel, m.address_key AS "addressKey", COALESCE(a.key_version, 1) AS "keyVersion",
  COALESCE(c.merged_into_id, c.id) AS "contactId", d.campaign_id AS "campaignId"
FROM message m JOIN dispatch d ON d.id = m.dispatch_id
LEFT JOIN address a ON a.id = m.address_id LEFT JOIN contact c ON c.id = m.contact_id
WHERE m.id = ANY($1::uuid[])`;
