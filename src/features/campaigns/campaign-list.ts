import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { Reports, type Counts } from '../delivery/reports';
import type { CampaignItem, CampaignPage, GroupCounts, RunProgress } from './campaign-views.dto';
import { CampaignTallies } from './campaign-tallies';
import { COUNT_CAMPAIGNS, LIST_CAMPAIGNS } from './campaign-list.queries';
import type { ListCampaignsDto } from './campaigns.dto';

interface Row extends Omit<CampaignItem, 'progress'> {
  dispatchId: string | null;
  [column: string]: unknown;
}

const NONE: GroupCounts = { draft: 0, awaiting_approval: 0, scheduled: 0, sending: 0, sent: 0 };

/** All campaigns, by where they are; one statement for the page, one for its people. */
@Injectable()
export class CampaignList {
  constructor(
    private readonly db: Database,
    private readonly reports: Reports,
    private readonly tallies: CampaignTallies,
  ) {}

  async page(filter: ListCampaignsDto): Promise<CampaignPage> {
    const { q, channel, group, after, limit = 50 } = filter;
    const search = [q?.trim() ? `%${q.trim().replace(/[\\%_]/g, '\\$&')}%` : null, channel ?? null];
    const [rows, groups] = await Promise.all([
      this.db.query<Row>(LIST_CAMPAIGNS, [...search, group ?? null, after ?? null, limit]),
      this.db.query<{ group: keyof GroupCounts; count: number }>(COUNT_CAMPAIGNS, search),
    ]);
    const progress = await this.progressOf(rows);
    return {
      items: rows.map(({ dispatchId, ...item }) => ({
        ...item,
        progress: dispatchId === null ? null : progress.get(item.id)!,
      })),
      next: rows.length === limit ? rows.at(-1)!.id : null,
      counts: {
        ...NONE,
        ...Object.fromEntries(groups.map(({ group, count }) => [group, count])),
      },
    };
  }

  /** Of runs that have ended by their tallies, so that only those under way have their messages counted. */
  private async progressOf(rows: readonly Row[]): Promise<Map<string, RunProgress>> {
    const begun = rows.filter(({ dispatchId }) => dispatchId !== null);
    const ended = begun.filter(({ group }) => group === 'sent').map(({ id }) => id);
    const under = begun.filter(({ id }) => !ended.includes(id));
    const [known, counts] = await Promise.all([
      this.tallies.progressOf(ended),
      this.reports.ofRuns(under.map(({ dispatchId }) => dispatchId!)),
    ]);
    return new Map([
      ...known,
      ...under.map(({ id, dispatchId }) => [id, toProgress(counts.get(dispatchId!)!)] as const),
    ]);
  }
}

function toProgress({ audience, buckets }: Counts): RunProgress {
  const { in_flight, accepted, rejected, unknown, pending, withheld } = buckets;
  return { audience, left: in_flight + accepted + rejected + unknown, pending, withheld };
}
