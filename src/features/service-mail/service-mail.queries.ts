import type { Channel } from '../../domain/address';
import type { Sql } from '../../platform/database/database';
import type { Language } from '../../platform/i18n/i18n';
import {
  channelOf,
  STALE_SECONDS,
  type ServiceMailOrder,
  type ServiceTemplate,
} from './service-templates';

export interface ClaimedServiceMail {
  channel: Channel;
  template: ServiceTemplate;
  language: Language;
  to: string;
  data: Record<string, string>;
  attempts: number;
  /** Until it would only puzzle its reader; none: it has waited too long. */
  secondsLeft: number;
}

export type FinalState = 'ACCEPTED' | 'REJECTED' | 'UNKNOWN' | 'WITHHELD';

/** Null when a row with this idempotency key stands already. */
export async function insertServiceMessage(
  sql: Sql,
  id: string,
  order: ServiceMailOrder,
): Promise<string | null> {
  const rows = await sql.query<{ id: string }>(
    `INSERT INTO service_message
       (id, idempotency_key, template, language, to_address, address_key, data, channel, state, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'PLANNED', clock_timestamp())
     ON CONFLICT (idempotency_key) DO NOTHING
     RETURNING id`,
    [
      id,
      order.idempotencyKey,
      order.template,
      order.language,
      order.to,
      order.addressKey,
      JSON.stringify(order.data),
      channelOf(order.template),
    ],
  );
  return rows[0]?.id ?? null;
}

/** Only one caller gets the row; a claim whose lease ran out was never handed over and may be taken again. */
export async function claimServiceMessage(
  sql: Sql,
  id: string,
  token: string,
  leaseSeconds: number,
): Promise<ClaimedServiceMail | null> {
  const rows = await sql.query<ClaimedServiceMail>(
    `UPDATE service_message
     SET state = 'CLAIMED', claim_token = $2, retry_at = NULL, attempts = attempts + 1,
         lease_until = clock_timestamp() + make_interval(secs => $3)
     WHERE id = $1
       AND (state = 'PLANNED'
         OR (state = 'RETRY_WAIT' AND retry_at <= clock_timestamp())
         OR (state = 'CLAIMED' AND lease_until < clock_timestamp()))
     RETURNING channel, template, language, to_address AS "to", data, attempts,
       floor(($4::jsonb ->> template)::int
         - extract(epoch FROM clock_timestamp() - created_at))::int AS "secondsLeft"`,
    [id, token, leaseSeconds, JSON.stringify(STALE_SECONDS)],
  );
  return rows[0] ?? null;
}

export interface AddressState {
  undeliverable: boolean;
  restricted: boolean;
  erased: boolean;
}

/**
 * Locks and reads the gate row: a restriction that was recorded before is seen, one that comes now waits.
 * Null: we know nothing about the address, which is no hindrance for service mail.
 */
export async function lockAddressState(sql: Sql, id: string): Promise<AddressState | null> {
  const rows = await sql.query<AddressState>(
    `SELECT undeliverable_at IS NOT NULL AS undeliverable, restricted, erased
     FROM gate
     WHERE address_key = (SELECT address_key FROM service_message WHERE id = $1)
     FOR SHARE`,
    [id],
  );
  return rows[0] ?? null;
}

/** The permit: true for the holder of a living claim, once. */
export async function permitServiceMessage(sql: Sql, id: string, token: string): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE service_message SET state = 'HANDED_OVER'
     WHERE id = $1 AND claim_token = $2 AND state = 'CLAIMED' AND lease_until > clock_timestamp()
     RETURNING id`,
    [id, token],
  );
  return rows.length === 1;
}

/**
 * The end of a message. The address and the data go at once: what has none left cannot be sent again, and
 * that holds for UNKNOWN as well. A late answer to the same claim is evidence, and may still settle UNKNOWN.
 */
export async function settleServiceMessage(
  sql: Sql,
  id: string,
  token: string,
  end: { state: FinalState; reason: string | null; providerId?: string },
): Promise<void> {
  await sql.query(
    `UPDATE service_message
     SET state = $3, reason = $4, provider_id = $5, to_address = NULL, data = '{}',
         lease_until = NULL, retry_at = NULL, settled_at = clock_timestamp()
     WHERE id = $1 AND claim_token = $2 AND state IN ('CLAIMED', 'HANDED_OVER', 'UNKNOWN')`,
    [id, token, end.state, end.reason, end.providerId ?? null],
  );
}

/** Only for what the provider provably does not have. */
export async function postponeServiceMessage(
  sql: Sql,
  id: string,
  token: string,
  wait: { seconds: number; reason: string },
): Promise<void> {
  await sql.query(
    `UPDATE service_message
     SET state = 'RETRY_WAIT', reason = $3, lease_until = NULL,
         retry_at = clock_timestamp() + make_interval(secs => $4)
     WHERE id = $1 AND claim_token = $2 AND state IN ('CLAIMED', 'HANDED_OVER')`,
    [id, token, wait.reason, wait.seconds],
  );
}

/** Messages whose bell was lost or whose wait is over, oldest first. */
export async function dueServiceMessages(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM service_message
     WHERE state = 'PLANNED'
        OR (state = 'RETRY_WAIT' AND retry_at <= clock_timestamp())
        OR (state = 'CLAIMED' AND lease_until < clock_timestamp())
     ORDER BY id LIMIT $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

/** Handed over by a process that died: nobody knows, so nobody sends it again. Returns how many. */
export async function giveUpHandedOver(sql: Sql): Promise<number> {
  const rows = await sql.query(
    `UPDATE service_message
     SET state = 'UNKNOWN', reason = 'lease_expired', to_address = NULL, data = '{}',
         lease_until = NULL, settled_at = clock_timestamp()
     WHERE state = 'HANDED_OVER' AND lease_until < clock_timestamp()
     RETURNING id`,
  );
  return rows.length;
}
