import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import { Dispatches } from '../delivery/dispatches';
import { Reports } from '../delivery/reports';
import { getCampaign, type Campaign } from './campaign';
import type { CampaignProgress } from './campaign-progress.dto';
import { SmsCostReport, type SmsCost } from './sms-cost';

export interface CampaignReport extends CampaignProgress {
  campaignId: string;
  name: string;
  launchedAt: Date | null;
  finishedAt: Date | null;
  /** Opt-outs that name this campaign, by door. */
  optOuts: { door: string; count: number }[];
  /** What a run by text message has cost so far; null for mail. */
  sms: SmsCost | null;
}

export interface MessageRow {
  id: string;
  contactId: string | null;
  state: string;
  reason: string | null;
  /** The ledger entry behind a no: which door, and when. */
  reasonDoor: string | null;
  reasonDetail: string | null;
  reasonAt: Date | null;
  decidedAt: Date | null;
  permitAt: Date | null;
  outcomeCode: string | null;
}

/** What became of a campaign; everything is derived from messages and ledger when asked. */
@Injectable()
export class CampaignReports {
  constructor(
    private readonly db: Database,
    private readonly dispatches: Dispatches,
    private readonly reports: Reports,
    private readonly costs: SmsCostReport,
    private readonly audit: Audit,
  ) {}

  async progress(campaign: Campaign): Promise<CampaignProgress> {
    const dispatch = await this.dispatches.findByCampaign(campaign.id);
    if (!dispatch) return { state: campaign.state, counts: null };
    const state = dispatch.state === 'running' ? 'sending' : dispatch.state;
    return { state, counts: await this.reports.counts(dispatch.id) };
  }

  async report(id: string): Promise<CampaignReport> {
    const campaign = await getCampaign(this.db, id);
    const dispatch = await this.dispatches.findByCampaign(id);
    const optOuts = await this.db.query<{ door: string; count: number }>(
      `SELECT door, count(*) AS count FROM ledger_entry
       WHERE campaign_id = $1 AND kind = 'opt_out' GROUP BY door ORDER BY count DESC`,
      [id],
    );
    return {
      ...(await this.progress(campaign)),
      campaignId: id,
      name: campaign.name,
      launchedAt: campaign.launchedAt,
      finishedAt: dispatch?.finishedAt ?? null,
      optOuts,
      sms: dispatch?.channel === 'sms' ? await this.costs.actual(dispatch.id) : null,
    };
  }

  /** The people of a run, by state or reason; reading them is written in the audit trail. */
  async messages(
    id: string,
    filter: { state?: string; reason?: string; after?: string; limit: number },
    actor: Actor,
  ): Promise<MessageRow[]> {
    await getCampaign(this.db, id);
    const rows = await this.db.query<MessageRow & Record<string, unknown>>(
      `SELECT m.id, m.contact_id AS "contactId", m.state, m.reason, l.door AS "reasonDoor",
         l.detail AS "reasonDetail", l.at AS "reasonAt", m.decided_at AS "decidedAt",
         m.permit_at AS "permitAt", m.outcome_code AS "outcomeCode"
       FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
       LEFT JOIN ledger_entry l ON l.seq = m.reason_seq
       WHERE d.campaign_id = $1 AND ($2::text IS NULL OR m.state = $2) AND ($3::text IS NULL OR m.reason = $3)
         AND ($4::uuid IS NULL OR m.id > $4::uuid)
       ORDER BY m.id LIMIT $5`,
      [id, filter.state ?? null, filter.reason ?? null, filter.after ?? null, filter.limit],
    );
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
