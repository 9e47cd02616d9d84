import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import { Conflict } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { Dispatches } from '../delivery/dispatches';
import { getCampaign, type Campaign } from './campaign';
import { CampaignReports } from './campaign-report';
import type { CampaignReport } from './campaign-report.dto';

/** Nothing of these has left: the state changes to `launched` under the same lock before the first can. */
const CAN_BE_WITHDRAWN: readonly string[] = ['awaiting_approval', 'approved', 'launching'];

/** Withdraw, pause, resume, cancel. The last three answer with where everybody is at that moment. */
@Injectable()
export class SteerCampaign {
  constructor(
    private readonly db: Database,
    private readonly dispatches: Dispatches,
    private readonly reports: CampaignReports,
    private readonly audit: Audit,
  ) {}

  /** A draft again, before anything has left: a submission, an approval, a launch in its first seconds. */
  withdraw(id: string, actor: Actor): Promise<Campaign> {
    return this.db.tx(async (tx) => {
      const { state } = await getCampaign(tx, id, true);
      if (!CAN_BE_WITHDRAWN.includes(state)) throw new Conflict('campaign_not_withdrawable');
      await tx.query(
        `UPDATE campaign SET state = 'draft', approved_by = NULL, approved_at = NULL, approval_hash = NULL,
           leaves_at = NULL
         WHERE id = $1`,
        [id],
      );
      const subject = { type: 'campaign', id };
      await this.audit.record(tx, actor, 'campaign.withdrawn', subject, { from: state });
      return getCampaign(tx, id);
    });
  }

  pause(id: string, actor: Actor): Promise<CampaignReport> {
    return this.steer(id, actor, 'paused', (dispatchId) => this.dispatches.pause(dispatchId));
  }

  resume(id: string, actor: Actor): Promise<CampaignReport> {
    return this.steer(id, actor, 'resumed', (dispatchId) => this.dispatches.resume(dispatchId));
  }

  /** Before a launch it ends the plan; during one it ends the run. */
  async cancel(id: string, actor: Actor): Promise<CampaignReport> {
    const unlaunched = await this.db.tx(async (tx) => {
      const campaign = await getCampaign(tx, id, true);
      if (['cancelled', 'expired'].includes(campaign.state)) throw new Conflict('campaign_ended');
      if (campaign.state === 'launched') return false;
      await tx.query(
        `UPDATE campaign SET state = 'cancelled', finished_at = clock_timestamp() WHERE id = $1`,
        [id],
      );
      await this.audit.record(tx, actor, 'campaign.cancelled', { type: 'campaign', id });
      return true;
    });
    if (unlaunched) return this.reports.report(id);
    return this.steer(id, actor, 'cancelled', (dispatchId) => this.dispatches.cancel(dispatchId));
  }

  private async steer(
    id: string,
    actor: Actor,
    what: string,
    act: (dispatchId: string) => Promise<void>,
  ): Promise<CampaignReport> {
    await getCampaign(this.db, id);
    const dispatch = await this.dispatches.findByCampaign(id);
    if (!dispatch) throw new Conflict('campaign_not_launched');
    await act(dispatch.id);
    await this.audit.record(this.db, actor, `campaign.${what}`, { type: 'campaign', id });
    return this.reports.report(id);
  }
}
