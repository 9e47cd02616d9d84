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
    return (await this.ofRuns([dispatchId])).get(dispatchId) ?? countsOf(0, []);
  }

  /** Of many runs at once; each that exists has its counts. */
  async ofRuns(dispatchIds: readonly string[]): Promise<Map<string, Counts>> {
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
    const byRun = new Map<string, typeof rows>();
    for (const row of rows) byRun.set(row.id, [...(byRun.get(row.id) ?? []), row]);
    return new Map([...byRun].map(([id, own]) => [id, countsOf(own[0]!.audience, own)]));
  }
}

/** What some rows of a run's messages, counted by anything finer than state and reason, say together. */
export function countsOf(
  audience: number,
  rows: readonly { state: MessageState | null; reason: string | null; count: number }[],
): Counts {
  const counts: Counts = { audience, buckets: { ...EMPTY }, states: {}, withheld: [], gap: 0 };
  const withheld = new Map<string, number>();
  for (const { state, reason, count } of rows) {
    if (!state) continue;
    counts.buckets[bucketOf(state)] += count;
    counts.states[state] = (counts.states[state] ?? 0) + count;
    const because = reason ?? 'unexplained';
    if (state === 'WITHHELD') withheld.set(because, (withheld.get(because) ?? 0) + count);
  }
  counts.withheld = [...withheld]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count);
  counts.gap = audience - Object.values(counts.buckets).reduce((a, b) => a + b, 0);
  return counts;
}
