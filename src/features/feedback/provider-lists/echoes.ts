import type { Sql } from '../../../platform/database/database';
import type { StoredEvent } from '../events.queries';

interface About {
  event: Pick<StoredEvent, 'type' | 'subtype'>;
  key: Buffer;
}

/**
 * Leaves out drops that only tell of our own mirror: we put the address on the provider's list for a no that we know,
 * so they say nothing new, and must not outweigh a yes that the person has confirmed since.
 */
export async function withoutEchoes<T extends About>(tx: Sql, about: T[]): Promise<T[]> {
  const isDrop = ({ event }: About) => event.type === 'dropped' && event.subtype === 'said_no';
  const dropped = about.filter(isDrop).map(({ key }) => key);
  if (dropped.length === 0) return about;
  const rows = await tx.query<{ key: string }>(
    `SELECT encode(address_key, 'hex') AS key FROM provider_listed
     WHERE list = 'unsubscribes' AND ours AND address_key = ANY($1::bytea[])`,
    [dropped],
  );
  const ours = new Set(rows.map(({ key }) => key));
  return about.filter((one) => !isDrop(one) || !ours.has(one.key.toString('hex')));
}
