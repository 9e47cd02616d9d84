import { Injectable, Logger } from '@nestjs/common';
import { EVENT_RANK, type ProviderEvent } from '../../domain/message-state';
import { Database, type Sql } from '../../platform/database/database';
import { SYSTEM } from '../../platform/http/actor';
import { ProviderEvents, type KnownMessage } from '../delivery/provider-events';
import { holdersOfKey } from '../registry/opt-outs.queries';
import { Registry } from '../registry/registry.service';
import type { LedgerAct } from '../registry/ledger/ledger-act';
import { effectOf, type Effect } from './effects';

const SLICE = 1_000;

export interface StoredEvent {
  id: number;
  type: string;
  subtype: string | null;
  messageId: string | null;
  addressKey: Buffer | null;
  keyVersion: number | null;
}

/** Takes stored events into messages and registry. Any order, any number of times, any number of workers. */
@Injectable()
export class ApplyEvents {
  private readonly log = new Logger('feedback');

  constructor(
    private readonly db: Database,
    private readonly messages: ProviderEvents,
    private readonly registry: Registry,
  ) {}

  async run(): Promise<void> {
    while ((await this.db.tx((tx) => this.slice(tx))) === SLICE);
  }

  private async slice(tx: Sql): Promise<number> {
    const events = await tx.query<StoredEvent & Record<string, unknown>>(
      `SELECT id, type, subtype, message_id AS "messageId", address_key AS "addressKey", key_version AS "keyVersion"
       FROM provider_event WHERE applied_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [SLICE],
    );
    if (events.length === 0) return 0;
    const effects = events.map((event) => effectOf(event));
    await this.messages.orderBeforePermits(
      tx,
      events.flatMap(({ messageId }) => messageId ?? []),
    );
    // Gate rows before messages: the order in which every permit and opt-out takes its locks.
    await this.recordActs(tx, events, effects);
    const known = await this.messages.apply(
      tx,
      events.flatMap(({ messageId, type, subtype }) => {
        const event = toProviderEvent(type, subtype);
        return messageId && event ? [{ messageId, event }] : [];
      }),
    );
    this.alarm(events, effects, known);
    await tx.query(
      `UPDATE provider_event e SET applied_at = clock_timestamp(), effect = a.effect
       FROM unnest($1::bigint[], $2::text[]) AS a(id, effect) WHERE e.id = a.id`,
      [events.map(({ id }) => id), effects.map(({ kind }) => kind)],
    );
    return events.length;
  }

  private async recordActs(tx: Sql, events: StoredEvent[], effects: Effect[]): Promise<void> {
    const acting = events.flatMap((event, n) => {
      const effect = effects[n]!;
      return effect.act ? [{ event, act: effect.act }] : [];
    });
    if (acting.length === 0) return;
    const origins = await findOrigins(
      tx,
      acting.map(({ event }) => event.messageId).filter((id) => id !== null),
    );
    const acts: LedgerAct[] = [];
    for (const { event, act } of acting) {
      const origin = event.messageId ? origins.get(event.messageId) : undefined;
      const key = origin?.addressKey ?? event.addressKey;
      // Neither a message of ours nor an address: nobody can be meant (asynchronous bounces may lack both).
      if (!key) continue;
      const address = {
        channel: 'email' as const,
        key,
        version: origin?.keyVersion ?? event.keyVersion ?? 1,
      };
      const people = origin?.contactId ? [origin.contactId] : await holdersOfKey(tx, key);
      const about: (string | null)[] =
        act.kind === 'opt_out' && people.length > 0 ? people : [null];
      for (const contactId of about) {
        acts.push({
          ...act,
          channel: null,
          address,
          contactId,
          actor: SYSTEM,
          messageId: origin ? event.messageId : null,
          campaignId: origin?.campaignId ?? null,
        });
      }
    }
    await this.registry.record(tx, acts);
  }

  private alarm(events: StoredEvent[], effects: Effect[], known: Map<string, KnownMessage>): void {
    effects.forEach(({ alarm }, n) => {
      if (alarm) this.log.warn(`event ${events[n]!.id}: ${alarm}`);
    });
    for (const { id, contradicts } of known.values()) {
      if (contradicts)
        this.log.error(`message ${id}: the provider reports what we never handed over`);
    }
  }
}

type Origin = Omit<KnownMessage, 'id' | 'contradicts'>;

async function findOrigins(tx: Sql, ids: string[]): Promise<Map<string, Origin>> {
  const rows = await tx.query<Origin & { id: string }>(
    `SELECT m.id, m.address_key AS "addressKey", COALESCE(a.key_version, 1) AS "keyVersion",
       COALESCE(c.merged_into_id, c.id) AS "contactId", d.campaign_id AS "campaignId"
     FROM message m JOIN dispatch d ON d.id = m.dispatch_id
     LEFT JOIN address a ON a.id = m.address_id LEFT JOIN contact c ON c.id = m.contact_id
     WHERE m.id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, ...origin }) => [id, origin]));
}

function toProviderEvent(type: string, subtype: string | null): ProviderEvent | null {
  if (type === 'bounce' && subtype === 'blocked') return 'blocked';
  return type in EVENT_RANK ? (type as ProviderEvent) : null;
}
