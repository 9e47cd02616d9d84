import type { Channel } from '../../domain/address';
import { bytesArray, plainArray, textArray } from '../../platform/database/arrays';
import { prepare, type Sql } from '../../platform/database/database';
import type { IncomingEvent } from './incoming-event';

/** What is stored beside the event itself, one of each per event. */
export interface Placed {
  /** Counted from 1, the slice of those that only move messages; null when it changes nothing. */
  slices: (number | null)[];
  /** In hex. */
  keys: (string | null)[];
  keyVersions: (number | null)[];
}

export interface Stored {
  type: string;
  subtype: string | null;
  count: number;
  /** One of them. */
  providerEventId: string;
}

/**
 * Stores what is new, and a line for each slice that has any of it. In one order everywhere, or two transactions that
 * bring the same copies would wait for each other in a ring.
 * $1 provider · $2 now · $3 ids of the slices · then the events' columns
 */
export const STORE_EVENTS = prepare(
  'store_events',
  `
WITH stored AS (
  INSERT INTO provider_event (provider, received_at, slice_id, month, provider_event_id, type, subtype, code,
    occurred_at, message_id, address_key, key_version)
  SELECT $1, $2, ($3::uuid[])[e.slice], months.of_event(to_timestamp(e.occurred), now()), e.id, e.type, e.subtype,
    e.code, to_timestamp(e.occurred), e.message_id, e.address_key, e.key_version
  FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::uuid[], $10::bytea[], $11::int[],
    $12::int[]) AS e(id, type, subtype, code, occurred, message_id, address_key, key_version, slice)
  ORDER BY e.id COLLATE "C"
  ON CONFLICT DO NOTHING
  RETURNING type, subtype, provider_event_id, slice_id
), waiting AS (
  INSERT INTO event_slice (id, acting, events)
  SELECT slice_id, slice_id <> ($3::uuid[])[1], count(*) FROM stored WHERE slice_id IS NOT NULL GROUP BY slice_id
)
SELECT type, subtype, count(*) AS count, min(provider_event_id) AS "providerEventId" FROM stored GROUP BY 1, 2`,
);

export function storeEvents(
  sql: Sql,
  received: { provider: string; now: Date; sliceIds: readonly string[] },
  events: readonly IncomingEvent[],
  placed: Placed,
): Promise<Stored[]> {
  return sql.query<Stored & Record<string, unknown>>(STORE_EVENTS, [
    received.provider,
    received.now,
    received.sliceIds,
    textArray(events.map(({ providerEventId }) => providerEventId)),
    textArray(events.map(({ type }) => type)),
    textArray(events.map(({ subtype }) => subtype)),
    textArray(events.map(({ code }) => code)),
    plainArray(events.map(({ occurredAt }) => (occurredAt ? occurredAt.getTime() / 1000 : null))),
    plainArray(events.map(({ messageId }) => messageId)),
    bytesArray(placed.keys),
    plainArray(placed.keyVersions),
    plainArray(placed.slices),
  ]);
}

/**
 * Takes slices for this transaction, the oldest that nobody else has: one that acts, or some that only move
 * messages. Gate rows are locked by the former, so those are short. $1 acting · $2 at most · $3 not these
 */
export const TAKE_SLICES = prepare(
  'take_slices',
  `
SELECT id FROM event_slice WHERE acting = $1 AND id <> ALL($3::uuid[])
ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED`,
);

export interface StoredEvent {
  type: string;
  subtype: string | null;
  messageId: string | null;
  addressKey: Buffer | null;
  keyVersion: number | null;
}

/**
 * Not prepared: a plan made for an empty month would be kept while the month fills, until its next analysis.
 * $1 slices
 */
export const EVENTS_OF_SLICES = `
SELECT type, subtype, message_id AS "messageId", address_key AS "addressKey", key_version AS "keyVersion"
FROM provider_event WHERE slice_id = ANY($1::uuid[])`;

export const REMOVE_SLICES = prepare(
  'remove_slices',
  `DELETE FROM event_slice WHERE id = ANY($1::uuid[])`,
);

export interface Origin {
  id: string;
  addressKey: Buffer;
  keyVersion: number;
  channel: Channel;
  contactId: string | null;
  campaignId: string;
}

/** $1 messages */
export const ORIGINS = `
SELECT m.id, d.channel, m.address_key AS "addressKey", COALESCE(a.key_version, 1) AS "keyVersion",
  COALESCE(c.merged_into_id, c.id) AS "contactId", d.campaign_id AS "campaignId"
FROM message m JOIN dispatch d ON d.id = m.dispatch_id
LEFT JOIN address a ON a.id = m.address_id LEFT JOIN contact c ON c.id = m.contact_id
WHERE m.id = ANY($1::uuid[])`;
