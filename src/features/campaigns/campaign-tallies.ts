import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import type { RunProgress } from './campaign-views.dto';
import { COUNT_AGAIN, EARLIER_RUNS, MEDIANS, TALLIED } from './campaign-report.queries';

const COMPARED = 10;

/** The middle shares of some campaigns; null where fewer than three have the number. */
export interface Medians {
  accepted: number | null;
  delivered: number | null;
  bounced: number | null;
  complaints: number | null;
  optOuts: number | null;
  clicks: number | null;
}

/** Numbers of many campaigns at once, without counting their messages each time. */
@Injectable()
export class CampaignTallies {
  constructor(private readonly db: Database) {}

  /** Makes campaign_tally true for these, the better the younger they are. */
  async refresh(campaignIds: readonly string[]): Promise<void> {
    if (campaignIds.length > 0) await this.db.query(COUNT_AGAIN, [campaignIds]);
  }

  /** How far runs that have ended came; of each that has anybody in it. */
  async progressOf(campaignIds: readonly string[]): Promise<Map<string, RunProgress>> {
    await this.refresh(campaignIds);
    const rows = await this.db.query<RunProgress & { id: string }>(TALLIED, [campaignIds]);
    return new Map(rows.map(({ id, ...progress }) => [id, progress]));
  }

  /** Of the campaigns before this one on its channel. */
  async before(campaignId: string): Promise<Medians> {
    const earlier = await this.db.query<{ id: string }>(EARLIER_RUNS, [campaignId, COMPARED]);
    const ids = earlier.map(({ id }) => id);
    await this.refresh(ids);
    const [medians] = await this.db.query<Medians & Record<string, unknown>>(MEDIANS, [ids]);
    return medians!;
  }
}
