import { Injectable } from '@nestjs/common';
import {
  mergeEvent,
  saysNeverSent,
  type MessageState,
  type ProviderEvent,
} from '../../domain/message-state';
import type { Sql } from '../../platform/database/database';
import { takeAlong } from './permit.queries';

export interface MessageEvent {
  messageId: string;
  event: ProviderEvent;
}

/** What an event's message was about, for whoever decides its further effects. */
export interface KnownMessage {
  id: string;
  addressKey: Buffer;
  keyVersion: number;
  contactId: string | null;
  campaignId: string;
  /** An event says the provider has what we believe was never sent. */
  contradicts: boolean;
}

interface LockedMessage extends Omit<KnownMessage, 'contradicts'> {
  batchId: string | null;
  state: MessageState;
  eventRank: number;
}

/** Moves messages by what a provider reports: any order, any number of times, never backwards. */
@Injectable()
export class ProviderEvents {
  /**
   * To be called before any gate row is locked, as a permit locks its batch before them: an event about what
   * we believe unsent waits for a permit under way, or that permit sees what the event says.
   */
  async orderBeforePermits(tx: Sql, messageIds: readonly string[]): Promise<void> {
    await tx.query(
      `SELECT 1 FROM batch WHERE id IN (
         SELECT m.batch_id FROM message m JOIN batch b ON b.id = m.batch_id
         WHERE m.id = ANY($1::uuid[]) AND COALESCE(m.state, b.message_state) IN ('PLANNED', 'RETRY_WAIT'))
       ORDER BY id FOR KEY SHARE`,
      [messageIds],
    );
  }

  /** Applies events inside the caller's transaction. Messages we do not know are left out of the answer. */
  async apply(tx: Sql, events: readonly MessageEvent[]): Promise<Map<string, KnownMessage>> {
    const ids = [...new Set(events.map(({ messageId }) => messageId))];
    const messages = await tx.query<LockedMessage & Record<string, unknown>>(
      `SELECT m.id, m.batch_id AS "batchId", COALESCE(m.state, b.message_state) AS state, m.event_rank AS "eventRank", m.address_key AS "addressKey",
         m.contact_id AS "contactId", d.campaign_id AS "campaignId",
         COALESCE(a.key_version, (SELECT l.key_version FROM ledger_entry l
           WHERE l.address_key = m.address_key LIMIT 1), 1) AS "keyVersion"
       FROM message m JOIN dispatch d ON d.id = m.dispatch_id
       LEFT JOIN batch b ON b.id = m.batch_id LEFT JOIN address a ON a.id = m.address_id
       WHERE m.id = ANY($1::uuid[]) ORDER BY m.id FOR UPDATE OF m`,
      [ids],
    );
    const byId = new Map(messages.map((message) => [message.id, message]));
    const contradicting = new Set<string>();
    const changed = new Set<LockedMessage>();
    for (const { messageId, event } of events) {
      const message = byId.get(messageId);
      if (!message) continue;
      if (saysNeverSent(message.state)) contradicting.add(messageId);
      const merged = mergeEvent(message, event);
      if (merged.state === message.state && merged.eventRank === message.eventRank) continue;
      Object.assign(message, merged);
      changed.add(message);
    }
    await this.save(tx, [...changed]);
    return new Map(
      messages.map(({ state: _state, eventRank: _rank, batchId: _batch, ...known }) => [
        known.id,
        { ...known, contradicts: contradicting.has(known.id) },
      ]),
    );
  }

  private async save(tx: Sql, messages: LockedMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await tx.query(
      `UPDATE message m SET ${takeAlong(['outcome_at'])}, state = e.state, event_rank = e.rank, retry_at = NULL,
         outcome_at = COALESCE(CASE WHEN m.state IS NULL THEN b.outcome_at ELSE m.outcome_at END, clock_timestamp())
       FROM unnest($1::uuid[], $2::text[], $3::int[], $4::uuid[]) AS e(id, state, rank, batch_id)
       LEFT JOIN batch b ON b.id = e.batch_id
       WHERE m.id = e.id`,
      [
        messages.map(({ id }) => id),
        messages.map(({ state }) => state),
        messages.map(({ eventRank }) => eventRank),
        messages.map(({ batchId }) => batchId),
      ],
    );
  }
}
