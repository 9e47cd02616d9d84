import { Injectable } from '@nestjs/common';
import { normaliseEmail } from '../../domain/address';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { Metrics } from '../../platform/operations/metrics';
import { JobQueue } from '../../platform/queues/job-queue';
import { AddressKeys } from '../contacts/address-keys';
import type { IncomingEvent } from './sendgrid-events';

/** Stores events, each once, and rings for the rest: the provider is answered as soon as they are safe. */
@Injectable()
export class ReceiveEvents {
  constructor(
    private readonly db: Database,
    private readonly keys: AddressKeys,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly queue: JobQueue,
  ) {}

  async run(provider: string, events: readonly IncomingEvent[]): Promise<void> {
    if (events.length === 0) return;
    const canonicals = events.map(({ email }) => {
      const address = normaliseEmail(email ?? '');
      return address.ok ? address.canonical : null;
    });
    const known = [...new Set(canonicals.filter((canonical) => canonical !== null))];
    const keys = await this.keys.resolve(this.db, 'email', known);
    const keyOf = (n: number) => (canonicals[n] ? keys.get(canonicals[n]!) : undefined);
    const stored = await this.db.query<{ type: string }>(
      `INSERT INTO provider_event (provider, provider_event_id, type, subtype, code, occurred_at, received_at,
         message_id, address_key, key_version)
       SELECT $1, e.* FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[],
         $7::timestamptz[], $8::uuid[], $9::bytea[], $10::int[]) AS e
       ON CONFLICT (provider, provider_event_id) DO NOTHING RETURNING type`,
      [
        provider,
        events.map(({ providerEventId }) => providerEventId),
        events.map(({ type }) => type),
        events.map(({ subtype }) => subtype),
        events.map(({ code }) => code),
        events.map(({ occurredAt }) => occurredAt),
        events.map(() => this.clock.now()),
        events.map(({ messageId }) => messageId),
        events.map((_, n) => keyOf(n)?.key ?? null),
        events.map((_, n) => keyOf(n)?.version ?? null),
      ],
    );
    for (const { type } of stored)
      this.metrics.events.inc({ type: KNOWN.has(type) ? type : 'other' });
    if (stored.length > 0) await this.queue.enqueue('feedback.apply', ['stored']);
  }
}

/** A label of a metric must not be what a stranger can invent. */
const KNOWN = new Set([
  'processed',
  'deferred',
  'delivered',
  'dropped',
  'bounce',
  'unsubscribe',
  'group_unsubscribe',
  'group_resubscribe',
  'spamreport',
]);
