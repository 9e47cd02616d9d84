import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { newId } from '../../platform/ids';
import type { LinkTokenRow } from './link-tokens';

/** What one may answer; words of one's own could hold anything about anybody. */
export const OPT_OUT_REASONS = [
  'too_often',
  'not_relevant',
  'never_asked',
  'changed_job',
  'other',
] as const;
export type OptOutReason = (typeof OPT_OUT_REASONS)[number];

/** Why people left, from those who want to tell. The right needs no reason (L-07): nothing waits for one. */
@Injectable()
export class OptOutReasons {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** For the no that stands at the link's address, if one does; the latest answer counts. A test link's is nobody's. */
  async tell(link: LinkTokenRow, reason: unknown): Promise<void> {
    const known = (OPT_OUT_REASONS as readonly unknown[]).includes(reason);
    if (!known || link.class === 'test') return;
    await this.db.query(
      `INSERT INTO opt_out_reason (id, at, ledger_entry_id, reason)
       SELECT $1, $2, e.id, $3 FROM gate g JOIN ledger_entry e ON e.seq = g.no_seq WHERE g.address_key = $4
       ON CONFLICT (ledger_entry_id) DO UPDATE SET reason = excluded.reason`,
      [newId(), this.clock.now(), reason, link.addressKey],
    );
  }
}
