import { Module } from '@nestjs/common';
import { ContentModule } from '../content/content.module';
import { DeliveryModule } from '../delivery/delivery.module';
import { Approval, ApprovalSteps } from './approval';
import { ArchiveController } from './archive.controller';
import { CampaignReports } from './campaign-report';
import { CampaignsController } from './campaigns.controller';
import { Campaigns } from './campaigns.service';
import { CheckCampaign, CheckSteps } from './check-campaign';
import { CheckDomain, TextRecords } from './check-domain';
import { CheckCampaignController } from './check-campaign.controller';
import { LaunchCampaign, LaunchSteps } from './launch-campaign';
import { Readiness } from './readiness';
import { SendersController } from './senders/senders.controller';
import { Senders } from './senders/senders.service';
import { SmsCostReport } from './sms-cost';
import { SteerCampaign } from './steer-campaign';
import { SweepCampaigns } from './sweep-campaigns';

@Module({
  imports: [ContentModule, DeliveryModule],
  controllers: [CampaignsController, CheckCampaignController, ArchiveController, SendersController],
  providers: [
    Approval,
    ApprovalSteps,
    CampaignReports,
    Campaigns,
    CheckDomain,
    TextRecords,
    CheckCampaign,
    CheckSteps,
    LaunchCampaign,
    LaunchSteps,
    Readiness,
    Senders,
    SmsCostReport,
    SteerCampaign,
    SweepCampaigns,
  ],
  exports: [
    Approval,
    ApprovalSteps,
    CampaignReports,
    Campaigns,
    CheckDomain,
    TextRecords,
    CheckCampaign,
    LaunchCampaign,
    SteerCampaign,
    SweepCampaigns,
  ],
})
export class CampaignsModule {}
