import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { Conflict, Forbidden } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import {
  approvalHashOf,
  getCampaign,
  LEAVES_AFTER,
  type Campaign,
  type CampaignState,
  wordsOf,
} from './campaign';
import { CheckDomain } from './check-domain';
import { requireExpected } from './expected-number';
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

  /**
   * With a send time it is scheduled thereby. Above APPROVAL_ABOVE people, whoever made the campaign cannot
   * approve it.
   */
  approve(id: string, actor: Actor, expected?: number): Promise<Campaign> {
    const alone = ({ createdBy }: Campaign) => createdBy !== null && createdBy === actor.id;
    return this.decide(id, actor, { from: ['draft', 'awaiting_approval'], alone, expected });
  }

  /** Whoever may send sets a small campaign to its time; a large one is scheduled by its approval. */
  async schedule(id: string, actor: Actor, expected?: number): Promise<Campaign> {
    const { sendAtLocal } = await getCampaign(this.db, id);
    if (sendAtLocal === null) throw new Conflict('send_time_missing');
    return this.decide(id, actor, { from: ['draft'], alone: () => true, expected });
  }

  private async decide(id: string, actor: Actor, { from, alone, expected }: Decision) {
    const { APPROVAL_ABOVE: limit, CONFIRM_ABOVE, LAUNCH_REGRET_SECONDS } = this.steps.env;
    const asRead = await getCampaign(this.db, id);
    const { arithmetic, sender, campaign: current } = await this.readiness.require(asRead);
    if (asRead.channel === 'email') await this.steps.domains.require(sender.from.email);
    // Without a send time the number is asked when it is launched.
    const confirmAbove = asRead.sendAtLocal === null ? Infinity : CONFIRM_ABOVE;
    requireExpected(expected, arithmetic.gets, confirmAbove);
    return this.db.tx(async (tx) => {
      const campaign = await getCampaign(tx, id, true);
      if (!from.includes(campaign.state)) throw new Conflict('campaign_not_awaiting_approval');
      if (campaign.version !== asRead.version) throw new Conflict('campaign_changed');
      const read = await this.readiness.audience.read(tx, campaign);
      if (alone(campaign) && arithmetic.gets > limit) {
        throw new Forbidden('second_person_needed', { params: { limit } });
      }
      await tx.query(
        `UPDATE campaign SET state = 'approved', approved_by = $2, approved_at = $3, approval_hash = $4,
           body = $6, blocks = $7,
           leaves_at = CASE WHEN send_at_local IS NOT NULL THEN GREATEST(send_at, ${LEAVES_AFTER('$5')}) END
         WHERE id = $1`,
        [
          id,
          actor.id ?? actor.type,
          this.steps.clock.now(),
          approvalHashOf({ ...campaign, body: current.body }, read),
          LAUNCH_REGRET_SECONDS,
          ...wordsOf(current),
        ],
      );
      const details = { gets: arithmetic.gets };
      await this.audit.record(tx, actor, 'campaign.approved', { type: 'campaign', id }, details);
      return getCampaign(tx, id);
    });
  }
}

interface Decision {
  from: CampaignState[];
  /** Is this one person's decision alone? */
  alone: (campaign: Campaign) => boolean;
  expected?: number;
}
