import { Module } from '@nestjs/common';
import { ContentModule } from '../content/content.module';
import { DeliveryModule } from '../delivery/delivery.module';
import { Approval, ApprovalSteps } from './approval';
import { ArchiveController } from './archive.controller';
import { CampaignReports } from './campaign-report';
import { CampaignReportController } from './campaign-report.controller';
import { CampaignList } from './campaign-list';
import { CampaignVersions } from './campaign-versions';
import { CampaignVersionsController } from './campaign-versions.controller';
import { CampaignsController } from './campaigns.controller';
import { Campaigns } from './campaigns.service';
import { CheckCampaign, CheckSteps } from './check-campaign';
import { CheckDomain, TextRecords } from './check-domain';
import { CheckCampaignController } from './check-campaign.controller';
import { DescribeCampaign } from './describe-campaign';
import { LaunchCampaign, LaunchSteps } from './launch-campaign';
import { Readiness } from './readiness';
import { SmsCostReport } from './sms-cost';
import { SteerCampaign } from './steer-campaign';
import { SteerCampaignController } from './steer-campaign.controller';
import { SweepCampaigns } from './sweep-campaigns';

@Module({
  imports: [ContentModule, DeliveryModule],
  controllers: [
    CampaignsController,
    SteerCampaignController,
    CampaignVersionsController,
    CampaignReportController,
    CheckCampaignController,
    ArchiveController,
  ],
  providers: [
    Approval,
    ApprovalSteps,
    CampaignList,
    CampaignReports,
    Campaigns,
    CampaignVersions,
    DescribeCampaign,
    CheckDomain,
    TextRecords,
    CheckCampaign,
    CheckSteps,
    LaunchCampaign,
    LaunchSteps,
    Readiness,
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
