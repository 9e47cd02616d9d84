import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { SendingHours } from '../delivery/sending-hours';
import { getCampaign, isVoid } from './campaign';
import { CampaignAudience } from './campaign-audience';
import { CampaignReports } from './campaign-report';
import type { CampaignDetail } from './campaign-views.dto';
import { ABOUT, ORGANISATIONS } from './describe-campaign.queries';

type About = Pick<CampaignDetail, 'createdByName' | 'approvedByName' | 'savedByName' | 'cameBack'> &
  Record<string, unknown>;

/** A campaign with who did what to it, how far it is, and what will be asked before it goes. */
@Injectable()
export class DescribeCampaign {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly reports: CampaignReports,
    private readonly audience: CampaignAudience,
    private readonly hours: SendingHours,
  ) {}

  async run(id: string): Promise<CampaignDetail> {
    const campaign = await getCampaign(this.db, id);
    const [about] = await this.db.query<About>(ABOUT, [id]);
    const organisations = await this.db.query<{ id: string; name: string }>(ORGANISATIONS, [
      campaign.audience.organisationIds,
    ]);
    const { env } = this;
    return {
      ...campaign,
      progress: await this.reports.progress(campaign),
      ...about!,
      organisations,
      segments: await this.audience.named(this.db, campaign),
      approvalIsVoid:
        campaign.state === 'approved' &&
        isVoid(campaign, await this.audience.read(this.db, campaign)),
      limits: {
        approvalAbove: env.APPROVAL_ABOVE,
        confirmAbove: env.CONFIRM_ABOVE,
        regretSeconds: env.LAUNCH_REGRET_SECONDS,
      },
      waits: campaign.launchedAt ? null : this.hours.waiting(campaign.channel, campaign.sendAt),
      defaultSender: {
        name: env.CONTROLLER_NAME,
        email: env.MARKETING_FROM,
        replyTo: env.CONTROLLER_EMAIL,
      },
    };
  }
}
