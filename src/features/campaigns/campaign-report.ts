import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import { Dispatches, type Dispatch } from '../delivery/dispatches';
import { Reports } from '../delivery/reports';
import { getCampaign, type Campaign } from './campaign';
import type { CampaignProgress } from './campaign-progress.dto';
import type { CampaignReport, DoorCount, LinkCount, MessageRow } from './campaign-report.dto';
import { CLICKS_BY_HOUR, LINKS, OPT_OUTS_BY_DOOR, RUN_PEOPLE } from './campaign-report.queries';
import { RunReports } from './run-report';

/** What became of a campaign; everything is derived from messages and ledger when asked. */
@Injectable()
export class CampaignReports {
  constructor(
    private readonly db: Database,
    private readonly dispatches: Dispatches,
    private readonly reports: Reports,
    private readonly runs: RunReports,
    private readonly audit: Audit,
  ) {}

  async progress(campaign: Campaign): Promise<CampaignProgress> {
    const dispatch = await this.dispatches.findByCampaign(campaign.id);
    const counts = dispatch ? await this.reports.counts(dispatch.id) : null;
    return { state: stateOf(campaign, dispatch), counts };
  }

  async report(id: string): Promise<CampaignReport> {
    const campaign = await getCampaign(this.db, id);
    const dispatch = await this.dispatches.findByCampaign(id);
    const [optOuts, links, clicks] = await Promise.all([
      this.db.query<DoorCount & Record<string, unknown>>(OPT_OUTS_BY_DOOR, [id]),
      this.db.query<LinkCount & { code: string }>(LINKS, [id]),
      this.db.query<{ hour: Date; count: number }>(CLICKS_BY_HOUR, [id]),
    ]);
    const counted =
      links.length > 0 ? links.map(({ number, url, clicks }) => ({ number, url, clicks })) : null;
    const run = await this.runs.report(dispatch, { optOuts, links: counted, clicks });
    return {
      ...run,
      state: stateOf(campaign, dispatch),
      campaignId: id,
      name: campaign.name,
      channel: campaign.channel,
      launchedAt: campaign.launchedAt,
      finishedAt: dispatch?.finishedAt ?? null,
      optOuts,
      links: counted,
    };
  }

  /** The people of a run, by state or reason; reading them is written in the audit trail. */
  async messages(
    id: string,
    filter: { state?: string; reason?: string; after?: string; limit: number },
    actor: Actor,
  ): Promise<MessageRow[]> {
    await getCampaign(this.db, id);
    const { state = null, reason = null, after = null, limit } = filter;
    const rows = await this.db.query<MessageRow & Record<string, unknown>>(RUN_PEOPLE, [
      id,
      state,
      reason,
      after,
      limit,
    ]);
    await this.audit.record(
      this.db,
      actor,
      'campaign.messages_read',
      { type: 'campaign', id },
      { count: rows.length },
    );
    return rows;
  }
}

function stateOf(campaign: Campaign, dispatch: Dispatch | undefined): CampaignProgress['state'] {
  if (!dispatch) return campaign.state;
  return dispatch.state === 'running' ? 'sending' : dispatch.state;
}
