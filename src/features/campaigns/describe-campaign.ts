import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { SendingHours } from '../delivery/sending-hours';
import { getCampaign } from './campaign';
import { CampaignReports } from './campaign-report';
import { CampaignVersions } from './campaign-versions';
import type { CampaignDetail } from './campaign-views.dto';

/** A campaign with who did what to it, how far it is, and what will be asked before it goes. */
@Injectable()
export class DescribeCampaign {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly reports: CampaignReports,
    private readonly versions: CampaignVersions,
    private readonly hours: SendingHours,
  ) {}

  async run(id: string): Promise<CampaignDetail> {
    const campaign = await getCampaign(this.db, id);
    const names = await this.db.query<{ id: string; name: string }>(
      `SELECT id::text, name FROM staff WHERE id::text = ANY($1)`,
      [[campaign.createdBy, campaign.approvedBy]],
    );
    const organisations = await this.db.query<{ id: string; name: string }>(
      `SELECT id, name FROM organisation WHERE id = ANY($1::uuid[]) ORDER BY name, id`,
      [campaign.audience.organisationIds],
    );
    const nameOf = (who: string | null) => names.find(({ id }) => id === who)?.name ?? null;
    const { env } = this;
    return {
      ...campaign,
      progress: await this.reports.progress(campaign),
      createdByName: nameOf(campaign.createdBy),
      approvedByName: nameOf(campaign.approvedBy),
      savedByName: (await this.versions.latest(this.db, id))?.savedBy ?? null,
      organisations,
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
