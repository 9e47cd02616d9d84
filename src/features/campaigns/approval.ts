import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { Conflict, Forbidden } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { approvalHashOf, getCampaign, type Campaign } from './campaign';
import { CheckDomain } from './check-domain';
import { Readiness } from './readiness';

/** What an approval asks beside the campaign itself. */
@Injectable()
export class ApprovalSteps {
  constructor(
    readonly env: Env,
    readonly clock: Clock,
    readonly domains: CheckDomain,
  ) {}
}

/** A second person's yes to exactly this content for exactly this audience. */
@Injectable()
export class Approval {
  constructor(
    private readonly db: Database,
    private readonly readiness: Readiness,
    private readonly audit: Audit,
    private readonly steps: ApprovalSteps,
  ) {}

  async submit(id: string, actor: Actor): Promise<Campaign> {
    await this.readiness.require(await getCampaign(this.db, id));
    return this.db.tx(async (tx) => {
      const campaign = await getCampaign(tx, id, true);
      if (campaign.state !== 'draft') throw new Conflict('campaign_not_draft');
      await tx.query(`UPDATE campaign SET state = 'awaiting_approval' WHERE id = $1`, [id]);
      await this.audit.record(tx, actor, 'campaign.submitted', { type: 'campaign', id });
      return getCampaign(tx, id);
    });
  }

  /** Above APPROVAL_ABOVE people, whoever made the campaign cannot approve it. */
  async approve(id: string, actor: Actor): Promise<Campaign> {
    const campaign = await getCampaign(this.db, id);
    const { arithmetic, sender } = await this.readiness.require(campaign);
    if (campaign.channel === 'email') await this.steps.domains.require(sender.from.email);
    return this.db.tx(async (tx) => {
      const campaign = await getCampaign(tx, id, true);
      if (campaign.state !== 'awaiting_approval' && campaign.state !== 'draft') {
        throw new Conflict('campaign_not_awaiting_approval');
      }
      const own = campaign.createdBy !== null && campaign.createdBy === actor.id;
      if (own && arithmetic.gets > this.steps.env.APPROVAL_ABOVE) {
        throw new Forbidden('second_person_needed', {
          params: { limit: this.steps.env.APPROVAL_ABOVE },
        });
      }
      await tx.query(
        `UPDATE campaign SET state = 'approved', approved_by = $2, approved_at = $3, approval_hash = $4 WHERE id = $1`,
        [id, actor.id ?? actor.type, this.steps.clock.now(), approvalHashOf(campaign)],
      );
      await this.audit.record(
        tx,
        actor,
        'campaign.approved',
        { type: 'campaign', id },
        { gets: arithmetic.gets },
      );
      return getCampaign(tx, id);
    });
  }
}
