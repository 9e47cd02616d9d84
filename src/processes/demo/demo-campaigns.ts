import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Approval } from '../../features/campaigns/approval';
import type { Campaign } from '../../features/campaigns/campaign';
import { Campaigns } from '../../features/campaigns/campaigns.service';
import { LaunchCampaign } from '../../features/campaigns/launch-campaign';
import { Dispatches } from '../../features/delivery/dispatches';
import { SweepDelivery } from '../../features/delivery/sweep-delivery';
import type { Actor } from '../../platform/http/actor';
import type { DemoCampaign } from './demo-files';

/** With no worker anywhere a campaign waits for one; the demo then goes on at the next start. */
const PATIENCE_MS = 40_000;
const NEWEST = 100;

export interface DemoActors {
  marketer: Actor;
  approver: Actor;
}

/** The campaigns of the demo, made, approved and sent by the same path as any other. */
@Injectable()
export class DemoCampaigns {
  constructor(
    private readonly campaigns: Campaigns,
    private readonly approval: Approval,
    private readonly launching: LaunchCampaign,
    private readonly dispatches: Dispatches,
    private readonly delivery: SweepDelivery,
  ) {}

  /** The campaign of this name, made if it is not there: a crash right after making it makes no second one. */
  async ensure(spec: DemoCampaign, topicId: string, { marketer }: DemoActors): Promise<Campaign> {
    const made = (await this.campaigns.list(undefined, NEWEST)).find(
      ({ name }) => name === spec.name,
    );
    if (made) return made;
    return this.campaigns.create(
      {
        name: spec.name,
        channel: spec.channel,
        topicId,
        templateKey: spec.template,
        audience: { members: spec.members },
        subject: spec.subject,
        preheader: spec.preheader,
        publicArchive: spec.publicArchive,
      },
      marketer,
    );
  }

  /** Brings it from whatever state a crash left it in to finished. */
  async send(campaign: Campaign, actors: DemoActors): Promise<void> {
    const { id } = campaign;
    if (campaign.state === 'draft') await this.approval.submit(id, actors.marketer);
    if (campaign.state === 'draft' || campaign.state === 'awaiting_approval') {
      await this.approval.approve(id, actors.approver);
    }
    if (campaign.state === 'launching' || campaign.state === 'launched') {
      await this.launching.run(id);
    } else {
      await this.launching.start(id, actors.marketer, { atOnce: true });
    }
    await this.untilFinished(id);
  }

  private async untilFinished(id: string): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while ((await this.dispatches.findByCampaign(id))?.state !== 'finished') {
      if (performance.now() > end) throw new Error(`demo: campaign ${id} was not sent in time`);
      await sleep(150);
      // The timers would come to it as well, in a second or two.
      await this.delivery.run();
    }
  }
}
