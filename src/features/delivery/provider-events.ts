import { Injectable } from '@nestjs/common';
import {
  addTold,
  EVENT_RANK,
  MESSAGE_STATES,
  NEVER_SENT,
  statesBefore,
  type ProviderEvent,
  type Told,
} from '../../domain/message-state';
import { constants, plainArray } from '../../platform/database/arrays';
import type { Sql } from '../../platform/database/database';
import { takeAlong } from './permit.queries';

export interface MessageEvent {
  messageId: string;
  event: ProviderEvent;
}

export interface Contradicted {
  id: string;
  /** It is still to be sent. */
  waits: boolean;
}

/** Moves messages by what a provider reports: any order, any number of times, never backwards. */
@Injectable()
export class ProviderEvents {
  /**
   * To be called before any gate row is locked, as a permit locks its batch before them: an event about what
   * we believe unsent waits for a permit under way, or that permit sees what the event says.
   */
  async orderBeforePermits(tx: Sql, events: readonly MessageEvent[]): Promise<void> {
    if (events.length > 0) await tx.query(LOCK_WAITING, [plainArray(distinct(events))]);
  }

  /**
   * Applies events inside the caller's transaction. Messages we do not know are passed over. Returns those of which
   * the provider tells though we never sent them, as far as we know; the caller must have called
   * `orderBeforePermits` if any of them waits to be sent, or roll back.
   */
  async apply(tx: Sql, events: readonly MessageEvent[]): Promise<Contradicted[]> {
    const told = new Map<string, Told>();
    for (const { messageId, event } of events)
      told.set(messageId, addTold(told.get(messageId), event));
    if (told.size === 0) return [];
    const sums = [...told.values()];
    // `processed` and `deferred` say no more than that it was taken, which the batch says of all its messages: a
    // write for each of them would double the work.
    return tx.query<Contradicted & Record<string, unknown>>(APPLY_EVENTS, [
      plainArray([...told.keys()]),
      plainArray(sums.map(({ shown }) => shown)),
      plainArray(sums.map(({ eventRank }) => (eventRank > EVENT_RANK.deferred ? eventRank : 0))),
    ]);
  }
}

const distinct = (events: readonly MessageEvent[]): string[] => [
  ...new Set(events.map(({ messageId }) => messageId)),
];

/** Over the aliases m (message), b (batch) and e (what is told). */
const STATE = 'COALESCE(m.state, b.message_state)';

/** Whether the message moves: the moves that evidence makes, as domain/message-state.ts lists them. */
const MOVES = `CASE e.shown ${MESSAGE_STATES.flatMap((shown) => {
  const before = statesBefore(shown, 'evidence');
  return before.length > 0 ? [`WHEN '${shown}' THEN ${STATE} IN (${constants(before)})`] : [];
}).join(' ')} ELSE FALSE END`;

const NEVER_SENT_STATES = constants(NEVER_SENT);

/** $1 messages */
export const LOCK_WAITING = `
SELECT 1 FROM batch WHERE id IN (
  SELECT m.batch_id FROM message m JOIN batch b ON b.id = m.batch_id
  WHERE m.id = ANY($1::uuid[]) AND ${STATE} IN ('PLANNED', 'RETRY_WAIT'))
ORDER BY id FOR KEY SHARE`;

/**
 * Rows that change are locked in the order of their ids, as they are by then, and written once; the others are only
 * looked at. $1 messages · $2 the state told of each · $3 its rank
 */
export const APPLY_EVENTS = `
WITH held AS MATERIALIZED (
  SELECT m.id, m.batch_id, ${STATE} AS state, e.shown, e.rank, ${MOVES} AS moves
  FROM unnest($1::uuid[], $2::text[], $3::int[]) AS e(id, shown, rank)
  JOIN message m ON m.id = e.id LEFT JOIN batch b ON b.id = m.batch_id
  WHERE ${MOVES} OR e.rank > m.event_rank OR ${STATE} IN (${NEVER_SENT_STATES})
  ORDER BY m.id FOR NO KEY UPDATE OF m
),
moved AS (
  UPDATE message m SET
    ${takeAlong(['outcome_at'])},
    outcome_at = COALESCE(CASE WHEN m.state IS NULL THEN b.outcome_at ELSE m.outcome_at END, clock_timestamp()),
    retry_at = CASE WHEN held.moves THEN NULL ELSE m.retry_at END,
    state = CASE WHEN held.moves THEN held.shown ELSE m.state END,
    event_rank = GREATEST(m.event_rank, held.rank)
  FROM held LEFT JOIN batch b ON b.id = held.batch_id
  WHERE m.id = held.id AND (held.moves OR held.rank > m.event_rank)
)
SELECT id, state IN ('PLANNED', 'CLAIMED', 'RETRY_WAIT') AS waits FROM held WHERE state IN (${NEVER_SENT_STATES})`;
