import { Injectable } from '@nestjs/common';
import { bucketOf, type Bucket, type MessageState } from '../../domain/message-state';
import { Database } from '../../platform/database/database';

export interface Counts {
  audience: number;
  /** Where everybody is; the sum of all is the audience, at every moment. */
  buckets: Record<Bucket, number>;
  states: Partial<Record<MessageState, number>>;
  withheld: { reason: string; count: number }[];
  /** audience − sum of buckets. */
  gap: number;
}

const EMPTY: Record<Bucket, number> = {
  withheld: 0,
  cancelled: 0,
  pending: 0,
  in_flight: 0,
  rejected: 0,
  accepted: 0,
  unknown: 0,
};

/** Counts over the messages of a run, derived on read. */
@Injectable()
export class Reports {
  constructor(private readonly db: Database) {}

  async counts(dispatchId: string): Promise<Counts> {
    return (await this.countsOf([dispatchId])).get(dispatchId) ?? empty(0);
  }

  /** Of many runs at once; each that exists has its counts. */
  async countsOf(dispatchIds: readonly string[]): Promise<Map<string, Counts>> {
    // One statement, one snapshot: audience and rows belong to the same moment.
    const rows = await this.db.query<{
      id: string;
      audience: number;
      state: MessageState | null;
      reason: string | null;
      count: number;
    }>(
      `SELECT d.id, d.audience, m.state, m.reason, count(m.id) AS count
       FROM dispatch d LEFT JOIN message_status m ON m.dispatch_id = d.id
       WHERE d.id = ANY($1) GROUP BY 1, 2, 3, 4`,
      [dispatchIds],
    );
    const found = new Map<string, Counts>();
    for (const { id, audience, state, reason, count } of rows) {
      const counts = found.get(id) ?? empty(audience);
      found.set(id, counts);
      if (!state) continue;
      counts.buckets[bucketOf(state)] += count;
      counts.states[state] = (counts.states[state] ?? 0) + count;
      if (state === 'WITHHELD') counts.withheld.push({ reason: reason ?? 'unexplained', count });
    }
    for (const counts of found.values()) {
      counts.withheld.sort((a, b) => b.count - a.count);
      counts.gap = counts.audience - Object.values(counts.buckets).reduce((a, b) => a + b, 0);
    }
    return found;
  }
}

function empty(audience: number): Counts {
  return { audience, buckets: { ...EMPTY }, states: {}, withheld: [], gap: 0 };
}
