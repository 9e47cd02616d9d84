import { Injectable } from '@nestjs/common';
import { bucketOf, type Bucket, type MessageState } from '../../domain/message-state';
import { Database } from '../../platform/database/database';
import { Metrics } from '../../platform/operations/metrics';

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

/** Counts over the messages of a run, derived on read; and the checks that they add up. */
@Injectable()
export class Reports {
  constructor(
    private readonly db: Database,
    private readonly metrics: Metrics,
  ) {}

  async counts(dispatchId: string): Promise<Counts> {
    // One statement, one snapshot: audience and rows belong to the same moment.
    const rows = await this.db.query<{
      audience: number;
      state: MessageState | null;
      reason: string | null;
      count: number;
    }>(
      `SELECT d.audience, m.state, m.reason, count(m.id) AS count
       FROM dispatch d LEFT JOIN message m ON m.dispatch_id = d.id
       WHERE d.id = $1 GROUP BY 1, 2, 3`,
      [dispatchId],
    );
    const counts: Counts = {
      audience: rows[0]?.audience ?? 0,
      buckets: { ...EMPTY },
      states: {},
      withheld: [],
      gap: 0,
    };
    for (const { state, reason, count } of rows) {
      if (!state) continue;
      counts.buckets[bucketOf(state)] += count;
      counts.states[state] = (counts.states[state] ?? 0) + count;
      if (state === 'WITHHELD') counts.withheld.push({ reason: reason ?? 'unexplained', count });
    }
    counts.withheld.sort((a, b) => b.count - a.count);
    counts.gap = counts.audience - Object.values(counts.buckets).reduce((a, b) => a + b, 0);
    return counts;
  }

  /** The two promises, asked of the database itself. Any number but 0 is a fault, shown by a metric each. */
  async check(): Promise<{ equationGap: number; permitsAfterOptOut: number }> {
    const [equation] = await this.db.query<{ gap: number }>(
      `SELECT COALESCE(sum(abs(d.audience - (SELECT count(*) FROM message m WHERE m.dispatch_id = d.id))), 0)::int AS gap
       FROM dispatch d WHERE d.finished_at IS NULL OR d.finished_at > clock_timestamp() - interval '1 day'`,
    );
    const [permits] = await this.db.query<{ count: number }>(PERMITS_AFTER_OPT_OUT);
    const result = { equationGap: equation!.gap, permitsAfterOptOut: permits!.count };
    this.metrics.equationGap.set(result.equationGap);
    this.metrics.permitsAfterOptOut.set(result.permitsAfterOptOut);
    return result;
  }
}

/**
 * Both times are the database's clock, read while the same gate row was locked, so they are ordered as the
 * commits are. A later yes for the topic makes a permit right again.
 */
const PERMITS_AFTER_OPT_OUT = `
SELECT count(*) AS count FROM message m
JOIN dispatch d ON d.id = m.dispatch_id
JOIN LATERAL (
  SELECT l.seq, l.kind FROM ledger_entry l
  WHERE l.address_key = m.address_key AND l.at < m.permit_at
    AND (l.topic_id IS NULL OR l.topic_id = d.topic_id)
    AND (l.kind = 'opt_out' OR (l.kind = 'grant'
         AND l.method IN ('mina_sidor_authenticated', 'double_opt_in_post', 'officer_with_evidence')))
  ORDER BY l.seq DESC LIMIT 1
) last ON true
WHERE m.permit_at > clock_timestamp() - interval '2 days' AND last.kind = 'opt_out'`;
