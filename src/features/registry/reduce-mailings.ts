import { Injectable } from '@nestjs/common';
import { FEWER_DAYS } from '../../domain/registry-state';
import { Clock } from '../../platform/clock';
import { Database, type Sql } from '../../platform/database/database';
import { RECIPIENT } from '../../platform/http/actor';
import type { LedgerAct } from './ledger/ledger-act';
import type { LinkTokenRow } from './link-tokens';
import { OptOuts } from './opt-outs';
import { holdersOfKey } from './opt-outs.queries';
import { Registry } from './registry.service';
import { TrackingConsents } from './tracking-consents';

const PAUSE_MONTHS = 3;

/** At most one message every thirty days, for the person or address it is said of, on every channel. */
export const CHOOSE_FEWER = {
  kind: 'fewer',
  scope: 'all',
  channel: null,
  detail: 'fewer',
  evidence: { days: FEWER_DAYS },
} as const satisfies Partial<LedgerAct>;

/** The end of a pause that begins now. */
export function endOfPause(now: Date): Date {
  const until = new Date(now);
  until.setUTCMonth(until.getUTCMonth() + PAUSE_MONTHS);
  return until;
}

/** What the preference page can do with a link: less, never more (d.2 token overreach, P-72). */
@Injectable()
export class ReduceMailings {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly registry: Registry,
    private readonly optOuts: OptOuts,
    private readonly trackingConsents: TrackingConsents,
  ) {}

  async everything(link: LinkTokenRow): Promise<void> {
    await this.optOuts.byLink(link, { door: 'preference_page', detail: 'all' });
  }

  /** Unknown topics are ignored. */
  async topics(link: LinkTokenRow, topicIds: string[]): Promise<void> {
    const known = await this.db.query<{ id: string }>(
      `SELECT id FROM topic WHERE id = ANY($1::uuid[])`,
      [topicIds],
    );
    await this.record(
      link,
      known.map(({ id }) => ({ kind: 'opt_out', scope: 'topic', topicId: id, detail: 'topic' })),
    );
  }

  async pause(link: LinkTokenRow): Promise<void> {
    const until = endOfPause(this.clock.now());
    const evidence = { until: until.toISOString() };
    await this.record(link, [{ kind: 'pause', scope: 'all', detail: 'three_months', evidence }]);
  }

  /** Taken back in Mina sidor alone: whoever got the mail forwarded must not raise what is sent (P-72). */
  async fewer(link: LinkTokenRow): Promise<void> {
    await this.record(link, [CHOOSE_FEWER]);
  }

  /** Their clicks are seen no more, and those that were are forgotten. */
  async tracking(link: LinkTokenRow): Promise<void> {
    const { contactId, messageId, campaignId } = link;
    if (!contactId) return;
    const door = 'preference_page' as const;
    const address = { channel: link.channel, key: link.addressKey, version: link.keyVersion };
    await this.db.tx((tx) =>
      this.trackingConsents.end(tx, contactId, {
        door,
        address,
        messageId,
        campaignId,
        actor: RECIPIENT,
      }),
    );
  }

  private async record(
    link: LinkTokenRow,
    acts: Pick<LedgerAct, 'kind' | 'scope' | 'topicId' | 'detail' | 'evidence'>[],
  ): Promise<void> {
    await this.db.tx(async (tx) => {
      const people = await this.peopleBehind(tx, link);
      await this.registry.record(
        tx,
        people.flatMap((contactId) =>
          acts.map((act) => ({
            ...act,
            channel: null,
            address: { channel: link.channel, key: link.addressKey, version: link.keyVersion },
            contactId,
            door: 'preference_page' as const,
            actor: RECIPIENT,
            messageId: link.messageId,
            campaignId: link.campaignId,
          })),
        ),
      );
    });
  }

  private async peopleBehind(tx: Sql, link: LinkTokenRow): Promise<(string | null)[]> {
    if (link.contactId) return [link.contactId];
    const holders = await holdersOfKey(tx, link.addressKey);
    return holders.length > 0 ? holders : [null];
  }
}
